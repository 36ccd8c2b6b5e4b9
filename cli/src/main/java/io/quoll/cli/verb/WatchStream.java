package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.cli.reply.EventText;
import io.quoll.cli.reply.Output;
import io.quoll.cli.reply.StatReply;
import io.quoll.cli.tree.Ensemble;
import io.quoll.client.QuollException;
import io.quoll.client.TreeWatch;
import io.quoll.client.WatchEvent;
import io.quoll.client.WatchListener;
import io.quoll.client.WatchOptions;
import io.quoll.client.WatchedZnode;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Prints what a watch tells, a line each, until the thread is interrupted or the watch ends. */
record WatchStream(String path, WatchOptions options) implements Command.Task {
  @Override
  public void run(Ensemble ensemble, Output output) {
    Printer printer = new Printer(path, output);
    try (TreeWatch watch = ensemble.client().watch(path, options, printer)) {
      printer.end.get();
    } catch (InterruptedException enough) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      throw new IllegalStateException(failed);
    }
  }

  /** Confined to the thread that tells what the watch sees, but for its end. */
  private static final class Printer implements WatchListener {
    final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
    private final String path;
    private final Output output;
    private long startZxid;
    private boolean isInterrupted;

    Printer(String path, Output output) {
      this.path = path;
      this.output = output;
    }

    @Override
    public void onStarted(long zxid) {
      startZxid = zxid;
      print(
          () ->
              output.state(
                  "Watching " + path + " from zxid " + zxid + " on",
                  ImmutableMap.of("watching", path, "zxid", zxid)));
    }

    @Override
    public void onState(ImmutableList<WatchedZnode> znodes, boolean last) {
      print(
          () -> {
            for (WatchedZnode znode : znodes) {
              output.event(
                  line(startZxid, znode.stat().mtimeMillis(), "Node", znode.path()),
                  ImmutableMap.<String, Object>builder()
                      .put("type", "NODE")
                      .putAll(new StatReply(znode.path(), znode.stat(), true).json())
                      .buildOrThrow());
            }
          });
    }

    @Override
    public void onEvents(long zxid, long timeMillis, ImmutableList<WatchEvent> events) {
      isInterrupted = false;
      print(
          () -> {
            for (WatchEvent event : events) {
              output.event(
                  line(zxid, timeMillis, EventText.name(event.type()), event.path()),
                  ImmutableMap.of(
                      "type",
                      event.type().name(),
                      "path",
                      event.path(),
                      "zxid",
                      zxid,
                      "timeMillis",
                      timeMillis));
            }
          });
    }

    @Override
    public void onBookmark(long zxid) {
      isInterrupted = false;
    }

    @Override
    public void onInterrupted(QuollException reason) {
      if (!isInterrupted) { // Said once, however often it is tried again.
        isInterrupted = true;
        print(
            () ->
                output.state(
                    "Interrupted, going on as soon as a server answers: " + reason.getMessage(),
                    ImmutableMap.of("interrupted", String.valueOf(reason.getMessage()))));
      }
    }

    @Override
    public void onTrimmed(long throughZxid) {
      print(
          () ->
              output.failure(
                  "TRIMMED",
                  "the history no longer has the events up to zxid "
                      + throughZxid
                      + "; read the state anew",
                  ImmutableMap.of("path", path, "throughZxid", throughZxid)));
      end.complete(null);
    }

    @Override
    public void onEnded(QuollException reason) {
      end.completeExceptionally(reason);
    }

    /** Whoever read the output may have seen enough: then that is the end. */
    private void print(Runnable printing) {
      try {
        printing.run();
      } catch (RuntimeException closed) {
        end.completeExceptionally(closed);
      }
    }

    private static String line(long zxid, long timeMillis, String what, String path) {
      return zxid + " " + Instant.ofEpochMilli(timeMillis) + " " + what + " " + path;
    }
  }
}
