package io.quoll.server.admin;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.annotations.VisibleForTesting;
import com.google.common.util.concurrent.Uninterruptibles;
import io.quoll.server.coordination.Audit;
import io.quoll.server.coordination.AuditEvent;
import io.quoll.server.coordination.Measured;
import io.quoll.server.coordination.Measurements;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Writes the audit log: one JSON object a line, with ZooKeeper's names of the fields. A thread of
 * its own writes; who notes something never waits for the disk. What comes while {@link
 * #EVENTS_MAX} wait is dropped, and the log says how many were. Thread-safe; started and closed
 * once.
 */
public final class AuditLog implements Audit, Measured, AutoCloseable {
  /** The events that wait to be written. */
  static final int EVENTS_MAX = 10_000;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration IDLE = Duration.ofMillis(200);
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(3);

  private final int serverId;
  private final Consumer<String> lines;
  private final InstantSource clock;
  private final BlockingQueue<Noted> queue = new ArrayBlockingQueue<>(EVENTS_MAX);
  private final LongAdder dropped = new LongAdder();
  private final LongAdder written = new LongAdder();
  private final Thread thread = new Thread(this::run, "quoll-audit");
  private volatile boolean closed;
  private long droppedTold; // Of the thread.

  private record Noted(Instant at, AuditEvent event) {}

  /**
   * A log that is not written yet.
   *
   * @param serverId this server's number
   * @param lines takes the lines
   */
  public AuditLog(int serverId, Consumer<String> lines, InstantSource clock) {
    this.serverId = serverId;
    this.lines = lines;
    this.clock = clock;
    thread.setDaemon(true);
  }

  /** Writes from now on. */
  public void start() {
    thread.start();
  }

  @Override
  public boolean isOn() {
    return true;
  }

  @Override
  public void note(AuditEvent event) {
    if (!queue.offer(new Noted(clock.instant(), event))) {
      dropped.increment();
    }
  }

  private void run() {
    try {
      while (!closed || !queue.isEmpty()) {
        Noted next = queue.poll(IDLE.toMillis(), MILLISECONDS);
        if (next != null) {
          write(next);
        }
        tellDropped();
      }
    } catch (InterruptedException nobody) { // The thread is known to this object alone.
      throw new IllegalStateException(nobody);
    }
  }

  private void write(Noted noted) {
    lines.accept(line(noted));
    written.increment();
  }

  // Beside the events that came after, of which there may be some before it.
  private void tellDropped() {
    long now = dropped.sum();
    if (now != droppedTold) {
      ObjectNode line = start(clock.instant()).put("operation", "dropped");
      lines.accept(text(line.put("count", now - droppedTold)));
      droppedTold = now;
    }
  }

  private ObjectNode start(Instant at) {
    return JSON.createObjectNode().put("time", at.toString()).put("server", serverId);
  }

  @VisibleForTesting
  String line(Instant at, AuditEvent event) {
    return line(new Noted(at, event));
  }

  private String line(Noted noted) {
    AuditEvent event = noted.event();
    ObjectNode line = start(noted.at());
    if (event.sessionId() != 0) {
      line.put("session", "0x" + Long.toHexString(event.sessionId()));
    }
    putUnlessEmpty(line, "user", event.users());
    putUnlessEmpty(line, "ip", event.address());
    line.put("operation", event.operation());
    putUnlessEmpty(line, "znode", event.path());
    line.put("result", event.isSuccess() ? "success" : "failure");
    if (!event.isSuccess()) {
      line.put("code", event.code());
    }
    if (event.zxid() != 0) {
      line.put("zxid", event.zxid());
    }
    if (!event.parts().isEmpty()) {
      ArrayNode parts = line.putArray("parts");
      for (AuditEvent.Part part : event.parts()) {
        parts.addObject().put("operation", part.operation()).put("znode", part.path());
      }
    }
    putUnlessEmpty(line, "detail", event.detail());
    return text(line);
  }

  private static void putUnlessEmpty(ObjectNode line, String name, String value) {
    if (!value.isEmpty()) {
      line.put(name, value);
    }
  }

  private static String text(ObjectNode line) {
    try {
      return JSON.writeValueAsString(line);
    } catch (JsonProcessingException impossible) { // A tree of nodes can always be written.
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void measure(Measurements to) {
    to.counter("quoll_audit_events_total", "Events in the audit log.", written.sum());
    to.counter(
        "quoll_audit_dropped_total",
        "Events that are not in the audit log, because it was written too slowly.",
        dropped.sum());
  }

  /** Writes what is left, for a moment at most. */
  @Override
  public void close() {
    closed = true;
    Uninterruptibles.joinUninterruptibly(thread, CLOSED_WITHIN.toMillis(), MILLISECONDS);
  }
}
