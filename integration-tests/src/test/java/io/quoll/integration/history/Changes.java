package io.quoll.integration.history;

import com.google.common.collect.ImmutableList;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What happened to each znode, by zxid. */
final class Changes {
  private static final NavigableMap<Long, History.Kind> NONE = new TreeMap<>();

  private final Map<String, NavigableMap<Long, History.Kind>> byPath = new HashMap<>();

  Changes(ImmutableList<History.Event> events) {
    for (History.Event event : events) {
      byPath.computeIfAbsent(event.path(), none -> new TreeMap<>()).put(event.zxid(), event.kind());
    }
  }

  /** The changes of a znode. */
  NavigableMap<Long, History.Kind> of(String path) {
    return byPath.getOrDefault(path, NONE);
  }

  /** The first change of a znode after a zxid; the highest number if there is none. */
  long after(String path, long zxid) {
    Long next = of(path).higherKey(zxid);
    return next == null ? Long.MAX_VALUE : next;
  }

  /** The first zxid from this one on at which there is no such znode. */
  long absentFrom(String path, long zxid) {
    Map.Entry<Long, History.Kind> last = of(path).floorEntry(zxid);
    if (last == null || last.getValue() == History.Kind.DELETED) {
      return zxid;
    }
    return of(path).tailMap(zxid, false).entrySet().stream()
        .filter(change -> change.getValue() == History.Kind.DELETED)
        .findFirst()
        .map(Map.Entry::getKey)
        .orElse(Long.MAX_VALUE);
  }
}
