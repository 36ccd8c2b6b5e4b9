package io.quoll.integration.oracle;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what was compared, by kind and by what came of it. Thread-safe. */
final class Tally {
  private final LongAdder operations = new LongAdder();
  private final LongAdder events = new LongAdder();
  private final Map<String, LongAdder> kinds = new ConcurrentHashMap<>();

  /** Counts an operation that was answered so. */
  void add(Operation operation, Seen answer) {
    String code = answer.text().split(" ", 2)[0];
    add(operation.getClass().getSimpleName() + " " + code);
  }

  /** Counts a step of this kind. */
  void add(String kind) {
    operations.increment();
    count(kind).increment();
  }

  /** Counts the events in a log. */
  void addEvents(List<Seen> log) {
    for (Seen seen : log) {
      if (seen.isEvent()) {
        events.increment();
        count("event " + seen.text().split(" ", 2)[0]).increment();
      }
    }
  }

  private LongAdder count(String kind) {
    return kinds.computeIfAbsent(kind, absent -> new LongAdder());
  }

  /** How many operations were compared. */
  long operations() {
    return operations.sum();
  }

  /** How many events were compared. */
  long events() {
    return events.sum();
  }

  /** A line for each kind. */
  String table() {
    StringBuilder table = new StringBuilder();
    new TreeMap<>(kinds)
        .forEach((kind, count) -> table.append("%10d  %s%n".formatted(count.sum(), kind)));
    return table.toString();
  }
}
