package io.quoll.statemachine.state;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The quotas as one transaction keeps them. The quota of a subtree is kept at its path below {@link
 * Genesis#QUOTA}: the limits in {@value #LIMITS}, the usage in {@value #STATS}, as ZooKeeper's
 * tools expect to read them. The usage changes in the transaction that changes the subtree, so it
 * is never behind, and whatever would exceed a hard limit is rejected. (ADR 0028.)
 *
 * <p>Confined to the apply thread, as its transaction is.
 */
public final class Quotas {
  static final String LIMITS = "zookeeper_limits";
  static final String STATS = "zookeeper_stats";

  private final StateTransaction state;
  private final List<QuotaAlarm> alarms = new ArrayList<>();

  Quotas(StateTransaction state) {
    this.state = state;
  }

  /** Whether {@code path} is one that only quotas are kept at. */
  public static boolean isReserved(ZnodePath path) {
    return path.equals(Genesis.QUOTA) || path.isBelow(Genesis.QUOTA);
  }

  /**
   * Rejects the request with {@code BAD_ARGUMENTS} if it is about {@linkplain #isReserved} paths.
   */
  public static void requireNotReserved(ZnodePath path) {
    if (isReserved(path)) {
      throw new Rejection(
          ErrorCode.BAD_ARGUMENTS,
          path,
          "what is at " + Genesis.QUOTA + " and below it changes only by setting quotas");
    }
  }

  /**
   * Changes the limits of the subtree at {@code path}; without a quota before, its znodes are to be
   * counted by {@link #count}.
   *
   * <p>Rejects the request, in this order: {@code BAD_ARGUMENTS} if it is the root or lies in the
   * reserved subtree; {@code NO_NODE} if there is no znode and so far no quota, or if there is no
   * quota and the change sets no limit; {@code BAD_ARGUMENTS} if a quota stands above it or below
   * it.
   */
  public void set(ZnodePath path, QuotaLimits change) {
    requireMayHaveQuota(path);
    ZnodePath home = home(path);
    ZnodePath limits = home.child(LIMITS); // Rejected if that is too long.
    if (state.contains(limits)) {
      QuotaLimits before = QuotaLimits.of(requireNonNull(state.data(limits)));
      ByteString data = before.changedBy(change).toData();
      Znode changed = state.require(limits).withData(state.zxid(), state.timeMillis(), data);
      state.setData(limits, changed, data);
      return;
    }
    state.require(path);
    if (!change.setsAny()) {
      throw noQuota(path);
    }
    requireNoneAbove(path);
    requireNoneBelow(path, home);
    createHome(home);
    create(limits, QuotaLimits.UNLIMITED.changedBy(change).toData());
    // The root of the subtree is counted here, so that a count always has a last znode.
    int bytes = state.require(path).dataBytes();
    create(home.child(STATS), new QuotaUsage(1, bytes).toData());
    putCounts(counts().with(path, path));
  }

  private static void requireMayHaveQuota(ZnodePath path) {
    if (path.isRoot() || path.equals(Genesis.RESERVED) || path.isBelow(Genesis.RESERVED)) {
      throw new Rejection(ErrorCode.BAD_ARGUMENTS, path, path + " can have no quota");
    }
    String value = path.value() + "/";
    if (value.contains("/" + LIMITS + "/") || value.contains("/" + STATS + "/")) {
      throw new Rejection(
          ErrorCode.BAD_ARGUMENTS, path, "a path with " + LIMITS + " or " + STATS + " in it");
    }
  }

  // In ZooKeeper's words, which its shell prints; that refuses nested quotas too.
  private void requireNoneAbove(ZnodePath path) {
    Optional<ZnodePath> above = subtreeOf(path);
    if (above.isPresent()) {
      throw new Rejection(
          ErrorCode.BAD_ARGUMENTS,
          path,
          path + " has a parent " + above.get() + " which has a quota");
    }
  }

  // Homes are there only for quotas, so the first that is found leads to one.
  private void requireNoneBelow(ZnodePath path, ZnodePath home) {
    ZnodePath next = home;
    while (state.find(next).isPresent() && !state.contains(next.child(LIMITS))) {
      next = next.child(state.children(next, "", 1).get(0));
    }
    if (state.contains(next)) {
      throw new Rejection(
          ErrorCode.BAD_ARGUMENTS,
          path,
          path + " has a child " + subtree(next) + " which has a quota");
    }
  }

  private void createHome(ZnodePath home) {
    if (!state.contains(home)) {
      createHome(home.parent());
      create(home, null);
    }
  }

  private void create(ZnodePath path, @Nullable ByteString data) {
    Znode parent = state.require(path.parent());
    Znode created = Znode.createdAt(state.zxid(), state.timeMillis(), data, Acl.READABLE);
    state.create(path, created, data, parent.acl());
    state.update(path.parent(), parent.withNewChild(state.zxid()));
  }

  /** Removes the quota of the subtree at {@code path}; rejects with {@code NO_NODE} without one. */
  public void remove(ZnodePath path) {
    ZnodePath next = home(path);
    if (path.isRoot() || !state.contains(next.child(LIMITS))) {
      throw noQuota(path);
    }
    delete(next.child(LIMITS));
    delete(next.child(STATS));
    while (!next.equals(Genesis.QUOTA) && state.require(next).numChildren() == 0) {
      delete(next);
      next = next.parent();
    }
    putCounts(counts().with(path, null));
  }

  private void delete(ZnodePath path) {
    Znode parent = state.require(path.parent());
    state.delete(path, parent.acl());
    state.update(path.parent(), parent.withoutChild(state.zxid()));
  }

  private static Rejection noQuota(ZnodePath path) {
    return new Rejection(ErrorCode.NO_NODE, path, "there is no quota for " + path);
  }

  /**
   * Counts up to {@code limit} more znodes of the subtree at {@code path}, if it is being counted.
   *
   * @return whether all are counted
   */
  public boolean count(ZnodePath path, int limit) {
    ZnodePath last = counts().countedTo().get(path);
    if (last == null) {
      return true;
    }
    ImmutableList<ZnodePath> next = state.descendants(path, last, limit);
    long bytes = 0;
    for (ZnodePath znode : next) {
      bytes += state.require(znode).dataBytes();
    }
    boolean whole = next.size() < limit;
    charge(path, next.size(), bytes);
    putCounts(counts().with(path, whole ? null : next.get(next.size() - 1)));
    return whole;
  }

  private QuotaCounts counts() {
    return QuotaCounts.in(state);
  }

  private void putCounts(QuotaCounts counts) {
    ByteString data = counts.toData();
    if (!data.equals(state.data(Genesis.QUOTA))) {
      state.putUnnoticed(Genesis.QUOTA, data);
    }
  }

  /**
   * Rejects the request with {@code QUOTA_EXCEEDED} if {@code bytes} more data at {@code path}
   * exceed a hard limit.
   */
  public void requireRoom(ZnodePath path, long bytes) {
    if (bytes > 0 && state.hasQuotas()) {
      Optional<ZnodePath> subtree = subtreeOf(path);
      if (subtree.isPresent()) {
        requireWithin(path, limits(subtree.get()), usage(subtree.get()).plus(0, bytes), 0, bytes);
      }
    }
  }

  /**
   * Takes note that the znode at {@code path} comes, goes or changes, if it counts for a quota.
   * Rejects the request with {@code QUOTA_EXCEEDED} if it asks for more than a hard limit leaves.
   */
  void note(ZnodePath path, int count, long bytes) {
    if ((count == 0 && bytes == 0) || !state.hasQuotas()) {
      return;
    }
    Optional<ZnodePath> subtree = subtreeOf(path);
    if (subtree.isEmpty()) {
      return;
    }
    QuotaLimits limits = limits(subtree.get());
    requireWithin(path, limits, usage(subtree.get()).plus(count, bytes), count, bytes);
    boolean isCounting = state.require(Genesis.QUOTA).dataBytes() > 0;
    if (!isCounting || counts().covers(subtree.get(), path)) {
      charge(subtree.get(), count, bytes);
    }
  }

  // What makes room is let through, however much there is. While a subtree is being counted it
  // holds at least its usage.
  private static void requireWithin(
      ZnodePath path, QuotaLimits limits, QuotaUsage usage, long moreCount, long moreBytes) {
    if (moreCount > 0 && isBeyond(usage.count(), limits.countHard())) {
      throw exceeded(path, "znodes", usage.count(), limits.countHard());
    }
    if (moreBytes > 0 && isBeyond(usage.bytes(), limits.bytesHard())) {
      throw exceeded(path, "bytes of data", usage.bytes(), limits.bytesHard());
    }
  }

  private static boolean isBeyond(long usage, long limit) {
    return limit >= 0 && usage > limit;
  }

  private static Rejection exceeded(ZnodePath path, String what, long usage, long limit) {
    return new Rejection(
        ErrorCode.QUOTA_EXCEEDED,
        path,
        "with " + path + " there would be " + usage + " " + what + ", and the quota is " + limit);
  }

  private void charge(ZnodePath subtree, long count, long bytes) {
    QuotaUsage before = usage(subtree);
    QuotaUsage after = before.plus(count, bytes);
    QuotaLimits limits = limits(subtree);
    alarm(subtree, "count", before.count(), after.count(), limits.count());
    alarm(subtree, "bytes", before.bytes(), after.bytes(), limits.bytes());
    state.putUnnoticed(home(subtree).child(STATS), after.toData());
  }

  private void alarm(ZnodePath subtree, String measure, long before, long after, long limit) {
    if (isBeyond(after, limit) && !isBeyond(before, limit)) {
      alarms.add(new QuotaAlarm(subtree, measure, after, limit));
    }
  }

  List<QuotaAlarm> alarms() {
    return alarms;
  }

  private QuotaLimits limits(ZnodePath subtree) {
    return limits(subtree, state);
  }

  private QuotaUsage usage(ZnodePath subtree) {
    return usage(subtree, state);
  }

  /** The limits of the subtree; rejects the request with {@code NO_NODE} if it has no quota. */
  public static QuotaLimits limits(ZnodePath subtree, StateView state) {
    ZnodePath limits = home(subtree).child(LIMITS);
    if (!state.contains(limits)) {
      throw noQuota(subtree);
    }
    return QuotaLimits.of(requireNonNull(state.data(limits)));
  }

  /** What the subtree holds, which has a quota. */
  public static QuotaUsage usage(ZnodePath subtree, StateView state) {
    return QuotaUsage.of(requireNonNull(state.data(home(subtree).child(STATS))));
  }

  /**
   * The root of the subtree with a quota that {@code path} is in. Looked for from the top, where
   * most paths are found to have none; there is at most one, since quotas do not nest.
   */
  private Optional<ZnodePath> subtreeOf(ZnodePath path) {
    for (int depth = 1; depth <= path.depth(); depth++) {
      ZnodePath ancestor = path.ancestor(depth);
      if (ancestor.equals(Genesis.RESERVED)) {
        return Optional.empty();
      }
      ZnodePath home = home(ancestor);
      if (!state.contains(home)) {
        return Optional.empty();
      }
      if (state.contains(home.child(LIMITS))) {
        return Optional.of(ancestor);
      }
    }
    return Optional.empty();
  }

  private static ZnodePath home(ZnodePath subtree) {
    return subtree.movedBelow(Genesis.QUOTA);
  }

  private static ZnodePath subtree(ZnodePath home) {
    return ZnodePath.of(home.value().substring(Genesis.QUOTA.value().length()));
  }
}
