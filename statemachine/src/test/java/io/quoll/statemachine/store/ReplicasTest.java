package io.quoll.statemachine.store;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.codec.EntryCodec;
import io.quoll.statemachine.command.Batch;
import io.quoll.statemachine.command.LogEntry;
import io.quoll.statemachine.state.ZnodePath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replicas that apply one log are equal, in whichever way they come to it. */
final class ReplicasTest {
  private static final int ENTRIES = 150;
  private static final int COMMANDS_MAX = 20;

  @TempDir Path directory;

  static List<Long> seeds() {
    Random random = new Random();
    return List.of(1L, random.nextLong(), random.nextLong()); // Printed as the test's name.
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  @Timeout(60)
  void replicasOfOneLogHaveOneDigest(long seed) {
    Random random = new Random(seed);
    RandomCommands commands = new RandomCommands(random);
    Entries entries = new Entries();
    List<ByteString> log = new ArrayList<>();
    try (StateStore memory = new InMemoryStore();
        StateStore live = opened("live");
        StateStore restored = opened("restored");
        StateStore replayed = opened("replayed")) {
      for (int i = 0; i < ENTRIES; i++) {
        LogEntry entry = entries.of(i, commands.next(1 + random.nextInt(COMMANDS_MAX)));
        log.add(encoded(entry));
        apply(entry, ImmutableList.of(memory, live));
        assertThat(live.digest()).isEqualTo(memory.digest());
        if (i == ENTRIES / 2) {
          live.checkpoint(directory.resolve("checkpoint"));
        }
      }

      restored.install(directory.resolve("checkpoint"));
      replay(log.subList(ENTRIES / 2 + 1, ENTRIES), restored);
      replay(log, replayed);

      assertThat(Digests.ofAll(memory)).isEqualTo(memory.digest());
      for (StateStore replica : ImmutableList.of(live, restored, replayed)) {
        assertThat(replica.digest()).isEqualTo(memory.digest());
        assertThat(Digests.ofAll(replica)).isEqualTo(memory.digest());
        assertThat(replica.position()).isEqualTo(memory.position());
        assertSameReads(replica, memory);
      }
    }
  }

  private StateStore opened(String name) {
    return RocksStore.open(directory.resolve(name), RocksConfig.DEFAULT);
  }

  private static void apply(LogEntry entry, ImmutableList<StateStore> stores) {
    for (StateStore store : stores) {
      Entries.apply(store, entry);
      store.publish();
    }
  }

  private static void replay(List<ByteString> log, StateStore store) {
    for (ByteString entry : log) {
      apply(EntryCodec.decode(entry.asReadOnlyByteBuffer(), 1), ImmutableList.of(store));
    }
  }

  private static void assertSameReads(StateStore replica, StateStore model) {
    try (StateStore.View view = replica.view();
        StateStore.View expected = model.view()) {
      ImmutableList<ZnodePath> paths =
          expected.descendants(ZnodePath.ROOT, ZnodePath.ROOT, Integer.MAX_VALUE);
      assertThat(view.descendants(ZnodePath.ROOT, ZnodePath.ROOT, Integer.MAX_VALUE))
          .isEqualTo(paths);
      assertThat(view.timeMillis()).isEqualTo(expected.timeMillis());
      for (ZnodePath path : paths) {
        assertThat(view.find(path)).isEqualTo(expected.find(path));
        assertThat(view.data(path)).isEqualTo(expected.data(path));
        assertThat(view.children(path, "a", 3)).isEqualTo(expected.children(path, "a", 3));
        assertThat(view.descendants(path.parent(), path, 5))
            .isEqualTo(expected.descendants(path.parent(), path, 5));
      }
      for (int server = 0; server < 4; server++) {
        assertThat(view.server(server)).isEqualTo(expected.server(server));
      }
    }
  }

  private static ByteString encoded(LogEntry entry) {
    ImmutableList<ByteString> batches =
        entry.batches().stream().map(ReplicasTest::encoded).collect(toImmutableList());
    return EntryCodec.encodeEntry(entry.timeMillis(), batches);
  }

  private static ByteString encoded(Batch batch) {
    ImmutableList<ByteString> proposals =
        batch.proposals().stream().map(EntryCodec::encode).collect(toImmutableList());
    return EntryCodec.encodeBatch(batch.origin(), batch.firstSequence(), proposals);
  }
}
