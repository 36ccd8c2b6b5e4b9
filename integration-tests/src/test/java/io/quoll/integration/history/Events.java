package io.quoll.integration.history;

import com.google.common.collect.ImmutableList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/** What was promised of events, to the watches of sessions and to those apart from them. */
final class Events {
  private Events() {}

  private static ImmutableList<String> ofAll(
      History history, BiFunction<String, List<History.Event>, ImmutableList<String>> check) {
    ImmutableList.Builder<String> violations = ImmutableList.builder();
    history
        .sessions()
        .forEach(
            session ->
                violations.addAll(check.apply("session " + session.session(), session.events())));
    history
        .watches()
        .forEach(watch -> violations.addAll(check.apply(watch.name(), watch.events())));
    return violations.build();
  }

  static ImmutableList<String> disorder(History history) {
    return ofAll(
        history,
        (name, events) -> {
          ImmutableList.Builder<String> violations = ImmutableList.builder();
          for (int i = 1; i < events.size(); i++) {
            if (events.get(i).zxid() < events.get(i - 1).zxid()) {
              violations.add(
                  "%s: %s came after %s".formatted(name, events.get(i), events.get(i - 1)));
            }
          }
          return violations.build();
        });
  }

  static ImmutableList<String> repeats(History history) {
    return ofAll(
        history,
        (name, events) -> {
          Set<History.Event> told = new HashSet<>();
          return events.stream()
              .filter(event -> !told.add(event))
              .map(event -> "%s: %s was told twice".formatted(name, event))
              .collect(ImmutableList.toImmutableList());
        });
  }

  static ImmutableList<String> splits(History history) {
    ImmutableList.Builder<String> violations = ImmutableList.builder();
    for (History.WatchRecord watch : history.watches()) {
      Set<Long> told = new HashSet<>();
      for (History.Notice notice : watch.notices()) {
        if (notice instanceof History.Batch batch) {
          boolean isOne = batch.events().stream().allMatch(event -> event.zxid() == batch.zxid());
          if (!told.add(batch.zxid()) || !isOne) {
            violations.add("%s: zxid %d was told in parts".formatted(watch.name(), batch.zxid()));
          }
        }
      }
    }
    return violations.build();
  }

  static ImmutableList<String> losses(History history) {
    ImmutableList.Builder<String> violations = ImmutableList.builder();
    for (History.SessionRecord session : history.sessions()) {
      compare("session " + session.session(), session.events(), history.changes(), violations);
    }
    for (History.WatchRecord watch : history.watches()) {
      compare(watch.name(), watch.events(), due(history, watch), violations);
    }
    return violations.build();
  }

  private static ImmutableList<History.Event> due(History history, History.WatchRecord watch) {
    return history.changes().stream()
        .filter(event -> event.zxid() > watch.afterZxid())
        .filter(
            event ->
                event.path().equals(watch.path()) || event.path().startsWith(watch.path() + "/"))
        .collect(ImmutableList.toImmutableList());
  }

  private static void compare(
      String name,
      List<History.Event> told,
      List<History.Event> due,
      ImmutableList.Builder<String> violations) {
    Set<History.Event> missing = new HashSet<>(due);
    told.forEach(missing::remove);
    missing.forEach(event -> violations.add("%s: was not told %s".formatted(name, event)));
    Set<History.Event> invented = new HashSet<>(told);
    due.forEach(invented::remove);
    invented.forEach(event -> violations.add("%s: was told %s".formatted(name, event)));
  }

  static ImmutableList<String> wrongBeginnings(History history) {
    ImmutableList.Builder<String> violations = ImmutableList.builder();
    for (History.WatchRecord watch : history.watches()) {
      List<History.Event> due = due(history, watch);
      List<History.Event> told = watch.events();
      if (!due.isEmpty() && (told.isEmpty() || !told.get(0).equals(due.get(0)))) {
        violations.add(
            "%s: begins with %s instead of %s"
                .formatted(watch.name(), told.isEmpty() ? "nothing" : told.get(0), due.get(0)));
      }
    }
    return violations.build();
  }

  static ImmutableList<String> eventsBehindBookmarks(History history) {
    ImmutableList.Builder<String> violations = ImmutableList.builder();
    for (History.WatchRecord watch : history.watches()) {
      long bookmark = 0;
      long told = 0;
      for (History.Notice notice : watch.notices()) {
        if (notice instanceof History.Bookmark mark) {
          if (mark.zxid() < Math.max(bookmark, told)) {
            violations.add("%s: a bookmark falls to %d".formatted(watch.name(), mark.zxid()));
          }
          bookmark = Math.max(bookmark, mark.zxid());
        } else if (notice instanceof History.Batch batch) {
          if (batch.zxid() <= bookmark) {
            violations.add(
                "%s: %d came after the bookmark %d"
                    .formatted(watch.name(), batch.zxid(), bookmark));
          }
          told = Math.max(told, batch.zxid());
        }
      }
    }
    return violations.build();
  }
}
