package io.quoll.integration;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollSession;
import io.quoll.client.WatchEvent;
import io.quoll.client.WatchMode;
import io.quoll.client.Write;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * How often watches tell: a session has watches of several kinds on one znode, which changes all
 * the time while they are set, fall due and move to other servers.
 */
class WatchCountIT {
  private static final int CHANGES = 4_000;
  private static final int CHANGES_IN_FLIGHT = 20;
  private static final int MOVES = 8;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private static Ensemble ensemble;
  private static Clients clients;

  @BeforeAll
  static void start() {
    ensemble = Ensemble.start("watch-count");
    clients = new Clients(TIMEOUT);
  }

  @AfterAll
  static void stop() {
    clients.close();
    ensemble.close();
  }

  private static CompletableFuture<Long> change(QuollSession changer, String node) {
    return changer
        .async()
        .setData(node, ByteString.EMPTY, Write.ANY_VERSION)
        .thenApply(stat -> stat.mzxid());
  }

  /** Changes the znode again and again, {@link #CHANGES_IN_FLIGHT} at a time; the zxids. */
  private static List<Long> changeOften(QuollSession changer, String node) {
    return IntStream.range(0, CHANGES / CHANGES_IN_FLIGHT)
        .boxed()
        .flatMap(
            round ->
                IntStream.range(0, CHANGES_IN_FLIGHT)
                    .mapToObj(i -> change(changer, node))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join))
        .collect(toImmutableList());
  }

  /** Reads the znode with a watch, and again whenever that has fallen due. */
  private static void watchOnceAndAgain(
      QuollSession watcher, String node, Queue<Long> told, CompletableFuture<?> end) {
    if (end.isDone()) {
      return;
    }
    var unused =
        watcher
            .async()
            .data(
                node,
                event -> {
                  told.add(event.zxid());
                  watchOnceAndAgain(watcher, node, told, end);
                });
  }

  private static List<Long> zxids(List<WatchEvent> events) {
    return events.stream().map(WatchEvent::zxid).collect(toImmutableList());
  }

  @Test
  void eachWatchTellsEachChangeOnceWhateverOthersOnTheZnodeTell() throws Exception {
    QuollSession changer = clients.open(ensemble.startingWith(2));
    String home = clients.home(changer);
    String node = changer.create(home + "/node", null, CreateMode.PERSISTENT).path();
    Told persistent = new Told();
    Told recursive = new Told();
    Queue<Long> oneShot = new ConcurrentLinkedQueue<>();
    CompletableFuture<List<Long>> changes;
    try (Relay near = Relay.to(ensemble.server(1));
        Relay far = Relay.to(ensemble.server(3));
        QuollSession watcher = clients.open(near, far)) {
      watcher.sync("/");
      watcher.addWatch(node, WatchMode.PERSISTENT, persistent);
      watcher.addWatch(home, WatchMode.PERSISTENT_RECURSIVE, recursive);
      changes = CompletableFuture.supplyAsync(() -> changeOften(changer, node));
      watchOnceAndAgain(watcher, node, oneShot, changes);

      for (int i = 0; i < MOVES && !changes.isDone(); i++) {
        Relay left = i % 2 == 0 ? near : far;
        left.cut();
        watcher.sync("/");
        left.mend();
      }
      changes.get(2, TimeUnit.MINUTES);

      assertThat(zxids(persistent.events(watcher))).isEqualTo(changes.join());
      assertThat(zxids(recursive.events(watcher))).isEqualTo(changes.join());
      assertThat(oneShot).doesNotHaveDuplicates().isSubsetOf(changes.join()).isNotEmpty();
    }
  }
}
