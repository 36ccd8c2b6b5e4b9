package io.quoll.server.coordination;

import static io.quoll.server.coordination.FeedHarness.LONG;
import static io.quoll.server.coordination.FeedHarness.awaitEvents;
import static io.quoll.server.coordination.FeedHarness.awaitTold;
import static io.quoll.server.coordination.FeedHarness.fromNow;
import static io.quoll.server.coordination.FeedHarness.randomCommands;
import static io.quoll.server.coordination.FeedHarness.since;
import static io.quoll.server.coordination.FeedHarness.state;
import static io.quoll.server.coordination.FeedHarness.texts;
import static io.quoll.server.coordination.WatchMode.PERSISTENT;
import static io.quoll.server.coordination.WatchMode.RECURSIVE;
import static io.quoll.server.coordination.WatchedReplica.createZnode;
import static io.quoll.server.coordination.WatchedReplica.delete;
import static io.quoll.server.coordination.WatchedReplica.multi;
import static io.quoll.server.coordination.WatchedReplica.path;
import static io.quoll.server.coordination.WatchedReplica.setData;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.store.HistoryLimits;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of events: where they begin, what they tell and how they end. */
class ChangeFeedTest {
  private FeedHarness harness = new FeedHarness();

  @AfterEach
  void close() {
    harness.close();
  }

  private void begin(HistoryLimits history, ChangeFeed.Limits limits) {
    harness.close();
    harness = new FeedHarness(history, limits);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStreamThatEndedIsNotKeptByItsReminders(boolean initialState) {
    harness.timer.setRemoveOnCancelPolicy(true); // As that of the server.
    harness.replica.apply(createZnode("/a"));
    RecordingReader reader = new RecordingReader();
    FeedStream stream =
        harness.open(
            initialState ? state("/a", RECURSIVE, false) : fromNow("/a", PERSISTENT), reader);
    awaitTold(reader, "started 1");
    await().until(() -> !harness.timer.getQueue().isEmpty());

    stream.cancel();

    await().until(() -> harness.feed.streams() == 0 && harness.timer.getQueue().isEmpty());
  }

  @Test
  void withoutAZxidItBeginsWithWhatHappensFromNowOn() {
    harness.replica.apply(createZnode("/a"));
    RecordingReader reader = new RecordingReader();

    harness.open(fromNow("/a", PERSISTENT), reader);
    awaitTold(reader, "started 1");
    harness.replica.apply(setData("/a"));
    awaitEvents(reader, 1);

    assertThat(reader.told()).containsExactly("started 1", "events 2 at 1002 1 last");
    assertThat(texts(reader)).containsExactly("NODE_DATA_CHANGED /a 2");
  }

  @Test
  void fromZxidZeroItTellsAllThatEverHappened() {
    harness.replica.apply(createZnode("/a"), createZnode("/a/b"));
    harness.replica.apply(multi(setData("/a/b"), delete("/a/b")));
    RecordingReader reader = new RecordingReader();

    harness.open(since(0, "/a", RECURSIVE), reader);
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
    Watches watches = new Watches(harness.store);
    harness.replica.tell(watches);
    for (WatchMode mode : List.of(PERSISTENT, RECURSIVE)) {
      RecordingWatcher watcher = new RecordingWatcher();
      long begin = harness.replica.store.publishedZxid();
      watches.add(path("/a"), mode, watcher, begin);
      for (int i = 0; i < 200; i++) {
        harness.replica.apply(randomCommands(random));
      }
      ImmutableList<WatchEvent> all = watcher.events();

      for (int i = 0; i < 20; i++) {
        long from = begin + random.nextInt((int) (harness.store.publishedZxid() - begin + 1));
        List<WatchEvent> later = all.stream().filter(event -> event.zxid() > from).toList();
        RecordingReader reader = new RecordingReader();
        FeedStream stream = harness.open(since(from, "/a", mode), reader);
        awaitEvents(reader, later.size());
        stream.cancel();

        assertThat(reader.events()).as("seed %d from %d", seed, from).isEqualTo(later);
      }
    }
  }

  @Test
  void aReaderThatIsNotReadyIsToldNothingAndMissesNothing() {
    harness.replica.apply(createZnode("/a"));
    RecordingReader reader = new RecordingReader(3);
    FeedStream stream = harness.open(fromNow("/a", PERSISTENT), reader);
    awaitTold(reader, "started 1");

    for (int i = 0; i < 30; i++) {
      harness.replica.apply(Collections.nCopies(1_000, (Command) setData("/a")));
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
    harness.replica.apply(createZnode("/a"));
    RecordingReader reader = new RecordingReader(1);
    FeedStream stream = harness.open(fromNow("/a", PERSISTENT), reader);
    awaitTold(reader, "started 1");

    harness.replica.apply(
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
    harness.replica.apply(createZnode("/a"));
    for (int i = 0; i < 20; i++) {
      harness.replica.apply(setData("/a"));
    }
    harness.restart(); // With nothing in memory.
    RecordingReader reader = new RecordingReader();

    harness.open(since(0, "/a", PERSISTENT), reader);
    await().until(reader::isEnded);

    assertThat(reader.told()).hasSize(2);
    assertThat(reader.told().get(1)).startsWith("trimmed ");
    await().until(() -> harness.feed.streams() == 0);
  }

  @Test
  void aSilentStreamTellsWhereItStands() {
    harness.replica.apply(createZnode("/a"), createZnode("/b"));
    RecordingReader reader = new RecordingReader();
    FeedRequest request =
        new FeedRequest(
            Identities.NONE,
            path("/a"),
            PERSISTENT,
            OptionalLong.of(2),
            false,
            false,
            Duration.ofMillis(100));

    harness.open(request, reader);
    awaitTold(reader, "bookmark 2");
    harness.replica.apply(setData("/b"));
    awaitTold(reader, "bookmark 3");

    assertThat(reader.events()).isEmpty();
  }

  @Test
  void moreStreamsThanTheLimitAreRefusedUntilOneGoes() {
    begin(WatchedReplica.ENDLESS, new ChangeFeed.Limits(1, 1, LONG));
    RecordingReader refused = new RecordingReader();

    FeedStream first = harness.open(fromNow("/", RECURSIVE), new RecordingReader());
    harness.open(fromNow("/", RECURSIVE), refused);
    await().until(refused::isEnded);
    first.cancel();
    await().until(() -> harness.feed.streams() == 0);
    RecordingReader later = new RecordingReader();
    harness.open(fromNow("/", RECURSIVE), later);
    awaitTold(later, "started 0");

    assertThat(refused.told().get(0)).contains("there are 1 watches");
  }

  @Test
  void aZxidThatThisReplicaHasReachedByThenIsWaitedFor() {
    RecordingReader reader = new RecordingReader();

    harness.open(since(2, "/", RECURSIVE), reader);
    harness.replica.apply(createZnode("/a"), createZnode("/b"));
    awaitTold(reader, "started 2");
    harness.replica.apply(createZnode("/c"));
    awaitEvents(reader, 1);

    assertThat(texts(reader)).containsExactly("NODE_CREATED /c 3");
  }

  @Test
  void aServerThatStopsEndsItsStreams() {
    RecordingReader reader = new RecordingReader();
    RecordingReader late = new RecordingReader();
    harness.open(fromNow("/", RECURSIVE), reader);
    awaitTold(reader, "started 0");

    harness.feed.close();
    harness.open(fromNow("/", RECURSIVE), late);
    await().until(() -> reader.isEnded() && late.isEnded());

    assertThat(reader.told().get(1)).contains("the server is stopping");
    assertThat(late.told().get(0)).contains("the server is stopping");
  }
}
