package io.quoll.server.coordination;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.protobuf.ByteString;
import io.quoll.server.coordination.UnavailableException.Applied;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.query.Answer;
import io.quoll.statemachine.query.Exists;
import io.quoll.statemachine.query.GetChildren;
import io.quoll.statemachine.query.GetData;
import io.quoll.statemachine.query.MultiRead;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.ZnodePath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SessionLineTest {
  private static final long LATER = System.nanoTime() + Duration.ofMinutes(10).toNanos();
  private static final int WAIT_SECONDS = 10;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final FakeStore store = new FakeStore();
  private final AppliedListeners listeners = new AppliedListeners();
  private final FakeConsensus consensus = new FakeConsensus(store, listeners);
  private final ZxidWaiters waiters = new ZxidWaiters(0, timer);
  private final Watches watches = new Watches(store);
  private final Sessions sessions =
      new Sessions(consensus, store, SessionTiming.ofTick(Duration.ofSeconds(2)));
  private final Coordinator coordinator =
      new Coordinator(consensus, store, waiters, 2, (code, message, cause) -> {});
  private final Semaphore woken = new Semaphore(0);
  private final Outbox outbox = new Outbox(store::publishedZxid, woken::release);
  private final SessionHold hold;
  private final SessionLine line;
  private long lastXid;
  private long lastCxid;

  SessionLineTest() {
    listeners.add(watches);
    listeners.add(sessions);
    listeners.add(waiters);
    hold = sessions.open(10_000, new Deaf(), LATER).join();
    line = new SessionLine(hold, coordinator, sessions, watches, outbox, woken::release);
    Object unused = coordinator.sync(LATER).join();
    write("/app");
  }

  private static final class Deaf implements SessionHolder {
    @Override
    public void onEnd(RuntimeException reason) {}

    @Override
    public int watches() {
      return 0;
    }
  }

  @AfterEach
  void close() {
    line.abandon();
    coordinator.close();
    timer.shutdownNow();
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
    line.add(new SessionRequest.Sync(++lastXid));
    line.add(set("a"));

    line.advance();

    assertThat(consensus.submitted()).isEqualTo(before);
  }

  @Test
  void nothingPassesALinearizableRead() {
    consensus.fallSilent();
    long before = consensus.submitted();
    line.add(
        new SessionRequest.Read(++lastXid, new GetData(path()), new ReadOptions(true, 0), null));
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
    line.add(new SessionRequest.AddWatch(++lastXid, path(), WatchMode.PERSISTENT));
    line.advance();
    List<SessionItem> items = new ArrayList<>(outbox.take(Long.MAX_VALUE));
    store.beforeNextLook(
        () -> {
          Object unused =
              coordinator.submit(Caller.ANONYMOUS, new SetData(path(), null, -1), LATER).join();
        });

    line.add(request);
    line.advance();

    items.addAll(outbox.take(Long.MAX_VALUE));
    assertThat(items).hasSize(3);
    assertOrdered(items, 0);
  }

  @Test
  void aReadThatWasRefusedHasItsTurn() {
    line.add(set("a"));
    line.add(
        new SessionRequest.Refused(
            ++lastXid, new Rejection(ErrorCode.BAD_ARGUMENTS, "x", "a bad path")));
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
      others.add(coordinator.submit(Caller.ANONYMOUS, create("/missing/x"), LATER));
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
      line.add(new SessionRequest.Write(++lastXid, ++lastCxid, new SetData(path(), large, -1)));
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
    line.add(new SessionRequest.Write(++lastXid, ++lastCxid, new SetData(path(), large, -1)));
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
        sessions.attach(hold.sessionId(), hold.secret(), 0, 0, new Deaf(), LATER).join();

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
    line.add(new SessionRequest.AddWatch(++lastXid, path(), WatchMode.PERSISTENT));
    store.setForgetful(true);
    line.add(get());
    line.advance();

    line.abandon();

    assertThat(watches.count(outbox)).isZero();
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(WAIT_SECONDS))
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

  /**
   * Any mix of requests, held replies and misses answers as if one request ended before the next.
   */
  @Test
  void everyMixOfRequestsAnswersLikeTheSequentialModel() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Expected> expected = new ArrayList<>();
    Map<String, Integer> model = new HashMap<>();
    List<SessionItem> items = new ArrayList<>();
    line.add(new SessionRequest.AddWatch(++lastXid, ZnodePath.ROOT, WatchMode.RECURSIVE));
    expected.add(new Expected(lastXid, "WatchAdded"));
    for (int step = 0; step < 3_000; step++) {
      switch (random.nextInt(8)) {
        case 0 -> consensus.holdReplies();
        case 1 -> consensus.releaseReplies();
        case 2 -> store.setForgetful(random.nextBoolean());
        case 3 -> line.advance();
        case 4 -> items.addAll(outbox.take(500));
        default -> expected.add(addAny(random, model));
      }
    }
    drain(items, expected.size());

    assertThat(items.stream().filter(SessionItem.Reply.class::isInstance).map(this::shown))
        .as("seed %d", seed)
        .containsExactlyElementsOf(expected);
    assertOrdered(items, seed);
  }

  private record Expected(long xid, String outcome) {}

  private Expected addAny(Random random, Map<String, Integer> model) {
    String path = "/n" + random.nextInt(5);
    int version = model.getOrDefault(path, -1);
    switch (random.nextInt(10)) {
      case 0, 1 -> {
        line.add(new SessionRequest.Write(++lastXid, ++lastCxid, create(path)));
        model.putIfAbsent(path, 0);
        return new Expected(lastXid, version < 0 ? "Created" : "NODE_EXISTS");
      }
      case 2, 3, 4 -> {
        SetData set = new SetData(ZnodePath.of(path), null, -1);
        line.add(new SessionRequest.Write(++lastXid, ++lastCxid, set));
        model.computeIfPresent(path, (same, before) -> before + 1);
        return new Expected(lastXid, version < 0 ? "NO_NODE" : "version " + (version + 1));
      }
      case 5 -> {
        line.add(new SessionRequest.Sync(++lastXid));
        return new Expected(lastXid, "Synced");
      }
      case 6 -> {
        GetChildren children = new GetChildren(ZnodePath.ROOT, "", 100, false, false);
        line.add(new SessionRequest.Read(++lastXid, children, ReadOptions.LOCAL, null));
        return new Expected(lastXid, "children " + (model.size() + 2));
      }
      default -> {
        boolean watched = random.nextInt(4) == 0;
        line.add(
            new SessionRequest.Read(
                ++lastXid,
                new GetData(ZnodePath.of(path)),
                new ReadOptions(random.nextInt(5) == 0, 0),
                watched ? WatchMode.DATA : null));
        return new Expected(lastXid, version < 0 ? "NO_NODE" : "version " + version);
      }
    }
  }

  private Expected shown(SessionItem item) {
    SessionItem.Reply reply = (SessionItem.Reply) item;
    return new Expected(reply.xid(), outcome(reply.reply()));
  }

  private static String outcome(SessionReply reply) {
    if (reply instanceof SessionReply.Wrote wrote) {
      if (wrote.result() instanceof Result.DataSet set) {
        return "version " + set.stat().version();
      }
      return wrote.result() instanceof Result.Rejected rejected
          ? rejected.code().name()
          : wrote.result().getClass().getSimpleName();
    }
    if (reply instanceof SessionReply.Read read) {
      if (read.answer() instanceof Answer.Data data) {
        return "version " + data.stat().version();
      }
      return read.answer() instanceof Answer.Rejected rejected
          ? rejected.code().name()
          : "children " + ((Answer.Children) read.answer()).children().size();
    }
    return reply.getClass().getSimpleName();
  }

  // No reply shows a zxid before the events of it, no event comes late, and nothing goes back.
  private static void assertOrdered(List<SessionItem> items, long seed) {
    long shown = 0;
    long told = 0;
    for (SessionItem item : items) {
      if (item instanceof SessionItem.Event event) {
        assertThat(event.event().zxid()).as("seed %d", seed).isGreaterThan(shown);
        told = Math.max(told, event.event().zxid());
      } else if (item instanceof SessionItem.Reply reply) {
        assertThat(reply.zxid()).as("seed %d", seed).isGreaterThanOrEqualTo(shown);
        assertThat(shown == 0 || told >= reply.zxid() || reply.zxid() == shown)
            .as("seed %d: zxid %d is shown after %d was told", seed, reply.zxid(), told)
            .isTrue();
        shown = reply.zxid();
      }
    }
  }

  private void drain(List<SessionItem> items, int replies) {
    consensus.releaseReplies();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (items.stream().filter(SessionItem.Reply.class::isInstance).count() < replies
        && System.nanoTime() < end) {
      line.advance();
      items.addAll(outbox.take(Long.MAX_VALUE));
      awaitWakeUp();
    }
  }

  private void awaitWakeUp() {
    try {
      boolean unused = woken.tryAcquire(10, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private List<SessionItem.Reply> replies(int count) {
    List<SessionItem> items = new ArrayList<>();
    drain(items, count);
    assertThat(items).hasSize(count);
    return items.stream().map(SessionItem.Reply.class::cast).toList();
  }

  private static @Nullable ByteString data(SessionItem.Reply reply) {
    return ((Answer.Data) ((SessionReply.Read) reply.reply()).answer()).data();
  }

  private void write(String path) {
    Object unused = coordinator.submit(Caller.ANONYMOUS, create(path), LATER).join();
  }

  private static Create create(String path) {
    return Create.at(path, false, null, Acl.OPEN);
  }

  private SessionRequest set(String data) {
    return new SessionRequest.Write(
        ++lastXid, ++lastCxid, new SetData(path(), ByteString.copyFromUtf8(data), -1));
  }

  private SessionRequest get() {
    return new SessionRequest.Read(++lastXid, new GetData(path()), ReadOptions.LOCAL, null);
  }

  private static ZnodePath path() {
    return ZnodePath.of("/app");
  }
}
