package io.quoll.server.coordination;

import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.ZnodePath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Watches as ZooKeeper keeps them: a table for znodes and one for lists of children, whose rows are
 * looked through one by one. The watchers have names.
 */
final class WatchModel {
  private enum Kind {
    STANDARD,
    PERSISTENT,
    RECURSIVE
  }

  private record Row(String watcher, ZnodePath path, Kind kind) {}

  private final List<Row> dataTable = new ArrayList<>();
  private final List<Row> childTable = new ArrayList<>();
  private final Map<String, List<String>> told = new LinkedHashMap<>();

  void add(ZnodePath path, WatchMode mode, String watcher) {
    switch (mode) {
      case DATA -> put(dataTable, new Row(watcher, path, Kind.STANDARD));
      case CHILDREN -> put(childTable, new Row(watcher, path, Kind.STANDARD));
      case PERSISTENT -> {
        put(dataTable, new Row(watcher, path, Kind.PERSISTENT));
        put(childTable, new Row(watcher, path, Kind.PERSISTENT));
      }
      case RECURSIVE -> put(dataTable, new Row(watcher, path, Kind.RECURSIVE));
    }
  }

  private static void put(List<Row> table, Row row) {
    if (!table.contains(row)) {
      table.add(row);
    }
  }

  boolean remove(ZnodePath path, WatchMode mode, String watcher) {
    return switch (mode) {
      case DATA -> dataTable.remove(new Row(watcher, path, Kind.STANDARD));
      case CHILDREN -> childTable.remove(new Row(watcher, path, Kind.STANDARD));
      case PERSISTENT -> {
        childTable.remove(new Row(watcher, path, Kind.PERSISTENT));
        yield dataTable.remove(new Row(watcher, path, Kind.PERSISTENT));
      }
      case RECURSIVE -> dataTable.remove(new Row(watcher, path, Kind.RECURSIVE));
    };
  }

  void removeAll(String watcher) {
    dataTable.removeIf(row -> row.watcher().equals(watcher));
    childTable.removeIf(row -> row.watcher().equals(watcher));
  }

  int count(String watcher) {
    Predicate<Row> counted = row -> row.watcher().equals(watcher) && row.kind() != Kind.PERSISTENT;
    long persistent =
        childTable.stream()
            .filter(row -> row.watcher().equals(watcher) && row.kind() == Kind.PERSISTENT)
            .count();
    return (int)
        (dataTable.stream().filter(counted).count()
            + childTable.stream().filter(counted).count()
            + persistent);
  }

  List<String> take(String watcher) {
    List<String> taken = told.remove(watcher);
    return taken == null ? List.of() : taken;
  }

  void fire(Change change, long zxid) {
    ZnodePath path = change.path();
    if (change instanceof Change.Created) {
      trigger(dataTable, path, "NODE_CREATED", zxid, Set.of());
      trigger(childTable, path.parent(), "NODE_CHILDREN_CHANGED", zxid, Set.of());
    } else if (change instanceof Change.DataSet) {
      trigger(dataTable, path, "NODE_DATA_CHANGED", zxid, Set.of());
    } else {
      Set<String> processed = trigger(dataTable, path, "NODE_DELETED", zxid, Set.of());
      trigger(childTable, path, "NODE_DELETED", zxid, processed);
      trigger(childTable, path.parent(), "NODE_CHILDREN_CHANGED", zxid, Set.of());
    }
  }

  private Set<String> trigger(
      List<Row> table, ZnodePath path, String type, long zxid, Set<String> suppressed) {
    Set<String> watchers = new TreeSet<>();
    for (Row row : table) {
      boolean above = row.kind() == Kind.RECURSIVE && path.isBelow(row.path());
      if (above || row.path().equals(path)) {
        watchers.add(row.watcher());
      }
    }
    table.removeIf(row -> row.kind() == Kind.STANDARD && row.path().equals(path));
    for (String watcher : watchers) {
      if (!suppressed.contains(watcher)) {
        told.computeIfAbsent(watcher, unknown -> new ArrayList<>())
            .add(type + " " + path + " " + zxid);
      }
    }
    return watchers;
  }
}
