package io.quoll.statemachine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.state.Identities;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.rocksdb.ReadOptions;

final class RocksSessionsTest extends SessionsContract {
  RocksSessionsTest() {
    super(StoreKind.ROCKS);
  }

  @Test
  void repliesFromBeforeAReopeningAreDeletedOnceTheyAreAcknowledged() {
    Path folder = directory.resolve("reopened");
    Entries entries = new Entries();
    long id;
    try (StateStore store = StoreKind.ROCKS.open(folder, HistoryLimits.DEFAULT)) {
      id = entries.open(store);
      entries.applyAs(store, numbered(id, 1, 1), Entries.set("/", "x"));
      entries.applyAs(store, numbered(id, 2, 1), Entries.set("/", "y"));
      store.flush();
    }
    assertThat(runs(folder, id)).isEqualTo(2);

    try (StateStore store = StoreKind.ROCKS.open(folder, HistoryLimits.DEFAULT)) {
      assertThat(store.committed().reply(id, 1)).isPresent();
      entries.applyAs(store, numbered(id, 3, 3), Entries.set("/", "z"));
      store.flush();
    }

    assertThat(runs(folder, id)).isEqualTo(1);
  }

  private static Caller numbered(long session, long cxid, long firstUnacknowledged) {
    return Caller.session(session, 1, cxid, firstUnacknowledged, Identities.NONE);
  }

  /** How many rows of replies of a session there are on disk. */
  private static int runs(Path folder, long sessionId) {
    int[] count = {0};
    ReplyRuns runs = new ReplyRuns();
    RocksConfig config = RocksConfig.DEFAULT;
    try (RocksSettings settings = new RocksSettings(config);
        RocksDatabase database =
            RocksDatabase.openReadOnly(new StoreDirectory(folder).state(), settings);
        ReadOptions options = new ReadOptions()) {
      new RocksTree(database, options, StoreHead::genesis, new HotZnodes(0)).addTo(runs);
    }
    runs.dropAll(sessionId, first -> count[0]++);
    return count[0];
  }
}
