package io.quoll.server.coordination;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.protobuf.ByteString;
import io.quoll.server.coordination.UnavailableException.Applied;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.query.Answer;
import io.quoll.statemachine.query.Exists;
import io.quoll.statemachine.query.GetData;
import io.quoll.statemachine.query.MultiRead;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.ZnodePath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In which order the requests of a session have their turn, and what holds them up. */
class SessionLineTest {
  private final LineHarness harness = new LineHarness();
  private final FakeStore store = harness.store;
  private final FakeConsensus consensus = harness.consensus;
  private final Watches watches = harness.watches;
  private final Sessions sessions = harness.sessions;
  private final Coordinator coordinator = harness.coordinator;
  private final Outbox outbox = harness.outbox;
  private final SessionHold hold = harness.hold;
  private final SessionLine line = harness.line;

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void writesArePipelined() {
    consensus.fallSilent();
    long before = consensus.submitted();

    line.add(set("a"));
    line.add(set("b"));
    line.advance();

    assertThat(consensus.submitted() - before).isEqualTo(2);
    assertThat(outbox.isEmpty()).isTrue();
  }

  @Test
  void aReadWaitsForTheWritesBeforeIt() {
    consensus.holdReplies();
    line.add(set("a"));
    line.add(get());
    line.advance();
    assertThat(outbox.isEmpty()).isTrue();

    consensus.releaseReplies();

    assertThat(replies(2)).extracting(SessionItem.Reply::xid).containsExactly(1L, 2L);
  }

  @Test
  void aReadOfOneZnodeSeesWhatTheWriteBeforeItLeavesAndNothingOfTheNext() {
    consensus.delaySubmissions();
    line.add(set("one"));
    line.add(get());
    line.add(set("two"));
    line.add(get());

    line.advance();
    consensus.submitDelayed();

    List<SessionItem.Reply> replies = replies(4);
    assertThat(data(replies.get(1))).isEqualTo(ByteString.copyFromUtf8("one"));
    assertThat(replies.get(1).zxid()).isEqualTo(replies.get(0).zxid());
    assertThat(data(replies.get(3))).isEqualTo(ByteString.copyFromUtf8("two"));
    assertThat(replies.get(3).zxid()).isEqualTo(replies.get(2).zxid());
  }

  @Test
  void readsBehindAWriteBeyondTheMostWaitForItsReply() {
    consensus.delaySubmissions();
    long before = consensus.submitted();
    line.add(set("one"));
    for (int i = 0; i < SessionLine.READS_BEHIND_MAX + 1; i++) {
      line.add(get());
    }
    line.add(set("two"));

    line.advance();

    assertThat(consensus.submitted() - before).isEqualTo(1);
    assertThat(replies(SessionLine.READS_BEHIND_MAX + 3))
        .last()
        .extracting(SessionItem.Reply::xid)
        .isEqualTo(harness.lastXid());
    assertThat(consensus.submitted() - before).isEqualTo(2);
  }

  @Test
  void aWriteBehindAReadFromDiskIsSubmittedAndRepliedToAfterIt() {
    store.setForgetful(true);
    line.add(get());
    line.add(set("new"));

    line.advance();

    List<SessionItem.Reply> replies = replies(2);
    assertThat(data(replies.get(0))).isNull();
    assertThat(replies.get(1).xid()).isEqualTo(2);
  }

  @Test
  void nothingPassesASync() {
    consensus.fallSilent();
    long before = consensus.submitted();
    line.add(new SessionRequest.Sync(harness.nextXid()));
    line.add(set("a"));

    line.advance();

    assertThat(consensus.submitted()).isEqualTo(before);
  }

  @Test
  void nothingPassesALinearizableRead() {
    consensus.fallSilent();
    long before = consensus.submitted();
    line.add(
        new SessionRequest.Read(
            harness.nextXid(), new GetData(path()), new ReadOptions(true, 0), null));
    line.add(set("a"));

    line.advance();

    assertThat(consensus.submitted()).isEqualTo(before);
  }

