package io.quoll.server;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the {@link Supervisor} again and again that the node is alive, for as long as each part of
 * it gets on. A part that stands still keeps the node from doing its work, and from ending by
 * itself; then the supervisor hears nothing, and ends it.
 *
 * <p>Started once and closed once, by one thread; {@link #ailment} may be asked by any.
 */
final class Heartbeat implements AutoCloseable {
  /** How long a part may stand still, as a part of what the supervisor waits. */
  private static final int SILENCES_IN_WATCHDOG = 2;

  private static final int BEATS_IN_WATCHDOG = 4;
  private static final Duration UNWATCHED = Duration.ofSeconds(40);
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  private final Supervisor supervisor;
  private final ImmutableList<Part> parts;
  private final Supplier<String> status;
  private final LongSupplier nanoTime;
  private final Duration watchdog;
  private final ScheduledExecutorService executor =
      new ScheduledThreadPoolExecutor(
          1, new ThreadFactoryBuilder().setNameFormat("quoll-heartbeat").setDaemon(true).build());

  /**
   * What the node cannot do without.
   *
   * @param name for people
   * @param lastAliveNanos when it was last seen to get on, on the clock of the heartbeat
   */
  record Part(String name, LongSupplier lastAliveNanos) {}

  /**
   * At rest.
   *
   * @param status how the node stands, for people
   * @param nanoTime the clock
   */
  Heartbeat(
      Supervisor supervisor,
      ImmutableList<Part> parts,
      Supplier<String> status,
      LongSupplier nanoTime) {
    this.supervisor = supervisor;
    this.parts = parts;
    this.status = status;
    this.nanoTime = nanoTime;
    this.watchdog = supervisor.watchdog().orElse(UNWATCHED);
  }

  /** Beats now, and from now on in time. */
  void start() {
    long period = watchdog.dividedBy(BEATS_IN_WATCHDOG).toNanos();
    var unused = executor.scheduleWithFixedDelay(this::guarded, 0, period, NANOSECONDS);
  }

  private void guarded() {
    try {
      beat();
    } catch (RuntimeException failure) { // The next beat may do better; the supervisor waits.
      LOG.warn("Could not find out whether this server is alive", failure);
    }
  }

  /** Tells the supervisor once. */
  void beat() {
    Optional<String> ailment = ailment();
    if (ailment.isEmpty()) {
      supervisor.alive(status.get());
      return;
    }
    LOG.error("This server is not alive: {}", ailment.get());
    supervisor.ailing("Not alive: " + ailment.get());
  }

  /** Which part stands still, for people, if one does. Thread-safe. */
  Optional<String> ailment() {
    return parts.stream()
        .filter(this::standsStill)
        .findFirst()
        .map(
            part ->
                "%s: nothing moved for %d s"
                    .formatted(part.name(), NANOSECONDS.toSeconds(silence(part))));
  }

  private boolean standsStill(Part part) {
    return silence(part) > watchdog.dividedBy(SILENCES_IN_WATCHDOG).toNanos();
  }

  private long silence(Part part) {
    return nanoTime.getAsLong() - part.lastAliveNanos().getAsLong();
  }

  /** Beats no more. */
  @Override
  public void close() {
    executor.shutdownNow();
    try {
      executor.awaitTermination(1, SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
