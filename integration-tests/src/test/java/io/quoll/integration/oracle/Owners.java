package io.quoll.integration.oracle;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Names for the sessions of a trial at one product, whose ids differ. Thread-safe. */
final class Owners {
  private final Map<Long, String> names = new ConcurrentHashMap<>();

  /** From now on calls the session so. */
  void put(long id, String name) {
    names.put(id, name);
  }

  /** What the session is called; {@code none} for 0. */
  String name(long id) {
    return id == 0 ? "none" : names.getOrDefault(id, "a stranger");
  }
}
