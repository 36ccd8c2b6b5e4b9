package io.quoll.server.coordination;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.Event;
import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.ZnodePath;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Watches by path and by watcher, and whom a change concerns. It is ZooKeeper's two tables in one:
 * a row is a path, a watcher and the modes in which it watches, which say to which of the tables
 * the row belongs. (ZooKeeper: WatchManager and DataTree; ADR 0015.)
 *
 * <p>There is no object for a watch but its place in the maps, so that a million of them fit.
 * Confined to its owner, which locks.
 */
final class WatchTable {
  private static final int RECURSIVE = bit(WatchMode.RECURSIVE);

  /** The modes that hear of the znode itself. */
  static final int DATA_TABLE = bit(WatchMode.DATA) | bit(WatchMode.PERSISTENT) | RECURSIVE;

  /** The modes that hear of the list of children, and of the end of the znode. */
  static final int CHILD_TABLE = bit(WatchMode.CHILDREN) | bit(WatchMode.PERSISTENT);

  /** The modes that end with their first event. */
  static final int ONE_SHOT = bit(WatchMode.DATA) | bit(WatchMode.CHILDREN);

  /** The modes that do not. */
  static final int LASTING = bit(WatchMode.PERSISTENT) | RECURSIVE;

  /** All modes. */
  static final int ANY = ONE_SHOT | LASTING;

  private final BiConsumer<Watcher, WatchEvent> outlet;
  private final Map<String, PathWatches> paths = new HashMap<>();
  private final IdentityHashMap<Watcher, Held> watchers = new IdentityHashMap<>();
  private int recursive;
  private int count;
  private long characters;

  /** What one watcher has: the paths, and how many watches on them. */
  private static final class Held {
    final Set<PathWatches> paths = Collections.newSetFromMap(new IdentityHashMap<>(2));
    int count;
  }

  /** An event, and the ACL that says who may hear of it. */
  private record Told(WatchEvent event, Acl acl) {}

  /** No watches. What they tell their watchers goes to {@code outlet}. */
  WatchTable(BiConsumer<Watcher, WatchEvent> outlet) {
    this.outlet = outlet;
  }

  /** The bit that stands for {@code mode}. */
  static int bit(WatchMode mode) {
    return switch (mode) {
      case DATA -> 1;
      case CHILDREN -> 2;
      case PERSISTENT -> 4;
      case RECURSIVE -> 8;
    };
  }

  /** The bits that stand for {@code modes}. */
  static int bits(Collection<WatchMode> modes) {
    return modes.stream().mapToInt(WatchTable::bit).reduce(0, (a, b) -> a | b);
  }

  /** How many watches there are. */
  int count() {
    return count;
  }

  /** How many watchers there are. */
  int watcherCount() {
    return watchers.size();
  }

  /** How many paths are watched. */
  int pathCount() {
    return paths.size();
  }

  /** The paths that {@code watcher} watches, at most {@code limit} of them. */
  ImmutableList<String> pathsOf(Watcher watcher, int limit) {
    Held held = watchers.get(watcher);
    return held == null
        ? ImmutableList.of()
        : held.paths.stream().limit(limit).map(each -> each.path).collect(toImmutableList());
  }

  /** How many watches {@code watcher} has. */
  int count(Watcher watcher) {
    Held held = watchers.get(watcher);
    return held == null ? 0 : held.count;
  }

  /** How many characters the watched paths have. */
  long characters() {
    return characters;
  }

  /** The modes in which {@code watcher} watches {@code path}, as bits. */
  int modes(String path, Watcher watcher) {
    PathWatches watches = paths.get(path);
    return watches == null ? 0 : watches.modes(watcher);
  }

  /** Adds watches of {@code modes}, as bits; those that are there stay as they are. */
  void add(String path, int modes, Watcher watcher) {
    PathWatches watches = paths.get(path);
    if (watches == null) {
      watches = new PathWatches(path);
      paths.put(path, watches);
      characters += path.length();
    }
    replace(watches, watcher, watches.modes(watcher) | modes);
  }

  /** Removes watches of {@code modes}, as bits; whether there was one. */
  boolean remove(String path, int modes, Watcher watcher) {
    PathWatches watches = paths.get(path);
    if (watches == null || (watches.modes(watcher) & modes) == 0) {
      return false;
    }
    replace(watches, watcher, watches.modes(watcher) & ~modes);
    return true;
  }

  /** Removes all watches of {@code watcher}. */
  void removeAll(Watcher watcher) {
    Held held = watchers.get(watcher);
    if (held != null) {
      ImmutableList.copyOf(held.paths).forEach(watches -> replace(watches, watcher, 0));
    }
  }

  /** Tells a watcher of a change that was not fired. */
  void tell(Watcher watcher, WatchEvent event) {
    outlet.accept(watcher, event);
  }

  private void replace(PathWatches watches, Watcher watcher, int modes) {
    int before = watches.modes(watcher);
    watches.put(watcher, modes);
    account(watches, watcher, before, modes);
    if (watches.isEmpty()) {
      paths.remove(watches.path);
      characters -= watches.path.length();
    }
  }

