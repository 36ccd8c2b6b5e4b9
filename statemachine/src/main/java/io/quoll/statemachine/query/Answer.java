package io.quoll.statemachine.query;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.QuotaLimits;
import io.quoll.statemachine.state.QuotaUsage;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.Stat;
import io.quoll.statemachine.state.StateView;
import org.jspecify.annotations.Nullable;

/** What a query found. */
@Immutable
public sealed interface Answer {
  /** The data of a znode, which may be null, and its stat. */
  record Data(@Nullable ByteString data, Stat stat) implements Answer {}

  /** The stat of a znode, or null where there is none. */
  record Found(@Nullable Stat stat) implements Answer {}

  /**
   * A page of children.
   *
   * @param stat the parent's stat
   * @param children the children of this page, in the order of their names
   * @param next the name after which the next page begins; empty if this is the last page
   */
  record Children(Stat stat, ImmutableList<Child> children, String next) implements Answer {}

  /**
   * One child of a page.
   *
   * @param name its name, without the parent's path
   * @param stat its stat, or null if that was not asked, or is not the caller's to see
   * @param data its data, or null if that was not asked, is not the caller's to see, or is null
   */
  @Immutable
  record Child(String name, @Nullable Stat stat, @Nullable ByteString data) {}

  /**
   * A part of a count.
   *
   * @param count the znodes counted by this query
   * @param next the path after which to go on counting; null if all were counted
   */
  record Count(int count, @Nullable String next) implements Answer {}

  /** The ACL of a znode, as the caller may see it, and its stat. */
  record AclFound(Acl acl, Stat stat) implements Answer {}

  /** Paths, in the order of their characters. */
  record Paths(ImmutableList<String> paths) implements Answer {}

  /**
   * A page of sessions.
   *
   * @param sessions the sessions of this page, in the order of their ids
   * @param more whether there are sessions behind them
   */
  record Sessions(ImmutableList<SessionFound> sessions, boolean more) implements Answer {}

  /**
   * One session of a page.
   *
   * @param session the session
   * @param ephemerals how many ephemeral znodes it owns
   */
  @Immutable
  record SessionFound(Session session, int ephemerals) {}

  /**
   * The quota of a subtree.
   *
   * @param limits what it may hold
   * @param usage what it holds
   * @param whole whether all that it holds is counted in the usage
   */
  record Quota(QuotaLimits limits, QuotaUsage usage, boolean whole) implements Answer {}

  /** The answers to the parts of a multi-read, in their order; some may be rejections. */
  record All(ImmutableList<Answer> parts) implements Answer {}

  /** There is no answer, for the reason {@code code}. */
  record Rejected(ErrorCode code, String path, String detail) implements Answer {}

  /** Answers {@code query}, which {@code caller} asks, from {@code state}. */
  static Answer of(Query query, StateView state, Identities caller) {
    try {
      return query.answerFrom(state, caller);
    } catch (Rejection rejection) { // Any other exception is a bug.
      return new Rejected(rejection.code(), rejection.path(), rejection.detail());
    }
  }
}
