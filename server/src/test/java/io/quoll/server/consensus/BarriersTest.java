package io.quoll.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
    CompletableFuture<Void> first = barriers.await(10);
    CompletableFuture<Void> second = barriers.await(10);

    proposed.get(0).complete(null);

    assertThat(first).isCompleted();
    assertThat(second).isNotDone();
    assertThat(proposed).hasSize(2);
  }

  @Test
  void thoseWhoWaitTogetherShareOne() {
    var unused = barriers.await(10);
    CompletableFuture<Void> second = barriers.await(10);
    CompletableFuture<Void> third = barriers.await(10);

    proposed.get(0).complete(null);
    proposed.get(1).complete(null);

    assertThat(second).isCompleted();
    assertThat(third).isCompleted();
    assertThat(proposed).hasSize(2);
  }

  @Test
  void aFailedBarrierFailsItsOwnAndNotTheNext() {
    CompletableFuture<Void> first = barriers.await(10);
    CompletableFuture<Void> second = barriers.await(10);

    proposed.get(0).completeExceptionally(new IllegalStateException());
    proposed.get(1).complete(null);

    assertThat(first).isCompletedExceptionally();
    assertThat(second).isCompleted();
  }
}
