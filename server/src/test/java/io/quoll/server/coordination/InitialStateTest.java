package io.quoll.server.coordination;

import static io.quoll.server.coordination.FeedHarness.LONG;
import static io.quoll.server.coordination.FeedHarness.awaitEvents;
import static io.quoll.server.coordination.FeedHarness.awaitTold;
import static io.quoll.server.coordination.FeedHarness.randomCommands;
import static io.quoll.server.coordination.FeedHarness.state;
import static io.quoll.server.coordination.FeedHarness.texts;
import static io.quoll.server.coordination.WatchMode.PERSISTENT;
import static io.quoll.server.coordination.WatchMode.RECURSIVE;
import static io.quoll.server.coordination.WatchedReplica.bytes;
import static io.quoll.server.coordination.WatchedReplica.createZnode;
import static io.quoll.server.coordination.WatchedReplica.delete;
import static io.quoll.server.coordination.WatchedReplica.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quoll.server.coordination.FeedReader.WatchedZnode;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.HistoryLimits;
import io.quoll.statemachine.store.StateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The state that a stream of events may begin with. */
class InitialStateTest {
  private FeedHarness harness = new FeedHarness();

  @AfterEach
  void close() {
    harness.close();
  }

  private void begin(HistoryLimits history, ChangeFeed.Limits limits) {
    harness.close();
    harness = new FeedHarness(history, limits);
  }

  @Test
  void theInitialStateOfARecursiveStreamIsTheSubtreeParentsFirst() {
    harness.replica.apply(
        createZnode("/a"), createZnode("/a/b"), createZnode("/a/b/c"), createZnode("/a/d"));
    harness.replica.apply(new SetData(path("/a/b"), bytes("data"), -1), createZnode("/other"));
    RecordingReader reader = new RecordingReader();

    harness.open(state("/a", RECURSIVE, true), reader);
    awaitTold(reader, "state 6 4 last");

    assertThat(reader.told()).containsExactly("started 6", "state 6 4 last");
    assertThat(reader.znodes())
        .extracting(znode -> znode.path().value())
        .containsExactly("/a", "/a/b", "/a/d", "/a/b/c");
    assertThat(reader.znodes().get(1).data()).isEqualTo(bytes("data"));
    assertThat(reader.znodes().get(1).stat().mzxid()).isEqualTo(5);
    await().until(() -> harness.store.openViews() == 0);
  }

  @Test
  void theInitialStateOfAPersistentStreamIsTheZnodeAndItsChildren() {
    harness.replica.apply(createZnode("/a"), createZnode("/a/b"), createZnode("/a/b/c"));
    RecordingReader reader = new RecordingReader();

    harness.open(state("/a", PERSISTENT, false), reader);
    awaitTold(reader, "state 3 2 last");

    assertThat(reader.znodes())
        .extracting(znode -> znode.path().value())
        .containsExactly("/a", "/a/b");
    assertThat(reader.znodes()).extracting(WatchedZnode::data).containsOnlyNulls();
  }

  @Test
  void theInitialStateOfNoZnodeIsOneEmptyPart() {
    RecordingReader reader = new RecordingReader();

    harness.open(state("/missing", RECURSIVE, true), reader);
    awaitTold(reader, "state 0 0 last");
    harness.replica.apply(createZnode("/missing"));
    awaitEvents(reader, 1);

    assertThat(texts(reader)).containsExactly("NODE_CREATED /missing 1");
  }

  @Test
  void aLargeInitialStateComesInPartsAsItsReaderTakesThem() {
    harness.replica.apply(createZnode("/a"));
    ByteString large = ByteString.copyFrom(new byte[InitialState.PART_BYTES / 2]);
    for (int i = 0; i < 10; i++) {
      harness.replica.apply(createZnode("/a/" + i), new SetData(path("/a/" + i), large, -1));
    }
    RecordingReader reader = new RecordingReader(2);
    FeedStream stream = harness.open(state("/a", RECURSIVE, true), reader);
    await().until(() -> reader.told().size() == 3);
    harness.replica.apply(delete("/a/9"));

    reader.take(100);
    stream.wake();
    awaitEvents(reader, 1);

    assertThat(reader.znodes()).hasSize(11);
    assertThat(texts(reader)).containsExactly("NODE_DELETED /a/9 22");
    assertThat(reader.told().get(1)).isEqualTo("state 21 3");
  }

