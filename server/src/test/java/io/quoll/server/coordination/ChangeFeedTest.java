package io.quoll.server.coordination;

import static io.quoll.server.coordination.WatchMode.PERSISTENT;
import static io.quoll.server.coordination.WatchMode.RECURSIVE;
import static io.quoll.server.coordination.WatchedReplica.bytes;
import static io.quoll.server.coordination.WatchedReplica.createZnode;
import static io.quoll.server.coordination.WatchedReplica.delete;
import static io.quoll.server.coordination.WatchedReplica.multi;
import static io.quoll.server.coordination.WatchedReplica.path;
import static io.quoll.server.coordination.WatchedReplica.setData;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.server.coordination.FeedReader.WatchedZnode;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.HistoryLimits;
import io.quoll.statemachine.store.StateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeFeedTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final ImmutableList<String> PATHS =
      ImmutableList.of("/a", "/b", "/a/a", "/a/b", "/a/a/a");

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final List<AutoCloseable> closers = new ArrayList<>();
  private FakeStore store = new FakeStore(WatchedReplica.ENDLESS);
  private WatchedReplica replica = new WatchedReplica(store);
  private ChangeFeed feed = feedOf(ChangeFeed.Limits.DEFAULT);

  private ChangeFeed feedOf(ChangeFeed.Limits limits) {
    ZxidWaiters waiters = new ZxidWaiters(store.publishedZxid(), timer);
    Coordinator coordinator =
        new Coordinator(
            new FakeConsensus(store, waiters), store, waiters, 2, (code, why, cause) -> {});
    ChangeFeed made = new ChangeFeed(store, coordinator, timer, (code, why, cause) -> {}, limits);
    replica.tell(waiters);
    replica.tell(made);
    closers.add(coordinator);
    closers.add(made);
    return made;
  }

  private void begin(HistoryLimits history, ChangeFeed.Limits limits) {
    store = new FakeStore(history);
    replica = new WatchedReplica(store);
    feed = feedOf(limits);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closer : closers) {
      closer.close();
    }
    timer.shutdownNow();
  }

  private FeedStream open(FeedRequest request, FeedReader reader) {
    FeedStream stream = feed.stream(request, reader);
    stream.open();
    return stream;
  }

  private static FeedRequest since(long zxid, String path, WatchMode mode) {
    return new FeedRequest(path(path), mode, OptionalLong.of(zxid), false, false, LONG);
  }

  private static FeedRequest fromNow(String path, WatchMode mode) {
    return new FeedRequest(path(path), mode, OptionalLong.empty(), false, false, LONG);
  }

  private static FeedRequest state(String path, WatchMode mode, boolean withData) {
    return new FeedRequest(path(path), mode, OptionalLong.empty(), true, withData, LONG);
  }

  private static void awaitTold(RecordingReader reader, String what) {
    await().until(() -> reader.told().contains(what));
  }

  private static void awaitEvents(RecordingReader reader, int count) {
    await().until(() -> reader.events().size() >= count);
  }

  private static List<String> texts(RecordingReader reader) {
    return reader.events().stream().map(RecordingWatcher::text).toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStreamThatEndedIsNotKeptByItsReminders(boolean initialState) {
    timer.setRemoveOnCancelPolicy(true); // As that of the server.
    replica.apply(createZnode("/a"));
    RecordingReader reader = new RecordingReader();
    FeedStream stream =
        open(initialState ? state("/a", RECURSIVE, false) : fromNow("/a", PERSISTENT), reader);
    awaitTold(reader, "started 1");
    await().until(() -> !timer.getQueue().isEmpty());

    stream.cancel();

    await().until(() -> feed.streams() == 0 && timer.getQueue().isEmpty());
  }

  @Test
  void withoutAZxidItBeginsWithWhatHappensFromNowOn() {
    replica.apply(createZnode("/a"));
    RecordingReader reader = new RecordingReader();

    open(fromNow("/a", PERSISTENT), reader);
    awaitTold(reader, "started 1");
    replica.apply(setData("/a"));
    awaitEvents(reader, 1);

    assertThat(reader.told()).containsExactly("started 1", "events 2 at 1002 1 last");
    assertThat(texts(reader)).containsExactly("NODE_DATA_CHANGED /a 2");
  }

  @Test
  void fromZxidZeroItTellsAllThatEverHappened() {
    replica.apply(createZnode("/a"), createZnode("/a/b"));
    replica.apply(multi(setData("/a/b"), delete("/a/b")));
    RecordingReader reader = new RecordingReader();

    open(since(0, "/a", RECURSIVE), reader);
    awaitEvents(reader, 4);

    assertThat(texts(reader))
        .containsExactly(
            "NODE_CREATED /a 1",
            "NODE_CREATED /a/b 2",
            "NODE_DATA_CHANGED /a/b 3",
            "NODE_DELETED /a/b 3");
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33})
  void itTellsWhatASessionsWatchTellsAndGoesOnFromAnyZxid(long seed) {
    Random random = new Random(seed);
    Watches watches = new Watches(store);
    replica.tell(watches);
    for (WatchMode mode : List.of(PERSISTENT, RECURSIVE)) {
      RecordingWatcher watcher = new RecordingWatcher();
      long begin = replica.store.publishedZxid();
      watches.add(path("/a"), mode, watcher, begin);
      for (int i = 0; i < 200; i++) {
        replica.apply(randomCommands(random));
      }
      ImmutableList<WatchEvent> all = watcher.events();

      for (int i = 0; i < 20; i++) {
        long from = begin + random.nextInt((int) (store.publishedZxid() - begin + 1));
        List<WatchEvent> later = all.stream().filter(event -> event.zxid() > from).toList();
        RecordingReader reader = new RecordingReader();
        FeedStream stream = open(since(from, "/a", mode), reader);
        awaitEvents(reader, later.size());
        stream.cancel();

        assertThat(reader.events()).as("seed %d from %d", seed, from).isEqualTo(later);
      }
    }
  }

  private static List<Command> randomCommands(Random random) {
    List<Command> commands = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String path = PATHS.get(random.nextInt(PATHS.size()));
      commands.add(
          switch (random.nextInt(4)) {
            case 0, 1 -> createZnode(path);
            case 2 -> multi(setData(path), setData(path));
            default -> delete(path);
          });
    }
    return commands;
  }

  @Test
  void aReaderThatIsNotReadyIsToldNothingAndMissesNothing() {
    replica.apply(createZnode("/a"));
    RecordingReader reader = new RecordingReader(3);
    FeedStream stream = open(fromNow("/a", PERSISTENT), reader);
    awaitTold(reader, "started 1");

    for (int i = 0; i < 30; i++) {
      replica.apply(Collections.nCopies(1_000, (Command) setData("/a")));
    }
    awaitEvents(reader, 3);
    List<String> toldWhileFull = reader.told();
    reader.take(Long.MAX_VALUE / 2);
    stream.wake();
    awaitEvents(reader, 30_000);

    assertThat(toldWhileFull).hasSize(4);
    assertThat(reader.events())
        .extracting(WatchEvent::zxid)
        .containsExactlyElementsOf(LongStream.rangeClosed(2, 30_001).boxed().toList());
  }

  @Test
  void manyEventsOfOneZxidComeInPartsOfWhichTheLastIsMarked() {
    replica.apply(createZnode("/a"));
    RecordingReader reader = new RecordingReader(1);
    FeedStream stream = open(fromNow("/a", PERSISTENT), reader);
    awaitTold(reader, "started 1");

    replica.apply(
        multi(Collections.nCopies(2_500, (Command) setData("/a")).toArray(Command[]::new)));
    awaitEvents(reader, 1_000);
    for (int parts = 2; parts <= 3; parts++) {
      int expected = Math.min(2_500, parts * 1_000);
      reader.take(1);
      stream.wake();
      awaitEvents(reader, expected);
    }

    assertThat(reader.told())
        .containsExactly(
            "started 1",
            "events 2 at 1002 1000",
            "events 2 at 1002 1000",
            "events 2 at 1002 500 last");
    assertThat(reader.events()).hasSize(2_500);
  }

  @Test
  void whatTheHistoryLostEndsTheStreamWithAWord() {
    begin(new HistoryLimits(10, 1L << 40, 1L << 40), ChangeFeed.Limits.DEFAULT);
    replica.apply(createZnode("/a"));
    for (int i = 0; i < 20; i++) {
      replica.apply(setData("/a"));
    }
    feed = feedOf(ChangeFeed.Limits.DEFAULT); // As after a restart, with nothing in memory.
    RecordingReader reader = new RecordingReader();

    open(since(0, "/a", PERSISTENT), reader);
    await().until(reader::isEnded);

    assertThat(reader.told()).hasSize(2);
    assertThat(reader.told().get(1)).startsWith("trimmed ");
    await().until(() -> feed.streams() == 0);
  }

  @Test
  void aSilentStreamTellsWhereItStands() {
    replica.apply(createZnode("/a"), createZnode("/b"));
    RecordingReader reader = new RecordingReader();
    FeedRequest request =
        new FeedRequest(
            path("/a"), PERSISTENT, OptionalLong.of(2), false, false, Duration.ofMillis(100));

    open(request, reader);
    awaitTold(reader, "bookmark 2");
    replica.apply(setData("/b"));
    awaitTold(reader, "bookmark 3");

    assertThat(reader.events()).isEmpty();
  }

  @Test
  void theInitialStateOfARecursiveStreamIsTheSubtreeParentsFirst() {
    replica.apply(
        createZnode("/a"), createZnode("/a/b"), createZnode("/a/b/c"), createZnode("/a/d"));
    replica.apply(new SetData(path("/a/b"), bytes("data"), -1), createZnode("/other"));
    RecordingReader reader = new RecordingReader();

    open(state("/a", RECURSIVE, true), reader);
    awaitTold(reader, "state 6 4 last");

    assertThat(reader.told()).containsExactly("started 6", "state 6 4 last");
    assertThat(reader.znodes())
        .extracting(znode -> znode.path().value())
        .containsExactly("/a", "/a/b", "/a/d", "/a/b/c");
    assertThat(reader.znodes().get(1).data()).isEqualTo(bytes("data"));
    assertThat(reader.znodes().get(1).stat().mzxid()).isEqualTo(5);
    await().until(() -> store.openViews() == 0);
  }

  @Test
  void theInitialStateOfAPersistentStreamIsTheZnodeAndItsChildren() {
    replica.apply(createZnode("/a"), createZnode("/a/b"), createZnode("/a/b/c"));
    RecordingReader reader = new RecordingReader();

    open(state("/a", PERSISTENT, false), reader);
    awaitTold(reader, "state 3 2 last");

    assertThat(reader.znodes())
        .extracting(znode -> znode.path().value())
        .containsExactly("/a", "/a/b");
    assertThat(reader.znodes()).extracting(WatchedZnode::data).containsOnlyNulls();
  }

  @Test
  void theInitialStateOfNoZnodeIsOneEmptyPart() {
    RecordingReader reader = new RecordingReader();

    open(state("/missing", RECURSIVE, true), reader);
    awaitTold(reader, "state 0 0 last");
    replica.apply(createZnode("/missing"));
    awaitEvents(reader, 1);

    assertThat(texts(reader)).containsExactly("NODE_CREATED /missing 1");
  }

  @Test
  void aLargeInitialStateComesInPartsAsItsReaderTakesThem() {
    replica.apply(createZnode("/a"));
    ByteString large = ByteString.copyFrom(new byte[InitialState.PART_BYTES / 2]);
    for (int i = 0; i < 10; i++) {
      replica.apply(createZnode("/a/" + i), new SetData(path("/a/" + i), large, -1));
    }
    RecordingReader reader = new RecordingReader(2);
    FeedStream stream = open(state("/a", RECURSIVE, true), reader);
    await().until(() -> reader.told().size() == 3);
    replica.apply(delete("/a/9"));

    reader.take(100);
    stream.wake();
    awaitEvents(reader, 1);

    assertThat(reader.znodes()).hasSize(11);
    assertThat(texts(reader)).containsExactly("NODE_DELETED /a/9 22");
    assertThat(reader.told().get(1)).isEqualTo("state 21 3");
  }

  @Test
  void aWideInitialStateIsReadToItsEnd() {
    replica.apply(createZnode("/a"));
    List<Command> creates = new ArrayList<>();
    for (int i = 0; i < 1_234; i++) {
      creates.add(createZnode("/a/" + i));
    }
    replica.apply(creates);
    RecordingReader recursive = new RecordingReader();
    RecordingReader persistent = new RecordingReader();

    open(state("/a", RECURSIVE, false), recursive);
    open(state("/a", PERSISTENT, false), persistent);
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
                replica.apply(randomCommands(random));
              }
            });
    List<RecordingReader> readers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      RecordingReader reader = new RecordingReader();
      open(state("/", RECURSIVE, false), reader);
      await().until(() -> !reader.told().isEmpty());
      readers.add(reader);
    }
    writing.get(60, TimeUnit.SECONDS);
    replica.apply(createZnode("/end"));

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
    try (StateStore.View view = store.view()) {
      Set<ZnodePath> paths = new TreeSet<>(view.descendants(ZnodePath.ROOT, ZnodePath.ROOT, 1_000));
      paths.add(ZnodePath.ROOT);
      return paths;
    }
  }

  @Test
  void anInitialStateThatIsReadTooSlowlyEndsWithOverloaded() {
    begin(WatchedReplica.ENDLESS, new ChangeFeed.Limits(10, 10, Duration.ofMillis(50)));
    replica.apply(createZnode("/a"));
    RecordingReader reader = new RecordingReader(0);

    open(state("/a", RECURSIVE, false), reader);
    await().until(reader::isEnded);

    assertThat(reader.told().get(1)).contains("the initial state was not read within 50 ms");
    await().until(() -> store.openViews() == 0);
  }

  @Test
  void moreInitialStatesAtATimeThanTheLimitAreRefused() {
    begin(WatchedReplica.ENDLESS, new ChangeFeed.Limits(10, 1, LONG));
    RecordingReader slow = new RecordingReader(0);
    RecordingReader refused = new RecordingReader();
    RecordingReader later = new RecordingReader();

    FeedStream first = open(state("/", RECURSIVE, false), slow);
    await().until(() -> !slow.told().isEmpty());
    open(state("/", RECURSIVE, false), refused);
    await().until(refused::isEnded);
    first.cancel();
    await().until(() -> store.openViews() == 0);
    open(state("/", RECURSIVE, false), later);
    await().until(() -> !later.znodes().isEmpty());

    assertThat(refused.told().get(0)).contains("1 watches are being told their initial state");
  }

  @Test
  void moreStreamsThanTheLimitAreRefusedUntilOneGoes() {
    begin(WatchedReplica.ENDLESS, new ChangeFeed.Limits(1, 1, LONG));
    RecordingReader refused = new RecordingReader();

    FeedStream first = open(fromNow("/", RECURSIVE), new RecordingReader());
    open(fromNow("/", RECURSIVE), refused);
    await().until(refused::isEnded);
    first.cancel();
    await().until(() -> feed.streams() == 0);
    RecordingReader later = new RecordingReader();
    open(fromNow("/", RECURSIVE), later);
    awaitTold(later, "started 0");

    assertThat(refused.told().get(0)).contains("there are 1 watches");
  }

  @Test
  void aZxidThatThisReplicaHasReachedByThenIsWaitedFor() {
    RecordingReader reader = new RecordingReader();

    open(since(2, "/", RECURSIVE), reader);
    replica.apply(createZnode("/a"), createZnode("/b"));
    awaitTold(reader, "started 2");
    replica.apply(createZnode("/c"));
    awaitEvents(reader, 1);

    assertThat(texts(reader)).containsExactly("NODE_CREATED /c 3");
  }

  @Test
  void aServerThatStopsEndsItsStreams() {
    RecordingReader reader = new RecordingReader();
    RecordingReader late = new RecordingReader();
    open(fromNow("/", RECURSIVE), reader);
    awaitTold(reader, "started 0");

    feed.close();
    open(fromNow("/", RECURSIVE), late);
    await().until(() -> reader.isEnded() && late.isEnded());

    assertThat(reader.told().get(1)).contains("the server is stopping");
    assertThat(late.told().get(0)).contains("the server is stopping");
  }
}
