package io.quoll.client;

import com.google.common.collect.HashMultimap;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The handlers of a session by what they watch, as ZooKeeper's client keeps them: an event carries
 * no name of a watch, so whom it is for is found here. Paths are those of the tree.
 *
 * <p>Confined to the session's lane.
 */
final class WatchTables {
  private final SetMultimap<String, WatchHandler> data = LinkedHashMultimap.create();
  private final SetMultimap<String, WatchHandler> exists = LinkedHashMultimap.create();
  private final SetMultimap<String, WatchHandler> children = LinkedHashMultimap.create();
  private final SetMultimap<String, WatchHandler> persistent = LinkedHashMultimap.create();
  private final SetMultimap<String, WatchHandler> recursive = LinkedHashMultimap.create();

  private final List<Added> added = new ArrayList<>();

  private record Added(
      SetMultimap<String, WatchHandler> table, String path, WatchHandler handler) {}

  void addData(String path, WatchHandler handler) {
    add(data, path, handler);
  }

  void addExists(String path, WatchHandler handler) {
    add(exists, path, handler);
  }

  void addChildren(String path, WatchHandler handler) {
    add(children, path, handler);
  }

  void add(String path, WatchMode mode, WatchHandler handler) {
    switch (mode) {
      case PERSISTENT -> add(persistent, path, handler);
      case PERSISTENT_RECURSIVE -> add(recursive, path, handler);
    }
  }

  private void add(SetMultimap<String, WatchHandler> table, String path, WatchHandler handler) {
    if (table.put(path, handler)) {
      added.add(new Added(table, path, handler));
    }
  }

  /** What was added by now is not new any more. */
  void settle() {
    added.clear();
  }

  Set<String> dataPaths() {
    return data.keySet();
  }

  Set<String> existsPaths() {
    return exists.keySet();
  }

  Set<String> childrenPaths() {
    return children.keySet();
  }

  Set<String> persistentPaths() {
    return persistent.keySet();
  }

  Set<String> recursivePaths() {
    return recursive.keySet();
  }

  boolean isEmpty() {
    return tables(WatchKind.ANY).stream().allMatch(SetMultimap::isEmpty);
  }

  /** Whom an event is for; those watches that are set for one event are gone after this. */
  Set<WatchHandler> fire(EventType type, String path) {
    Set<WatchHandler> told = fireOneShot(type, path);
    told.addAll(persistentOn(type, path));
    return told;
  }

  /** As {@link #fire}, for an event that only watches for one event may be told. */
  Set<WatchHandler> fireOneShot(EventType type, String path) {
    Set<WatchHandler> told = new LinkedHashSet<>();
    switch (type) {
      case NODE_CREATED, NODE_DATA_CHANGED -> {
        told.addAll(data.removeAll(path));
        told.addAll(exists.removeAll(path));
      }
      case NODE_CHILDREN_CHANGED -> told.addAll(children.removeAll(path));
      case NODE_DELETED -> {
        told.addAll(data.removeAll(path));
        told.addAll(exists.removeAll(path));
        told.addAll(children.removeAll(path));
      }
    }
    return told;
  }

  /** As {@link #fire}, for an event that only those may be told that are new. */
  Set<WatchHandler> fireAdded(EventType type, String path) {
    Set<WatchHandler> told = new LinkedHashSet<>();
    for (Added watch : added) {
      if (watch.table.containsEntry(watch.path, watch.handler) && concerns(watch, type, path)) {
        told.add(watch.handler);
        if (watch.table != persistent && watch.table != recursive) {
          watch.table.remove(watch.path, watch.handler);
        }
      }
    }
    return told;
  }

  private boolean concerns(Added watch, EventType type, String path) {
    if (watch.table == recursive) {
      return type != EventType.NODE_CHILDREN_CHANGED && isAtOrBelow(path, watch.path);
    }
    boolean isForTable =
        watch.table == persistent
            || type == EventType.NODE_DELETED
            || (watch.table == children) == (type == EventType.NODE_CHILDREN_CHANGED);
    return isForTable && path.equals(watch.path);
  }

  private static boolean isAtOrBelow(String path, String root) {
    return path.startsWith(root)
        && (root.equals("/")
            || path.length() == root.length()
            || path.charAt(root.length()) == '/');
  }

  /** Whom an event is for that watches for one event know already. */
  Set<WatchHandler> persistentOn(EventType type, String path) {
    Set<WatchHandler> told = new LinkedHashSet<>(persistent.get(path));
    if (type == EventType.NODE_CHILDREN_CHANGED || recursive.isEmpty()) {
      return told;
    }
    String ancestor = path;
    while (true) {
      told.addAll(recursive.get(ancestor));
      if (ancestor.equals("/")) {
        return told;
      }
      int slash = ancestor.lastIndexOf('/');
      ancestor = slash <= 0 ? "/" : ancestor.substring(0, slash);
    }
  }

  /** All handlers, each once. */
  Set<WatchHandler> handlers() {
    Set<WatchHandler> all = new LinkedHashSet<>();
    tables(WatchKind.ANY).forEach(table -> all.addAll(table.values()));
    return all;
  }

  /** The handlers with a persistent or a recursive watch, each once. */
  Set<WatchHandler> persistentHandlers() {
    Set<WatchHandler> all = new LinkedHashSet<>(persistent.values());
    all.addAll(recursive.values());
    return all;
  }

  /** Removes all watches of a kind from a path, and tells whose they were. */
  Set<WatchHandler> remove(String path, WatchKind kind) {
    Set<WatchHandler> removed = new LinkedHashSet<>();
    tables(kind).forEach(table -> removed.addAll(table.removeAll(path)));
    return removed;
  }

  /** Removes the watches of one handler. */
  void remove(String path, WatchKind kind, WatchHandler handler) {
    tables(kind).forEach(table -> table.remove(path, handler));
  }

  boolean contains(String path, WatchKind kind, WatchHandler handler) {
    return tables(kind).stream().anyMatch(table -> table.containsEntry(path, handler));
  }

  /** Whether anybody but the handler has a watch of this kind on the path. */
  boolean isShared(String path, WatchKind kind, WatchHandler handler) {
    SetMultimap<String, WatchHandler> others = HashMultimap.create();
    tables(kind).forEach(table -> others.putAll(path, table.get(path)));
    others.remove(path, handler);
    return !others.isEmpty();
  }

  void clear() {
    tables(WatchKind.ANY).forEach(SetMultimap::clear);
    added.clear();
  }

  private List<SetMultimap<String, WatchHandler>> tables(WatchKind kind) {
    return switch (kind) {
      case CHILDREN -> List.of(children);
      case DATA -> List.of(data, exists);
      case PERSISTENT -> List.of(persistent);
      case PERSISTENT_RECURSIVE -> List.of(recursive);
      case ANY -> new ArrayList<>(List.of(data, exists, children, persistent, recursive));
    };
  }
}
