package io.quoll.server.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.server.coordination.UnavailableException.Applied;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.statemachine.command.Barrier;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.query.Answer;
import io.quoll.statemachine.query.Exists;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.ZnodePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CoordinatorTest {
  private static final Exists QUERY = new Exists(ZnodePath.of("/app"));
  private static final ReadOptions LINEARIZABLE = new ReadOptions(true, 0);

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final FakeStore store = new FakeStore();
  private final List<ExitCode> halts = new CopyOnWriteArrayList<>();
  private final ZxidWaiters waiters = new ZxidWaiters(0, timer);
  private final FakeConsensus consensus = new FakeConsensus(store, waiters);
  private final Coordinator coordinator =
      new Coordinator(consensus, store, waiters, 2, (code, message, cause) -> halts.add(code));

  @AfterEach
  void close() {
    coordinator.close();
    timer.shutdownNow();
  }

  @Test
  void aWriteIsAnsweredWithItsZxidAndItsResult() {
    Reply reply = coordinator.submit(Caller.ANONYMOUS, create("/app"), in(10)).join();

    assertThat(reply.zxid()).isEqualTo(1);
    assertThat(reply.result()).isInstanceOf(Result.Created.class);
  }

  @Test
  void aWriteOverTheLimitsIsRefusedAndNeverProposed() {
    Command tooLarge = new SetData(ZnodePath.ROOT, ByteString.copyFrom(new byte[1_048_577]), -1);

    CompletableFuture<Reply> reply = coordinator.submit(Caller.ANONYMOUS, tooLarge, in(10));

    assertThat(failureOf(reply))
        .isInstanceOfSatisfying(
            Rejection.class, r -> assertThat(r.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED));
    assertThat(consensus.submitted()).isZero();
  }

  @Test
  void writesBeyondTheMostThatMayBeUnderWayAreRefusedAsNotApplied() {
    consensus.fallSilent();
    for (int i = 0; i < OutstandingWrites.WRITES_MAX; i++) {
      assertThat(coordinator.submit(Caller.ANONYMOUS, create("/app"), in(10))).isNotDone();
    }

    CompletableFuture<Reply> oneMore = coordinator.submit(Caller.ANONYMOUS, create("/app"), in(10));

    assertUnavailable(oneMore, Reason.OVERLOADED, Applied.NO);
    assertThat(consensus.submitted()).isEqualTo(OutstandingWrites.WRITES_MAX);
  }

  @Test
  void writesBeyondTheMostBytesUnderWayAreRefused() {
    consensus.fallSilent();
    Command large = new SetData(ZnodePath.ROOT, ByteString.copyFrom(new byte[1_048_000]), -1);
    for (int i = 0; i < 64; i++) {
      assertThat(coordinator.submit(Caller.ANONYMOUS, large, in(10))).isNotDone();
    }

    assertUnavailable(
        coordinator.submit(Caller.ANONYMOUS, large, in(10)), Reason.OVERLOADED, Applied.NO);
  }

  @Test
  void anAnsweredWriteIsNoLongerUnderWay() {
    for (int i = 0; i <= OutstandingWrites.WRITES_MAX; i++) {
      Reply reply = coordinator.submit(Caller.ANONYMOUS, create("/missing/app"), in(10)).join();
      assertThat(reply.result()).isInstanceOf(Result.Rejected.class);
    }

    assertThat(consensus.submitted()).isEqualTo(OutstandingWrites.WRITES_MAX + 1);
  }

  @Test
  void aLocalReadIsAnsweredFromTheViewWhichIsClosedAfterwards() {
    write("/app");

    Answered answered = coordinator.ask(QUERY, Identities.NONE, ReadOptions.LOCAL, in(10)).join();

    assertThat(answered.zxid()).isEqualTo(1);
    assertThat(((Answer.Found) answered.answer()).stat()).isNotNull();
    assertThat(consensus.barriers()).isZero();
    await().atMost(Duration.ofSeconds(5)).until(() -> store.openViews() == 0);
  }

  @Test
  void untilTheReplicaHasCaughtUpOnceEveryReadGoesThroughABarrier() {
    consensus.failWith(new UnavailableException(Reason.NO_QUORUM, Applied.NO, "no leader"));
    CompletableFuture<Answered> tooEarly =
        coordinator.ask(QUERY, Identities.NONE, ReadOptions.LOCAL, in(10));
    consensus.failWith(null);

    coordinator.ask(QUERY, Identities.NONE, ReadOptions.LOCAL, in(10)).join();
    coordinator.ask(QUERY, Identities.NONE, ReadOptions.LOCAL, in(10)).join();

    assertUnavailable(tooEarly, Reason.NO_QUORUM, Applied.NO);
    assertThat(consensus.barriers()).isEqualTo(2);
  }

  @Test
  void aReadWaitsForTheZxidThatItAsksFor() {
    CompletableFuture<Answered> answered =
        coordinator.ask(QUERY, Identities.NONE, new ReadOptions(false, 2), in(10));

    write("/other");
    assertThat(answered).isNotDone();
    write("/app");

    assertThat(answered.orTimeout(5, TimeUnit.SECONDS).join().zxid()).isEqualTo(2);
  }

  @Test
  void aReadWhoseZxidDoesNotComeInTimeFailsAsBehind() {
    CompletableFuture<Answered> answered =
        coordinator.ask(
            QUERY,
            Identities.NONE,
            new ReadOptions(false, 2),
            System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50));

    assertUnavailable(answered, Reason.BEHIND, null);
  }

  @Test
  void aSnapshotThatJumpsOverTheZxidEndsTheWaitForIt() {
    CompletableFuture<Void> reached = waiters.reached(5, in(10));

    waiters.onRestored(9);

    assertThat(reached.orTimeout(5, TimeUnit.SECONDS)).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void readsBeyondTheMostThatMayWaitAreRefused() {
    for (int i = 0; i < ZxidWaiters.WAITERS_MAX; i++) {
      assertThat(waiters.reached(5, in(10))).isNotDone();
    }

    assertUnavailable(
        coordinator.ask(QUERY, Identities.NONE, new ReadOptions(false, 5), in(10)),
        Reason.OVERLOADED,
        null);
  }

  @Test
  void aCancelledReadLeavesItsPlaceAmongThoseThatWait() {
    for (int i = 0; i < ZxidWaiters.WAITERS_MAX; i++) {
      assertThat(
              coordinator
                  .ask(QUERY, Identities.NONE, new ReadOptions(false, 5), in(10))
                  .cancel(false))
          .isTrue();
    }

    assertThat(coordinator.ask(QUERY, Identities.NONE, new ReadOptions(false, 5), in(10)))
        .isNotDone();
  }

  @Test
  void aLinearizableReadGoesThroughABarrier() {
    coordinator.ask(QUERY, Identities.NONE, LINEARIZABLE, in(10)).join();

    assertThat(consensus.barriers()).isEqualTo(1);
  }

  @Test
  void aLinearizableReadFailsAsItsBarrierDoes() {
    consensus.failWith(new UnavailableException(Reason.NO_QUORUM, Applied.NO, "no leader"));

    assertUnavailable(
        coordinator.ask(QUERY, Identities.NONE, LINEARIZABLE, in(10)),
        Reason.NO_QUORUM,
        Applied.NO);
  }

  @Test
  void aReadWhoseTurnComesAfterItsDeadlineIsNotAnswered() {
    assertUnavailable(
        coordinator.ask(QUERY, Identities.NONE, ReadOptions.LOCAL, System.nanoTime() - 1),
        Reason.OVERLOADED,
        null);
  }

  @Test
  void syncIsABarrierAndTellsTheZxidAfterIt() {
    write("/app");

    assertThat(coordinator.sync(in(10)).join()).isEqualTo(1);
    assertThat(consensus.barriers()).isEqualTo(1);
  }

  @Test
  void aClosedCoordinatorServesNothingAndEndsWhatWaits() {
    CompletableFuture<Answered> waiting =
        coordinator.ask(QUERY, Identities.NONE, new ReadOptions(false, 5), in(10));

    coordinator.close();

    assertUnavailable(waiting, Reason.NOT_SERVING, null);
    assertUnavailable(
        coordinator.ask(QUERY, Identities.NONE, ReadOptions.LOCAL, in(10)),
        Reason.NOT_SERVING,
        null);
    assertUnavailable(coordinator.sync(in(10)), Reason.NOT_SERVING, null);
    assertUnavailable(
        coordinator.submit(Caller.ANONYMOUS, create("/app"), in(10)),
        Reason.NOT_SERVING,
        Applied.NO);
  }

  @Test
  void aWriteThatItsCallerGaveUpIsStillCountedOutWhenItEnds() {
    for (int round = 0; round < 2; round++) {
      consensus.fallSilent();
      List<CompletableFuture<Reply>> given = new ArrayList<>();
      for (int i = 0; i < OutstandingWrites.WRITES_MAX; i++) {
        given.add(coordinator.submit(Caller.ANONYMOUS, new Barrier(), Long.MAX_VALUE));
      }
      given.forEach(reply -> reply.cancel(false));

      consensus.endSilence();
    }

    assertThat(coordinator.submit(Caller.ANONYMOUS, new Barrier(), Long.MAX_VALUE)).isCompleted();
  }

  @Test
  void aDefectOfTheStoreReachesTheCallerAndTheViewIsClosed() {
    store.failReads();

    CompletableFuture<Answered> answered =
        coordinator.ask(QUERY, Identities.NONE, ReadOptions.LOCAL, in(10));

    assertThat(failureOf(answered)).isInstanceOf(IllegalStateException.class);
    await().atMost(Duration.ofSeconds(5)).until(() -> store.openViews() == 0);
    assertThat(halts).isEmpty();
  }

  @Test
  void aReadThatTheDiskFailsEndsTheProcess() {
    store.failReadsWith(new UncheckedIOException(new IOException("input/output error")));

    CompletableFuture<Answered> answered =
        coordinator.ask(QUERY, Identities.NONE, ReadOptions.LOCAL, in(10));

    assertThat(failureOf(answered)).isInstanceOf(UncheckedIOException.class);
    assertThat(halts).containsExactly(ExitCode.STORAGE_FAILED);
  }

  private void write(String path) {
    coordinator.submit(Caller.ANONYMOUS, create(path), in(10)).join();
  }

  private static Create create(String path) {
    return Create.at(path, false, null, Acl.OPEN);
  }

  private static long in(int seconds) {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  private static void assertUnavailable(
      CompletableFuture<?> future, Reason reason, @Nullable Applied applied) {
    assertThat(failureOf(future))
        .isInstanceOfSatisfying(
            UnavailableException.class,
            unavailable -> {
              assertThat(unavailable.reason()).isEqualTo(reason);
              assertThat(unavailable.applied()).isEqualTo(applied);
            });
  }

  private static Throwable failureOf(CompletableFuture<?> future) {
    Throwable[] failure = new Throwable[1];
    assertThatThrownBy(() -> future.orTimeout(5, TimeUnit.SECONDS).join())
        .isInstanceOf(CompletionException.class)
        .satisfies(thrown -> failure[0] = thrown);
    while (failure[0] instanceof CompletionException && failure[0].getCause() != null) {
      failure[0] = failure[0].getCause();
    }
    return failure[0];
  }
}
