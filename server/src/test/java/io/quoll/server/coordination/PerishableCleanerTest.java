package io.quoll.server.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.server.coordination.Consensus.Role;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.CreateMode;
import io.quoll.statemachine.command.Delete;
import io.quoll.statemachine.command.DeleteIfUnused;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.StateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PerishableCleanerTest {
  private static final Duration INTERVAL = Duration.ofMinutes(1);
  private static final int PER_MINUTE = 120;

  private final AtomicLong nanos = new AtomicLong();
  private final FakeStore store = new FakeStore();
  private final FakeConsensus consensus = new FakeConsensus(store, new AppliedListeners());
  private final AtomicLong wallMillis = new AtomicLong(1_000);
  private final PerishableCleaner cleaner =
      new PerishableCleaner(
          consensus,
          store,
          INTERVAL,
          PER_MINUTE,
          () -> Instant.ofEpochMilli(wallMillis.get()),
          nanos::get);

  @Test
  void aContainerThatLostItsLastChildIsDeleted() {
    lead();
    container("/left");
    create("/left/child", CreateMode.PERSISTENT, 0);
    submit(new Delete(ZnodePath.of("/left/child"), -1));

    pass(INTERVAL);

    assertThat(isThere("/left")).isFalse();
  }

  @Test
  void aContainerThatIsNewOrHasChildrenIsKept() {
    lead();
    container("/new");
    container("/used");
    create("/used/child", CreateMode.PERSISTENT, 0);

    pass(INTERVAL);

    assertThat(isThere("/new")).isTrue();
    assertThat(isThere("/used")).isTrue();
    assertThat(consensus.commands()).noneMatch(DeleteIfUnused.class::isInstance);
  }

  @Test
  void aZnodeIsDeletedOnceItsTimeToLiveHasPassed() {
    lead();
    create("/brief", CreateMode.PERSISTENT_WITH_TTL, 5_000);
    pass(INTERVAL);
    assertThat(isThere("/brief")).isTrue();

    wallMillis.addAndGet(6_000);
    consensus.stepWallClock(Duration.ofSeconds(6));
    pass(INTERVAL);

    assertThat(isThere("/brief")).isFalse();
  }

  @Test
  void whatAClockThatIsAheadTakesForUnusedIsKeptByTheTimeOfTheLog() {
    lead();
    create("/brief", CreateMode.PERSISTENT_WITH_TTL, 5_000);

    wallMillis.addAndGet(1_000_000);
    pass(INTERVAL);

    assertThat(consensus.commands()).last().isInstanceOf(DeleteIfUnused.class);
    assertThat(isThere("/brief")).isTrue();
  }

  @Test
  void onlyALeaderCleans() {
    createUnused(1);

    pass(INTERVAL);

    assertThat(isThere("/brief-0")).isTrue();
  }

  @Test
  void whatALeaderDecidedDoesNotOutlastItsTerm() {
    lead();
    createUnused(1);
    consensus.delaySubmissions();
    pass(INTERVAL);

    consensus.become(Role.FOLLOWER, 9);
    consensus.submitDelayed();

    assertThat(isThere("/brief-0")).isTrue();
  }

  @Test
  void noMoreAreDeletedInASecondThanTheRateAllows() {
    lead();
    createUnused(5);
    pass(INTERVAL.minus(PerishableCleaner.STEP));

    pass(PerishableCleaner.STEP);
    assertThat(deletions()).isEqualTo(2);

    pass(PerishableCleaner.STEP.multipliedBy(2));
    assertThat(deletions()).isEqualTo(5);
    assertThat(isThere("/brief-4")).isFalse();
  }

  @Test
  void nothingMoreIsProposedWhileProposalsAreUnderWay() {
    lead();
    createUnused(5);
    consensus.fallSilent();

    pass(INTERVAL.multipliedBy(2));

    assertThat(deletions()).isEqualTo(2);
  }

  @Test
  void aRoundGoesThroughAllPages() {
    lead();
    for (int i = 0; i < 2_500; i++) {
      container("/container-" + i);
    }
    create("/deep", CreateMode.PERSISTENT, 0);
    create("/deep/brief", CreateMode.PERSISTENT_WITH_TTL, 1);
    age();

    pass(INTERVAL);

    assertThat(isThere("/deep/brief")).isFalse();
  }

  private void lead() {
    consensus.become(Role.LEADER, 3);
  }

  private void container(String path) {
    create(path, CreateMode.CONTAINER, 0);
  }

  private void createUnused(int count) {
    for (int i = 0; i < count; i++) {
      create("/brief-" + i, CreateMode.PERSISTENT_WITH_TTL, 1);
    }
    age();
  }

  private void age() {
    wallMillis.addAndGet(100_000);
    consensus.stepWallClock(Duration.ofSeconds(100));
  }

  private void create(String path, CreateMode mode, long ttlMillis) {
    submit(Create.at(path, mode, ttlMillis, null, Acl.OPEN));
  }

  private void submit(Command command) {
    var unused = consensus.submit(Caller.ANONYMOUS, command, 0).join();
  }

  private long deletions() {
    return consensus.commands().stream().filter(DeleteIfUnused.class::isInstance).count();
  }

  private boolean isThere(String path) {
    try (StateStore.View view = store.view()) {
      return view.contains(ZnodePath.of(path));
    }
  }

  private void pass(Duration time) {
    for (long left = time.toSeconds(); left > 0; left--) {
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
      cleaner.step();
    }
  }
}
