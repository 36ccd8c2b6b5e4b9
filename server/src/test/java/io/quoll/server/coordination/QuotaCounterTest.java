package io.quoll.server.coordination;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.server.coordination.Consensus.Role;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.CountQuota;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.Multi;
import io.quoll.statemachine.command.SetQuota;
import io.quoll.statemachine.query.Answer;
import io.quoll.statemachine.query.GetQuota;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.QuotaLimits;
import io.quoll.statemachine.state.QuotaUsage;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.StateStore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuotaCounterTest {
  private static final ZnodePath LARGE = ZnodePath.of("/large");
  private static final QuotaLimits LIMITS = new QuotaLimits(QuotaLimits.NONE, 1, 100_000, 1);

  private final FakeStore store = new FakeStore();
  private final FakeConsensus consensus = new FakeConsensus(store, new AppliedListeners());
  private final QuotaCounter counter = new QuotaCounter(consensus, store, System::nanoTime);

  @Test
  void theLeaderHasALargeSubtreeCountedToItsEnd() {
    lead();
    createLarge(2 * CountQuota.ZNODES_MAX + 1);
    submit(new SetQuota(LARGE, LIMITS));

    counter.step();

    assertThat(quota())
        .isEqualTo(
            new Answer.Quota(LIMITS, new QuotaUsage(2L * CountQuota.ZNODES_MAX + 2, 0), true));
  }

  @Test
  void nothingIsProposedWhereThereIsNothingToCount() {
    lead();
    createLarge(3);
    submit(new SetQuota(LARGE, LIMITS));

    counter.step();

    assertThat(consensus.commands()).noneMatch(CountQuota.class::isInstance);
  }

  @Test
  void aFollowerLeavesItToTheLeader() {
    createLarge(CountQuota.ZNODES_MAX + 1);
    submit(new SetQuota(LARGE, LIMITS));

    counter.step();

    assertThat(consensus.commands()).noneMatch(CountQuota.class::isInstance);
  }

  private Answer quota() {
    try (StateStore.View view = store.view()) {
      return Answer.of(new GetQuota(LARGE), view, Identities.NONE);
    }
  }

  private void lead() {
    consensus.become(Role.LEADER, 7);
  }

  private void createLarge(int children) {
    submit(Create.at("/large", false, null, Acl.OPEN));
    submit(
        new Multi(
            IntStream.range(0, children)
                .mapToObj(i -> Create.at("/large/" + i, false, null, Acl.OPEN))
                .collect(toImmutableList())));
  }

  private void submit(Command command) {
    Object unused =
        consensus.submit(Caller.ANONYMOUS, command, System.nanoTime() + (1L << 40)).join();
  }
}
