package io.quoll.client.fake;

import com.google.common.collect.HashMultimap;
import com.google.common.collect.SetMultimap;
import io.quoll.api.v1.EventType;
import io.quoll.api.v1.SetWatchesRequest;
import io.quoll.api.v1.Stat;
import io.quoll.api.v1.WatchEvent;
import io.quoll.api.v1.WatchKind;
import io.quoll.api.v1.WatchMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The watches of one stream. Confined to who holds the tree. */
final class FakeWatches {
  /** What a watch is on; those up to CHILDREN send one event. */
  enum Kind {
    DATA,
    EXISTS,
    CHILDREN,
    PERSISTENT,
    RECURSIVE
  }

  private final SetMultimap<String, Kind> kinds = HashMultimap.create();

  void add(String path, Kind kind) {
    kinds.put(path, kind);
  }

  void add(String path, WatchMode mode) {
    boolean isRecursive = mode == WatchMode.WATCH_MODE_PERSISTENT_RECURSIVE;
    add(path, isRecursive ? Kind.RECURSIVE : Kind.PERSISTENT);
  }

  int size() {
    return kinds.size();
  }

  boolean has(String path, WatchKind kind) {
    return kinds.get(path).stream().anyMatch(kindsOf(kind)::contains);
  }

  boolean remove(String path, WatchKind kind) {
    return kinds.get(path).removeAll(kindsOf(kind));
  }

  private static EnumSet<Kind> kindsOf(WatchKind kind) {
    return switch (kind) {
      case WATCH_KIND_CHILDREN -> EnumSet.of(Kind.CHILDREN);
      case WATCH_KIND_DATA -> EnumSet.of(Kind.DATA, Kind.EXISTS);
      case WATCH_KIND_PERSISTENT -> EnumSet.of(Kind.PERSISTENT);
      case WATCH_KIND_PERSISTENT_RECURSIVE -> EnumSet.of(Kind.RECURSIVE);
      case WATCH_KIND_ANY, WATCH_KIND_UNSPECIFIED, UNRECOGNIZED -> EnumSet.allOf(Kind.class);
    };
  }

  /** The events that a change sends. */
  List<WatchEvent> fire(FakeChange change) {
    List<WatchEvent> events = new ArrayList<>();
    boolean isDelete = change.type() == EventType.EVENT_TYPE_NODE_DELETED;
    Set<Kind> own =
        isDelete
            ? EnumSet.of(Kind.DATA, Kind.EXISTS, Kind.CHILDREN)
            : EnumSet.of(Kind.DATA, Kind.EXISTS);
    boolean isDue = kinds.get(change.path()).removeAll(own);
    if (isDue || tells(change, Kind.PERSISTENT)) {
      events.add(change.event());
    }
    if (change.changesChildren()) {
      String parent = FakeTree.parent(change.path());
      boolean isParentDue = kinds.remove(parent, Kind.CHILDREN);
      if (isParentDue || kinds.containsEntry(parent, Kind.PERSISTENT)) {
        events.add(change.parentEvent());
      }
    }
    return events;
  }

  private boolean tells(FakeChange change, Kind persistent) {
    return kinds.containsEntry(change.path(), persistent)
        || kinds.entries().stream()
            .anyMatch(
                watch -> watch.getValue() == Kind.RECURSIVE && change.isBelowOrAt(watch.getKey()));
  }

  /** Sets watches again, and tells what they missed. */
  List<WatchEvent> rearm(SetWatchesRequest request, FakeTree tree) {
    long since = request.getSinceZxid();
    Set<WatchEvent> missed = new HashSet<>();
    for (String path : request.getDataList()) {
      rearm(path, Kind.DATA, tree, since, missed);
    }
    for (String path : request.getExistsList()) {
      if (tree.contains(path)) {
        missed.add(event(EventType.EVENT_TYPE_NODE_CREATED, path, stat(tree, path).getCzxid()));
      } else {
        add(path, Kind.EXISTS);
      }
    }
    for (String path : request.getChildrenList()) {
      rearm(path, Kind.CHILDREN, tree, since, missed);
    }
    FakeWatches persistent = new FakeWatches();
    request.getPersistentList().forEach(path -> persistent.add(path, Kind.PERSISTENT));
    request.getPersistentRecursiveList().forEach(path -> persistent.add(path, Kind.RECURSIVE));
    List<WatchEvent> events = new ArrayList<>(missed);
    tree.history().after(since).forEach(change -> events.addAll(persistent.fire(change)));
    events.sort(Comparator.comparingLong(WatchEvent::getZxid));
    kinds.putAll(persistent.kinds);
    return events;
  }

  private void rearm(String path, Kind kind, FakeTree tree, long since, Set<WatchEvent> missed) {
    if (!tree.contains(path)) {
      missed.add(event(EventType.EVENT_TYPE_NODE_DELETED, path, tree.zxid()));
    } else if (kind == Kind.DATA && stat(tree, path).getMzxid() > since) {
      missed.add(event(EventType.EVENT_TYPE_NODE_DATA_CHANGED, path, stat(tree, path).getMzxid()));
    } else if (kind == Kind.CHILDREN && stat(tree, path).getPzxid() > since) {
      missed.add(
          event(EventType.EVENT_TYPE_NODE_CHILDREN_CHANGED, path, stat(tree, path).getPzxid()));
    } else {
      add(path, kind);
    }
  }

  private static Stat stat(FakeTree tree, String path) {
    return tree.require(path).stat();
  }

  private static WatchEvent event(EventType type, String path, long zxid) {
    return WatchEvent.newBuilder().setType(type).setPath(path).setZxid(zxid).build();
  }
}