  private void account(PathWatches watches, Watcher watcher, int before, int after) {
    int added = Integer.bitCount(after) - Integer.bitCount(before);
    count += added;
    recursive += Integer.bitCount(after & RECURSIVE) - Integer.bitCount(before & RECURSIVE);
    Held held = watchers.computeIfAbsent(watcher, unknown -> new Held());
    held.count += added;
    if (after == 0) {
      held.paths.remove(watches);
    } else {
      held.paths.add(watches);
    }
    if (held.count == 0) {
      watchers.remove(watcher);
    }
  }

  /** Takes over all watches of {@code other}. */
  void addAll(WatchTable other) {
    other.forEach((path, modes, watcher) -> add(path, modes, watcher));
  }

  /** The watchers that have a watch of one of {@code modes}, as bits. */
  ImmutableList<Watcher> watchersOf(int modes) {
    return watchers.entrySet().stream()
        .filter(
            entry ->
                entry.getValue().paths.stream()
                    .anyMatch(watches -> (watches.modes(entry.getKey()) & modes) != 0))
        .map(Map.Entry::getKey)
        .collect(toImmutableList());
  }

  /** Sees each row of a table. */
  interface RowVisitor {
    /** Sees a row: {@code modes} are bits. */
    void visit(String path, int modes, Watcher watcher);
  }

  /** Gives every row to {@code visitor}, which must not change this table. */
  void forEach(RowVisitor visitor) {
    paths
        .values()
        .forEach(
            watches ->
                watches.forEach((watcher, modes) -> visitor.visit(watches.path, modes, watcher)));
  }

  /**
   * Tells all whom {@code event} concerns and who may read what it tells of, and drops the watches
   * that send one event. The order is that of ZooKeeper: the data watches of the znode, its child
   * watches, those of its parent.
   */
  void fire(Event event) {
    if (paths.isEmpty()) {
      return;
    }
    Change change = event.change();
    ZnodePath path = change.path();
    if (change instanceof Change.Created created) {
      trigger(DATA_TABLE, told(WatchEvent.Type.NODE_CREATED, path, event.zxid(), change.acl()));
      childrenChanged(path.parent(), event.zxid(), created.parentAcl());
    } else if (change instanceof Change.DataSet) {
      trigger(
          DATA_TABLE, told(WatchEvent.Type.NODE_DATA_CHANGED, path, event.zxid(), change.acl()));
    } else if (change instanceof Change.Deleted deleted) {
      // Both tables have the same event, and whoever got it from the first not from the second.
      trigger(
          DATA_TABLE | CHILD_TABLE,
          told(WatchEvent.Type.NODE_DELETED, path, event.zxid(), change.acl()));
      childrenChanged(path.parent(), event.zxid(), deleted.parentAcl());
    }
  }

  private static Told told(WatchEvent.Type type, ZnodePath path, long zxid, Acl acl) {
    return new Told(new WatchEvent(type, path, zxid), acl);
  }

  // A recursive watch hears of the child itself, and so never that there is another list of them.
  private void childrenChanged(ZnodePath parent, long zxid, Acl acl) {
    PathWatches watches = paths.get(parent.value());
    if (watches != null) {
      Told event = told(WatchEvent.Type.NODE_CHILDREN_CHANGED, parent, zxid, acl);
      watches
          .watchersIn(CHILD_TABLE)
          .forEach(watcher -> tell(watches, CHILD_TABLE, watcher, event));
    }
  }

  private void trigger(int table, Told event) {
    PathWatches here = paths.get(event.event().path().value());
    ImmutableList<Watcher> due = here == null ? ImmutableList.of() : here.watchersIn(table);
    if (here != null) {
      due.forEach(watcher -> tell(here, table, watcher, event));
    }
    if (recursive > 0) {
      triggerAbove(due, event);
    }
  }

  // A watch for one event has had it, whether or not its watcher may hear of it.
  private void tell(PathWatches watches, int table, Watcher watcher, Told event) {
    int modes = watches.modes(watcher);
    if ((modes & table & ONE_SHOT) != 0) {
      replace(watches, watcher, modes & ~(table & ONE_SHOT));
    }
    tell(watcher, event);
  }

  private void tell(Watcher watcher, Told event) {
    if (watcher.identities().may(Permission.READ, event.acl())) {
      outlet.accept(watcher, event.event());
    }
  }

  private void triggerAbove(ImmutableList<Watcher> toldBelow, Told event) {
    Set<Watcher> told = Collections.newSetFromMap(new IdentityHashMap<>());
    told.addAll(toldBelow);
    ZnodePath ancestor = event.event().path();
    while (!ancestor.isRoot()) {
      ancestor = ancestor.parent();
      PathWatches watches = paths.get(ancestor.value());
      if (watches != null) {
        for (Watcher watcher : watches.watchersIn(RECURSIVE)) {
          if (told.add(watcher)) {
            tell(watcher, event);
          }
        }
      }
    }
  }
}