  static Stream<SessionRequest> requestsAboutWatches() {
    return Stream.of(
        new SessionRequest.AddWatch(7, ZnodePath.of("/other"), WatchMode.PERSISTENT),
        new SessionRequest.RemoveWatches(
            7, ZnodePath.of("/other"), ImmutableSet.of(WatchMode.PERSISTENT)),
        new SessionRequest.CheckWatches(
            7, ZnodePath.of("/other"), ImmutableSet.of(WatchMode.PERSISTENT)));
  }

  @ParameterizedTest
  @MethodSource("requestsAboutWatches")
  void noReplyAboutWatchesShowsAChangeBeforeTheEventOfAnOlderWatch(SessionRequest request) {
    line.add(new SessionRequest.AddWatch(harness.nextXid(), path(), WatchMode.PERSISTENT));
    line.advance();
    List<SessionItem> items = new ArrayList<>(outbox.take(Long.MAX_VALUE));
    store.beforeNextLook(
        () -> {
          Object unused =
              coordinator
                  .submit(Caller.ANONYMOUS, new SetData(path(), null, -1), LineHarness.LATER)
                  .join();
        });

    line.add(request);
    line.advance();

    items.addAll(outbox.take(Long.MAX_VALUE));
    assertThat(items).hasSize(3);
    LineHarness.assertOrdered(items, 0);
  }

  @Test
  void aReadThatWasRefusedHasItsTurn() {
    line.add(set("a"));
    line.add(
        new SessionRequest.Refused(
            harness.nextXid(), new Rejection(ErrorCode.BAD_ARGUMENTS, "x", "a bad path")));
    line.add(get());
    line.advance();

    List<SessionItem.Reply> replies = replies(3);
    assertThat(replies).extracting(SessionItem.Reply::xid).containsExactly(1L, 2L, 3L);
    assertThat(replies.get(1).reply()).isInstanceOf(SessionReply.Failed.class);
  }

  @Test
  void aWriteThatTheServerHasNoRoomForWaits() {
    consensus.fallSilent();
    List<CompletableFuture<Consensus.Reply>> others = new ArrayList<>();
    for (int i = 0; i < OutstandingWrites.WRITES_MAX; i++) {
      others.add(
          coordinator.submit(
              Caller.ANONYMOUS, LineHarness.create("/missing/x"), LineHarness.LATER));
    }
    line.add(set("a"));
    line.advance();
    line.advance();
    assertThat(line.failure()).isEmpty();
    assertThat(consensus.submitted()).isEqualTo(OutstandingWrites.WRITES_MAX + 2L);

    consensus.endSilence();

    assertThat(replies(1).get(0).reply()).isInstanceOf(SessionReply.Wrote.class);
    assertThat(others).allMatch(CompletableFuture::isDone);
  }

  @Test
  void aFullLineAsksForNoMoreUntilSomeAreRepliedTo() {
    consensus.holdReplies();
    for (int i = 0; i < SessionLine.REQUESTS_MAX; i++) {
      assertThat(line.isFull()).isFalse();
      line.add(set("a"));
    }
    line.advance();
    assertThat(line.isFull()).isTrue();

    consensus.releaseReplies();

    line.advance();
    assertThat(line.isFull()).isFalse();
  }

  @Test
  void largeRequestsFillTheLineByTheirBytes() {
    consensus.holdReplies();
    ByteString large = ByteString.copyFrom(new byte[1_000_000]);
    for (int i = 0; i < 5; i++) {
      line.add(harness.write(new SetData(path(), large, -1)));
    }
    assertThat(line.isFull()).isTrue();

    line.advance();
    consensus.releaseReplies();
    line.advance();

    assertThat(line.isFull()).isFalse();
  }

  static Stream<SessionRequest> requestsOfManyBytes() {
    ZnodePath long1 = ZnodePath.of("/" + "x".repeat(30_000));
    ImmutableList<ZnodePath> many = ImmutableList.copyOf(nCopies(200, long1));
    ImmutableList<ZnodePath> none = ImmutableList.of();
    ImmutableSet<WatchMode> modes = ImmutableSet.of(WatchMode.DATA);
    Rejection refusal = new Rejection(ErrorCode.BAD_ARGUMENTS, long1.value(), "no");
    return Stream.of(
        new SessionRequest.SetWatches(1, new Watches.Rearmed(1, none, none, none, none, many)),
        new SessionRequest.Read(
            1,
            new MultiRead(ImmutableList.copyOf(nCopies(200, new Exists(long1)))),
            ReadOptions.LOCAL,
            null),
        new SessionRequest.Read(1, new GetData(long1), ReadOptions.LOCAL, WatchMode.DATA),
        new SessionRequest.AddWatch(1, long1, WatchMode.RECURSIVE),
        new SessionRequest.RemoveWatches(1, long1, modes),
        new SessionRequest.CheckWatches(1, long1, modes),
        new SessionRequest.Refused(1, refusal));
  }

