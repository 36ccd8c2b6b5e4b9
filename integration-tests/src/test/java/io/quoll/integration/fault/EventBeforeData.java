package io.quoll.integration.fault;

import static java.util.concurrent.CompletableFuture.delayedExecutor;

import com.google.protobuf.ByteString;
import io.quoll.client.NextEvent;
import io.quoll.client.QuollException;
import io.quoll.client.QuollSession;
import io.quoll.client.Write;
import io.quoll.client.ZnodeData;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A session that sets a data watch with each read of a znode that another session keeps changing,
 * and looks that no read shows a change before the event of that change.
 */
final class EventBeforeData {
  private static final int PAUSE_MILLIS = 5; // Lest it be all that the servers do.

  private final QuollSession watcher;
  private final QuollSession changer;
  private final String path;
  private final Executor pause;
  private final List<String> violations = new CopyOnWriteArrayList<>();
  private final AtomicInteger rounds = new AtomicInteger();
  private volatile boolean stopped;

  /** What the last read showed, and the watch that it left; confined to the watcher's executor. */
  private Optional<Seen> seen = Optional.empty();

  private record Seen(long mzxid, NextEvent watch) {}

  EventBeforeData(QuollSession watcher, QuollSession changer, String path) {
    this.watcher = watcher;
    this.changer = changer;
    this.path = path;
    this.pause = delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS, watcher.async().executor());
  }

  /** Begins to read, for as long as it is not stopped. */
  void start() {
    read();
  }

  /** Changes the znode once. */
  void change() {
    var unused = changer.async().setData(path, ByteString.EMPTY, Write.ANY_VERSION);
  }

  private void read() {
    NextEvent watch = new NextEvent();
    CompletableFuture<ZnodeData> data = watcher.async().data(path, watch);
    var unused =
        data.whenCompleteAsync(
            (found, failure) -> {
              if (failure == null) {
                look(found.stat().mzxid(), watch);
              } else {
                violations.add("a read failed: " + QuollException.in(failure));
              }
              if (!stopped) {
                pause.execute(this::read);
              }
            },
            watcher.async().executor());
  }

  private void look(long mzxid, NextEvent watch) {
    rounds.incrementAndGet();
    if (seen.isPresent() && mzxid > seen.get().mzxid() && !seen.get().watch().event().isDone()) {
      violations.add(
          "a read shows zxid %d, and the watch left at %d was told nothing"
              .formatted(mzxid, seen.get().mzxid()));
    }
    seen = Optional.of(new Seen(mzxid, watch));
  }

  void stop() {
    stopped = true;
  }

  int rounds() {
    return rounds.get();
  }

  List<String> violations() {
    return violations;
  }
}
