package io.quoll.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.server.coordination.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class BarriersTest {
  private final List<CompletableFuture<Void>> proposed = new ArrayList<>();
  private final Barriers barriers =
      new Barriers(
          deadline -> {
            CompletableFuture<Void> proposal = new CompletableFuture<>();
            proposed.add(proposal);
            return proposal;
          });

  @Test
  void whoComesWhileABarrierIsUnderWayWaitsForTheNext() {
    CompletableFuture<Void> first = barriers.await(TestEnsemble.deadline(60));
    CompletableFuture<Void> second = barriers.await(TestEnsemble.deadline(60));

    proposed.get(0).complete(null);

    assertThat(first).isCompleted();
    assertThat(second).isNotDone();
    assertThat(proposed).hasSize(2);
  }

  @Test
  void thoseWhoWaitTogetherShareOne() {
    var unused = barriers.await(TestEnsemble.deadline(60));
    CompletableFuture<Void> second = barriers.await(TestEnsemble.deadline(60));
    CompletableFuture<Void> third = barriers.await(TestEnsemble.deadline(60));

    proposed.get(0).complete(null);
    proposed.get(1).complete(null);

    assertThat(second).isCompleted();
    assertThat(third).isCompleted();
    assertThat(proposed).hasSize(2);
  }

  @Test
  void whoWaitsPastItsDeadlineIsToldWhileTheOthersWaitOn() {
    CompletableFuture<Void> late = barriers.await(System.nanoTime());
    CompletableFuture<Void> other = barriers.await(TestEnsemble.deadline(60));

    assertThat(late)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(UnavailableException.class);
    assertThat(other).isNotDone();
  }

  @Test
  void aBarrierThatCannotBeProposedDoesNotHoldUpTheNext() {
    AtomicBoolean broken = new AtomicBoolean(true);
    Barriers sometimes =
        new Barriers(
            deadline -> {
              if (broken.get()) {
                throw new IllegalStateException();
              }
              return CompletableFuture.completedFuture(null);
            });
    CompletableFuture<Void> first = sometimes.await(TestEnsemble.deadline(60));
    broken.set(false);

    assertThat(first).isCompletedExceptionally();
    assertThat(sometimes.await(TestEnsemble.deadline(60))).isCompleted();
  }

  @Test
  void aFailedBarrierFailsItsOwnAndNotTheNext() {
    CompletableFuture<Void> first = barriers.await(TestEnsemble.deadline(60));
    CompletableFuture<Void> second = barriers.await(TestEnsemble.deadline(60));

    proposed.get(0).completeExceptionally(new IllegalStateException());
    proposed.get(1).complete(null);

    assertThat(first).isCompletedExceptionally();
    assertThat(second).isCompleted();
  }
}
