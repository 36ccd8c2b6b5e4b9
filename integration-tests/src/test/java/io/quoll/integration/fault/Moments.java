package io.quoll.integration.fault;

import static org.awaitility.Awaitility.await;

import io.quoll.integration.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/** Waits for bad moments, or brings them about. Not thread-safe. */
final class Moments {
  private static final Duration SNAPSHOT_MAX = Duration.ofSeconds(10);
  private static final Duration PURGE_MAX = Duration.ofSeconds(40);
  private static final Duration INSTALL_MAX = Duration.ofSeconds(20);
  private static final Duration LOOK = Duration.ofMillis(1);

  private final Site site;
  private final Departures departures;

  Moments(Site site, Departures departures) {
    this.site = site;
    this.departures = departures;
  }

  /**
   * Returns in the moment, or when it has not come for long.
   *
   * @param mayEnd gets the numbers of servers that are asked to stop for it
   * @return whether it is the moment
   */
  boolean reach(Moment moment, ServerProcess victim, Set<Integer> mayEnd) {
    return switch (moment) {
      case ANY -> true;
      case SNAPSHOT -> comes(SNAPSHOT_MAX, () -> isInSnapshot(victim));
      case INSTALL -> makeInstall(victim);
      case HAND_OVER -> handOver(mayEnd);
      case EXPIRY -> departures.awaitExpiry();
    };
  }

  private boolean handOver(Set<Integer> mayEnd) {
    ServerProcess leader = site.ensemble().leader();
    mayEnd.add(site.idOf(leader));
    leader.askToStop();
    return true;
  }

  /** Has a follower miss so much that it needs a snapshot, and start again. */
  private boolean makeInstall(ServerProcess victim) {
    ServerProcess leader = site.ensemble().leader();
    ServerProcess follower =
        site.ensemble().allBut(leader).stream()
            .filter(server -> !server.equals(victim))
            .findFirst()
            .orElseThrow();
    long applied = RaftLog.appliedIndex(follower);
    follower.kill();
    boolean purged = comes(PURGE_MAX, () -> !RaftLog.reaches(leader, applied));
    follower.launch();
    return purged && comes(INSTALL_MAX, () -> isReceiving(follower));
  }

  private static boolean comes(Duration most, Callable<Boolean> condition) {
    try {
      await().atMost(most).pollDelay(Duration.ZERO).pollInterval(LOOK).until(condition);
      return true;
    } catch (ConditionTimeoutException never) {
      return false;
    }
  }

  private static boolean isInSnapshot(ServerProcess server) {
    return hasSnapshot(server, ".*\\.incomplete");
  }

  private static boolean isReceiving(ServerProcess server) {
    return hasSnapshot(server, "received.*");
  }

  private static boolean hasSnapshot(ServerProcess server, String name) {
    try (Stream<Path> paths = Files.list(server.dataDirectory().resolve("snapshots"))) {
      return paths.anyMatch(path -> path.getFileName().toString().matches(name));
    } catch (UncheckedIOException | IOException changing) {
      return false; // Looked at while it changes; the next look tells.
    }
  }
}
