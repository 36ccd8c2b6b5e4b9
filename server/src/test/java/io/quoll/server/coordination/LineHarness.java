package io.quoll.server.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Identities;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The line of a session on a replica of fakes, with a znode {@code /app}. */
final class LineHarness implements AutoCloseable {
  static final long LATER = System.nanoTime() + Duration.ofMinutes(10).toNanos();
  static final int WAIT_SECONDS = 10;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final AppliedListeners listeners = new AppliedListeners();
  private final ZxidWaiters waiters = new ZxidWaiters(0, timer);
  private final Semaphore woken = new Semaphore(0);
  final FakeStore store = new FakeStore();
  final FakeConsensus consensus = new FakeConsensus(store, listeners);
  final Watches watches = new Watches(store);
  final Sessions sessions =
      new Sessions(consensus, store, SessionTiming.ofTick(Duration.ofSeconds(2)));
  final Coordinator coordinator =
      new Coordinator(consensus, store, waiters, 2, (code, message, cause) -> {});
  final Outbox outbox = new Outbox(Identities.NONE, store::publishedZxid, woken::release);
  final SessionHold hold;
  final SessionLine line;
  private long lastXid;
  private long lastCxid;

  LineHarness() {
    listeners.add(watches);
    listeners.add(sessions);
    listeners.add(waiters);
    hold = sessions.open(10_000, new Deaf(), LATER).join();
    line =
        new SessionLine(
            hold,
            coordinator,
            sessions,
            watches,
            outbox,
            new Authentication(Authentication.Settings.OPEN),
            woken::release);
    Object unused = coordinator.sync(LATER).join();
    unused = coordinator.submit(Caller.ANONYMOUS, create("/app"), LATER).join();
  }

  /** A holder that nobody asks. */
  static final class Deaf implements SessionHolder {
    @Override
    public void onEnd(RuntimeException reason) {}

    @Override
    public int watches() {
      return 0;
    }
  }

  static Create create(String path) {
    return Create.at(path, false, null, Acl.OPEN);
  }

  long nextXid() {
    return ++lastXid;
  }

  long lastXid() {
    return lastXid;
  }

  SessionRequest.Write write(Command command) {
    return new SessionRequest.Write(nextXid(), ++lastCxid, command);
  }

  /** Lets the line go on until so many replies are among {@code items}, or for some seconds. */
  void drain(List<SessionItem> items, int replies) {
    consensus.releaseReplies();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (items.stream().filter(SessionItem.Reply.class::isInstance).count() < replies
        && System.nanoTime() < end) {
      consensus.submitDelayed();
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

  /** No reply shows a zxid before the events of it, no event comes late, and nothing goes back. */
  static void assertOrdered(List<SessionItem> items, long seed) {
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

  @Override
  public void close() {
    line.abandon();
    coordinator.close();
    timer.shutdownNow();
  }
}
