package io.quoll.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.quoll.server.coordination.SessionHold;
import io.quoll.server.coordination.SessionTraffic;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.StateStore;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The commands about sessions. They tell no secret. Thread-safe. */
final class SessionCommands {
  /** The most connections that are told of. */
  static final int CONNECTIONS_MAX = 50_000;

  /** The most paths of ephemeral znodes that are told. */
  static final int EPHEMERALS_MAX = 100_000;

  private final NodeParts parts;

  SessionCommands(NodeParts parts) {
    this.parts = parts;
  }

  ImmutableList<AdminCommand> all() {
    return ImmutableList.of(
        AdminCommand.details("connections", request -> connections(), "cons"),
        AdminCommand.details("dump", request -> dump()));
  }

  /** The sessions that are attached here. */
  ObjectNode connections() {
    ObjectNode document = AdminReply.object();
    ArrayNode rows = document.putArray("connections");
    parts.sessions().holds().stream().limit(CONNECTIONS_MAX).forEach(hold -> row(hold, rows));
    document.putArray("secure_connections");
    return document;
  }

  private static void row(SessionHold hold, ArrayNode rows) {
    SessionTraffic.Snapshot traffic = hold.traffic().snapshot();
    rows.addObject()
        .put("remote_socket_address", hold.holder().clientAddress())
        .put("outstanding_requests", Math.max(0, traffic.received() - traffic.replied()))
        .put("packets_received", traffic.received())
        .put("packets_sent", traffic.replied())
        .put("session_id", hold.sessionId())
        .put("last_operation", traffic.lastOperation())
        .put("established", wallMillis(hold.attachedNanos()))
        .put("session_timeout", hold.timeoutMillis())
        .put("last_cxid", traffic.lastCxid())
        .put("last_zxid", traffic.lastZxid())
        .put(
            "last_response_time",
            traffic.replied() == 0 ? 0 : wallMillis(traffic.lastReplyNanoTime()))
        .put("last_latency", ServerCommands.millis(traffic.lastNanos()))
        .put("min_latency", ServerCommands.millis(traffic.leastNanos()))
        .put(
            "avg_latency",
            traffic.replied() == 0
                ? 0
                : ServerCommands.millis(traffic.sumNanos() / traffic.replied()))
        .put("max_latency", ServerCommands.millis(traffic.greatestNanos()))
        .put("watches", hold.holder().watches());
  }

  private static long wallMillis(long nanoTime) {
    long agoNanos = System.nanoTime() - nanoTime;
    return System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(agoNanos);
  }

  private ObjectNode dump() {
    ObjectNode document = AdminReply.object();
    ObjectNode expiries = document.putObject("expiry_time_to_session_ids");
    expiryTimes()
        .forEach(
            (seconds, ids) -> ids.forEach(expiries.withArray(Long.toString(seconds * 1000))::add));
    ObjectNode ephemerals = document.putObject("session_id_to_ephemeral_paths");
    int told = 0;
    try (StateStore.View view = parts.store().view()) {
      for (Session session : view.sessions()) {
        ImmutableList<ZnodePath> paths = view.ephemerals(session.id());
        told += paths.size();
        if (told > EPHEMERALS_MAX) {
          break;
        }
        if (!paths.isEmpty()) {
          ArrayNode row = ephemerals.putArray(Long.toString(session.id()));
          paths.forEach(path -> row.add(path.value()));
        }
      }
    }
    return document.put("truncated", told > EPHEMERALS_MAX);
  }

  /** By the second in which they end, if they stay silent; known to the leader alone. */
  private SortedMap<Long, ImmutableList<Long>> expiryTimes() {
    long now = System.currentTimeMillis();
    SortedMap<Long, ImmutableList<Long>> times = new TreeMap<>();
    parts
        .expirer()
        .remaining()
        .forEach(
            (id, remaining) ->
                times.merge(
                    Duration.ofMillis(now).plus(remaining).toSeconds(),
                    ImmutableList.of(id),
                    SessionCommands::concat));
    return times;
  }

  private static ImmutableList<Long> concat(ImmutableList<Long> some, ImmutableList<Long> more) {
    return ImmutableList.<Long>builder().addAll(some).addAll(more).build();
  }
}
