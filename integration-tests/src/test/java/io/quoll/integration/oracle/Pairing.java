package io.quoll.integration.oracle;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Compares what the two products showed. Zxids differ, so which belong together is learnt: each
 * zxid of one has to come with the same zxid of the other each time, and with a higher one than all
 * lower ones have. The time of a zxid has to be the same each time it is shown. Confined to one
 * thread.
 */
final class Pairing {
  private final NavigableMap<Long, Long> quollByZooKeeper = new TreeMap<>();
  private final Map<Long, Long> quollTimes = new HashMap<>();
  private final Map<Long, Long> zooKeeperTimes = new HashMap<>();

  /** In what the two differ, in words; empty if in nothing. */
  Optional<String> difference(Seen zooKeeper, Seen quoll) {
    if (!zooKeeper.text().equals(quoll.text())) {
      return Optional.of("ZooKeeper shows: %s%nQuoll shows:     %s".formatted(zooKeeper, quoll));
    }
    if (zooKeeper.moments().size() != quoll.moments().size()) {
      return Optional.of(
          "not the same number of zxids in %s of ZooKeeper and %s of Quoll"
              .formatted(zooKeeper, quoll));
    }
    for (int i = 0; i < zooKeeper.moments().size(); i++) {
      Seen.Moment theirs = zooKeeper.moments().get(i);
      Seen.Moment ours = quoll.moments().get(i);
      if (!pair(theirs.zxid(), ours.zxid())
          || !keepsTime(zooKeeperTimes, theirs)
          || !keepsTime(quollTimes, ours)) {
        return Optional.of(
            "zxid or time %d does not fit what was seen before in %s of ZooKeeper and %s of Quoll"
                .formatted(i + 1, zooKeeper, quoll));
      }
    }
    return Optional.empty();
  }

  /** As {@link #difference(Seen, Seen)}, of all that a session saw. */
  Optional<String> difference(List<Seen> zooKeeper, List<Seen> quoll) {
    ImmutableList<String> theirs = texts(zooKeeper);
    ImmutableList<String> ours = texts(quoll);
    if (!theirs.equals(ours)) {
      return Optional.of(
          "the session sees in this order%nat ZooKeeper: %s%nat Quoll:     %s"
              .formatted(zooKeeper, quoll));
    }
    for (int i = 0; i < zooKeeper.size(); i++) {
      Optional<String> difference = difference(zooKeeper.get(i), quoll.get(i));
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  /**
   * As {@link #difference(List, List)}, when a session was closed meanwhile; see {@link
   * IntendedDifference#ORDER_OF_EPHEMERALS}.
   */
  Optional<String> differenceAfterClose(List<Seen> zooKeeper, List<Seen> quoll) {
    return difference(orderedWithinZxids(zooKeeper), orderedWithinZxids(quoll));
  }

  private static ImmutableList<Seen> orderedWithinZxids(List<Seen> seen) {
    List<Seen> ordered = new ArrayList<>();
    List<Seen> sameZxid = new ArrayList<>();
    for (Seen each : seen) {
      if (!sameZxid.isEmpty() && !each.isOfZxidOf(sameZxid.get(0))) {
        moveOrdered(sameZxid, ordered);
      }
      sameZxid.add(each);
    }
    moveOrdered(sameZxid, ordered);
    return ImmutableList.copyOf(ordered);
  }

  private static void moveOrdered(List<Seen> sameZxid, List<Seen> ordered) {
    sameZxid.sort(Comparator.comparing(Seen::text));
    ordered.addAll(sameZxid);
    sameZxid.clear();
  }

  private static ImmutableList<String> texts(List<Seen> seen) {
    return seen.stream().map(Seen::text).collect(ImmutableList.toImmutableList());
  }

  private boolean pair(long zooKeeper, long quoll) {
    Long known = quollByZooKeeper.putIfAbsent(zooKeeper, quoll);
    if (known != null) {
      return known == quoll;
    }
    Map.Entry<Long, Long> below = quollByZooKeeper.lowerEntry(zooKeeper);
    Map.Entry<Long, Long> above = quollByZooKeeper.higherEntry(zooKeeper);
    return (below == null || below.getValue() < quoll)
        && (above == null || above.getValue() > quoll);
  }

  private static boolean keepsTime(Map<Long, Long> times, Seen.Moment moment) {
    if (moment.timeMillis() == Seen.NO_TIME) {
      return true;
    }
    Long known = times.putIfAbsent(moment.zxid(), moment.timeMillis());
    return known == null || known == moment.timeMillis();
  }
}
