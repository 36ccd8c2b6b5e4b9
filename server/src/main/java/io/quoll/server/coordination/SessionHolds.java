package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is attached at this replica: each session once, by its latest attachment. Thread-safe. */
final class SessionHolds {
  // Changed under the lock of this object, so that it is known who has replaced whom.
  private final Map<Long, SessionHold> holds = new ConcurrentHashMap<>();

  int size() {
    return holds.size();
  }

  @Nullable SessionHold find(long sessionId) {
    return holds.get(sessionId);
  }

  boolean contains(long sessionId) {
    return holds.containsKey(sessionId);
  }

  ImmutableList<SessionHold> all() {
    return ImmutableList.copyOf(holds.values());
  }

  /**
   * Puts {@code hold} into the place of the one that it replaces, which it returns.
   *
   * @throws io.quoll.statemachine.state.Rejection {@code SESSION_MOVED} if that one is newer
   */
  synchronized Optional<SessionHold> enlist(SessionHold hold) {
    SessionHold former = holds.get(hold.sessionId());
    if (former != null && former.epoch() > hold.epoch()) {
      throw SessionEnd.moved();
    }
    holds.put(hold.sessionId(), hold);
    return Optional.ofNullable(former);
  }

  /** Tells whether {@code hold} was still there. */
  synchronized boolean remove(SessionHold hold) {
    return holds.remove(hold.sessionId(), hold);
  }

  /** Removes {@code hold} and tells its holder, unless it is over already. */
  void end(SessionHold hold, RuntimeException reason) {
    if (remove(hold)) {
      hold.holder().onEnd(reason);
    }
  }
}
