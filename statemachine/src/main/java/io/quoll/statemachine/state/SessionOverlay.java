package io.quoll.statemachine.state;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.TreeBasedTable;
import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The sessions as one transaction sees them: those of a view, overlaid with the transaction's own
 * changes; and with them their replies and what they own.
 *
 * <p>Confined to the apply thread.
 */
final class SessionOverlay {
  private final StateView base;
  private final NavigableMap<Long, SessionRow> rows = new TreeMap<>();
  private final TreeBasedTable<Long, Long, SessionReply> replies = TreeBasedTable.create();
  // True where the session came to own the znode, false where it ceased to.
  private final TreeBasedTable<Long, ZnodePath, Boolean> owned = TreeBasedTable.create();

  SessionOverlay(StateView base) {
    this.base = base;
  }

  Optional<Session> find(long sessionId) {
    SessionRow row = rows.get(sessionId);
    return row == null ? base.session(sessionId) : Optional.ofNullable(row.after());
  }

  ImmutableList<Session> all() {
    NavigableMap<Long, Session> all = new TreeMap<>();
    base.sessions().forEach(session -> all.put(session.id(), session));
    for (SessionRow row : rows.values()) {
      if (row.after() == null) {
        all.remove(row.sessionId());
      } else {
        all.put(row.sessionId(), row.after());
      }
    }
    return ImmutableList.copyOf(all.values());
  }

  void put(Session session) {
    rows.put(session.id(), new SessionRow(session.id(), before(session.id()), session));
  }

  void remove(long sessionId) {
    rows.put(sessionId, new SessionRow(sessionId, before(sessionId), null));
  }

  private @Nullable Session before(long sessionId) {
    SessionRow row = rows.get(sessionId);
    return row == null ? base.session(sessionId).orElse(null) : row.before();
  }

  Optional<ByteString> reply(long sessionId, long cxid) {
    if (!keepsReply(sessionId, cxid)) {
      return Optional.empty();
    }
    SessionReply reply = replies.get(sessionId, cxid);
    return reply == null ? base.reply(sessionId, cxid) : Optional.of(reply.bytes());
  }

  private boolean keepsReply(long sessionId, long cxid) {
    return find(sessionId).filter(session -> session.keepsReply(cxid)).isPresent();
  }

  void putReply(SessionReply reply) {
    replies.put(reply.sessionId(), reply.cxid(), reply);
  }

  ImmutableList<ZnodePath> ephemerals(long sessionId) {
    TreeSet<ZnodePath> paths = new TreeSet<>(base.ephemerals(sessionId));
    for (Map.Entry<ZnodePath, Boolean> each : owned.row(sessionId).entrySet()) {
      if (each.getValue()) {
        paths.add(each.getKey());
      } else {
        paths.remove(each.getKey());
      }
    }
    return ImmutableList.copyOf(paths);
  }

  /** Takes note that the znode {@code znode} now stands at {@code path}, or no longer does. */
  void note(ZnodePath path, Znode znode, boolean present) {
    if (znode.isEphemeral()) {
      owned.put(znode.ephemeralOwner(), path, present);
    }
  }

  void merge(SessionOverlay inner) {
    for (SessionRow row : inner.rows.values()) {
      rows.merge(
          row.sessionId(),
          row,
          (ours, theirs) -> new SessionRow(ours.sessionId(), ours.before(), theirs.after()));
    }
    replies.putAll(inner.replies);
    owned.putAll(inner.owned);
  }

  ImmutableList<SessionRow> rows() {
    return ImmutableList.copyOf(rows.values());
  }

  /** The replies that were recorded and are still kept. */
  ImmutableList<SessionReply> replies() {
    return replies.values().stream()
        .filter(reply -> keepsReply(reply.sessionId(), reply.cxid()))
        .collect(toImmutableList());
  }
}