  @ParameterizedTest
  @MethodSource("requestsOfManyBytes")
  void whateverWaitsFillsTheLineByItsBytes(SessionRequest request) {
    for (int i = 0; i < 150; i++) {
      line.add(request);
    }

    assertThat(line.isFull()).isTrue();
  }

  @Test
  void noRequestHasItsTurnWhileTheOutboxIsFull() {
    ByteString large = ByteString.copyFrom(new byte[1_000_000]);
    line.add(harness.write(new SetData(path(), large, -1)));
    line.add(get());
    line.add(get());
    line.add(get());
    line.advance();

    assertThat(outbox.isFull()).isTrue();
    assertThat(outbox.take(Long.MAX_VALUE)).hasSize(3);
    line.advance();
    assertThat(outbox.take(Long.MAX_VALUE)).hasSize(1);
  }

  @Test
  void aWriteOfAnOlderEpochEndsTheAttachment() {
    Object unused =
        sessions
            .attach(
                hold.sessionId(), hold.secret(), 0, 0, new LineHarness.Deaf(), LineHarness.LATER)
            .join();

    line.add(set("a"));
    line.add(set("b"));
    line.advance();

    assertThat(line.failure())
        .containsInstanceOf(Rejection.class)
        .map(failure -> ((Rejection) failure).code())
        .contains(ErrorCode.SESSION_MOVED);
    assertThat(outbox.isEmpty()).isTrue();
  }

  @Test
  void aWriteThatIsNotServedEndsTheAttachment() {
    consensus.failWith(new UnavailableException(Reason.NO_QUORUM, Applied.UNKNOWN, "no leader"));

    line.add(set("a"));
    line.advance();

    assertThat(line.failure()).containsInstanceOf(UnavailableException.class);
  }

  @Test
  void anAbandonedLineLeavesNoViewAndNoWatch() {
    line.add(new SessionRequest.AddWatch(harness.nextXid(), path(), WatchMode.PERSISTENT));
    store.setForgetful(true);
    line.add(get());
    line.advance();

    line.abandon();

    assertThat(watches.count(outbox)).isZero();
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(LineHarness.WAIT_SECONDS))
        .until(() -> store.openViews() == 0);
  }

  @Test
  void eventsBeyondTheMostAreDroppedAndEndTheAttachment() {
    WatchEvent event =
        new WatchEvent(WatchEvent.Type.NODE_CREATED, ZnodePath.of("/" + "x".repeat(30_000)), 5);

    for (int i = 0; outbox.failure().isEmpty() && i < 1_000; i++) {
      outbox.onEvent(event);
    }

    assertThat(outbox.failure()).map(UnavailableException::reason).contains(Reason.OVERLOADED);
    assertThat(outbox.isEmpty()).isTrue();
  }

  @Test
  void aGapInTheEventsEndsTheAttachment() {
    outbox.onGap(7);

    assertThat(outbox.failure()).map(UnavailableException::reason).contains(Reason.NOT_SERVING);
  }

  private List<SessionItem.Reply> replies(int count) {
    List<SessionItem> items = new ArrayList<>();
    harness.drain(items, count);
    assertThat(items).hasSize(count);
    return items.stream().map(SessionItem.Reply.class::cast).toList();
  }

  private static @Nullable ByteString data(SessionItem.Reply reply) {
    return ((Answer.Data) ((SessionReply.Read) reply.reply()).answer()).data();
  }

  private SessionRequest set(String data) {
    return harness.write(new SetData(path(), ByteString.copyFromUtf8(data), -1));
  }

  private SessionRequest get() {
    return new SessionRequest.Read(harness.nextXid(), new GetData(path()), ReadOptions.LOCAL, null);
  }

  private static ZnodePath path() {
    return ZnodePath.of("/app");
  }
}
