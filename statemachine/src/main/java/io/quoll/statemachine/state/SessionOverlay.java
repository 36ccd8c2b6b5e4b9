package io.quoll.statemachine.state;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Table;
import com.google.common.collect.TreeBasedTable;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
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
  private final NavigableMap<Long, Touched> touched = new TreeMap<>();
  // True where the session came to own the znode, false where it ceased to. Null while there is
  // nothing, for each write has an overlay, and few write ephemeral znodes.
  private @Nullable Table<Long, ZnodePath, Boolean> owned;

  SessionOverlay(StateView base) {
    this.base = base;
  }

  /** A session that the transaction changed. */
  private static final class Touched {
    private final @Nullable Session before;
    private @Nullable Session after;
    // In the order of their numbers, which follow each other; some may not be kept any more.
    private final List<SessionReply> replies = new ArrayList<>();

    Touched(@Nullable Session before) {
      this.before = before;
    }

    @Nullable SessionReply reply(long cxid) {
      if (replies.isEmpty() || cxid < replies.get(0).cxid()) {
        return null;
      }
      return replies.get(Math.toIntExact(cxid - replies.get(0).cxid()));
    }
  }

  Optional<Session> find(long sessionId) {
    Touched session = touched.get(sessionId);
    return session == null ? base.session(sessionId) : Optional.ofNullable(session.after);
  }

  ImmutableList<Session> all() {
    NavigableMap<Long, Session> all = new TreeMap<>();
    base.sessions().forEach(session -> all.put(session.id(), session));
    touched.forEach(
        (sessionId, session) -> {
          if (session.after == null) {
            all.remove(sessionId);
          } else {
            all.put(sessionId, session.after);
          }
        });
    return ImmutableList.copyOf(all.values());
  }

  void put(Session session) {
    touch(session.id()).after = session;
  }

  void remove(long sessionId) {
    touch(sessionId).after = null;
  }

  private Touched touch(long sessionId) {
    Touched session = touched.get(sessionId);
    if (session == null) {
      session = new Touched(base.session(sessionId).orElse(null));
      session.after = session.before;
      touched.put(sessionId, session);
    }
    return session;
  }

  Optional<ByteString> reply(long sessionId, long cxid) {
    if (find(sessionId).filter(session -> session.keepsReply(cxid)).isEmpty()) {
      return Optional.empty();
    }
    Touched session = touched.get(sessionId);
    SessionReply reply = session == null ? null : session.reply(cxid);
    return reply == null ? base.reply(sessionId, cxid) : Optional.of(reply.bytes());
  }

  /** Adds the reply to the last write of a session. */
  void putReply(SessionReply reply) {
    touch(reply.sessionId()).replies.add(reply);
  }

  ImmutableList<ZnodePath> ephemerals(long sessionId) {
    TreeSet<ZnodePath> paths = new TreeSet<>(base.ephemerals(sessionId));
    if (owned != null) {
      for (Map.Entry<ZnodePath, Boolean> each : owned.row(sessionId).entrySet()) {
        if (each.getValue()) {
          paths.add(each.getKey());
        } else {
          paths.remove(each.getKey());
        }
      }
    }
    return ImmutableList.copyOf(paths);
  }

  /** Takes note that the znode {@code znode} now stands at {@code path}, or no longer does. */
  void note(ZnodePath path, Znode znode, boolean present) {
    if (znode.isEphemeral()) {
      owned().put(znode.ephemeralOwner(), path, present);
    }
  }

  private Table<Long, ZnodePath, Boolean> owned() {
    if (owned == null) {
      owned = TreeBasedTable.create();
    }
    return owned;
  }

  void merge(SessionOverlay inner) {
    inner.touched.forEach(
        (sessionId, theirs) -> {
          Touched ours = touch(sessionId);
          ours.after = theirs.after;
          ours.replies.addAll(theirs.replies);
        });
    if (inner.owned != null) {
      owned().putAll(inner.owned);
    }
  }

  ImmutableList<SessionRow> rows() {
    ImmutableList.Builder<SessionRow> rows = ImmutableList.builder();
    touched.forEach(
        (sessionId, session) -> rows.add(new SessionRow(sessionId, session.before, session.after)));
    return rows.build();
  }

  /** The replies that were recorded and are still kept. */
  ImmutableList<SessionReply> replies() {
    ImmutableList.Builder<SessionReply> kept = ImmutableList.builder();
    for (Touched session : touched.values()) {
      Session after = session.after;
      for (SessionReply reply : session.replies) {
        if (after != null && after.keepsReply(reply.cxid())) {
          kept.add(reply);
        }
      }
    }
    return kept.build();
  }
}