  @Test
  void aWideInitialStateIsReadToItsEnd() {
    harness.replica.apply(createZnode("/a"));
    List<Command> creates = new ArrayList<>();
    for (int i = 0; i < 1_234; i++) {
      creates.add(createZnode("/a/" + i));
    }
    harness.replica.apply(creates);
    RecordingReader recursive = new RecordingReader();
    RecordingReader persistent = new RecordingReader();

    harness.open(state("/a", RECURSIVE, false), recursive);
    harness.open(state("/a", PERSISTENT, false), persistent);
    await().until(() -> recursive.znodes().size() == 1_235);
    await().until(() -> persistent.znodes().size() == 1_235);

    assertThat(recursive.znodes()).doesNotHaveDuplicates();
    assertThat(persistent.znodes()).doesNotHaveDuplicates();
  }

  @Test
  void theInitialStateAndTheEventsAfterItMakeTheTreeThatIsThereInTheEnd() throws Exception {
    Random random = new Random(41);
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 2_000; i++) {
                harness.replica.apply(randomCommands(random));
              }
            });
    List<RecordingReader> readers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      RecordingReader reader = new RecordingReader();
      harness.open(state("/", RECURSIVE, false), reader);
      await().until(() -> !reader.told().isEmpty());
      readers.add(reader);
    }
    writing.get(60, TimeUnit.SECONDS);
    harness.replica.apply(createZnode("/end"));

    for (RecordingReader reader : readers) {
      await().until(() -> texts(reader).stream().anyMatch(text -> text.contains("/end")));
      assertThat(folded(reader)).isEqualTo(treeNow());
    }
  }

  private static Set<ZnodePath> folded(RecordingReader reader) {
    Set<ZnodePath> paths = new TreeSet<>();
    reader.znodes().forEach(znode -> paths.add(znode.path()));
    for (WatchEvent event : reader.events()) {
      switch (event.type()) {
        case NODE_CREATED -> assertThat(paths.add(event.path())).as("%s", event).isTrue();
        case NODE_DELETED -> assertThat(paths.remove(event.path())).as("%s", event).isTrue();
        case NODE_DATA_CHANGED -> assertThat(paths).contains(event.path());
        case NODE_CHILDREN_CHANGED -> throw new AssertionError("of a recursive watch: " + event);
      }
    }
    return paths;
  }

  private Set<ZnodePath> treeNow() {
    try (StateStore.View view = harness.store.view()) {
      Set<ZnodePath> paths = new TreeSet<>(view.descendants(ZnodePath.ROOT, ZnodePath.ROOT, 1_000));
      paths.add(ZnodePath.ROOT);
      return paths;
    }
  }

  @Test
  void anInitialStateThatIsReadTooSlowlyEndsWithOverloaded() {
    begin(WatchedReplica.ENDLESS, new ChangeFeed.Limits(10, 10, Duration.ofMillis(50)));
    harness.replica.apply(createZnode("/a"));
    RecordingReader reader = new RecordingReader(0);

    harness.open(state("/a", RECURSIVE, false), reader);
    await().until(reader::isEnded);

    assertThat(reader.told().get(1)).contains("the initial state was not read within 50 ms");
    await().until(() -> harness.store.openViews() == 0);
  }

  @Test
  void moreInitialStatesAtATimeThanTheLimitAreRefused() {
    begin(WatchedReplica.ENDLESS, new ChangeFeed.Limits(10, 1, LONG));
    RecordingReader slow = new RecordingReader(0);
    RecordingReader refused = new RecordingReader();
    RecordingReader later = new RecordingReader();

    FeedStream first = harness.open(state("/", RECURSIVE, false), slow);
    await().until(() -> !slow.told().isEmpty());
    harness.open(state("/", RECURSIVE, false), refused);
    await().until(refused::isEnded);
    first.cancel();
    await().until(() -> harness.store.openViews() == 0);
    harness.open(state("/", RECURSIVE, false), later);
    await().until(() -> !later.znodes().isEmpty());

    assertThat(refused.told().get(0)).contains("1 watches are being told their initial state");
  }
}
