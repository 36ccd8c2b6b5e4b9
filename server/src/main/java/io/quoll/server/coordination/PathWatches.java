package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import java.util.IdentityHashMap;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Who watches one path, and in which modes, as bits of {@link WatchTable#bit}. Most paths have one
 * watcher, so the first is kept without a map. Confined to the owner of its table.
 */
final class PathWatches {
  final String path;
  private @Nullable Watcher only;
  private int onlyModes;
  private @Nullable IdentityHashMap<Watcher, Integer> several;

  PathWatches(String path) {
    this.path = path;
  }

  /** The modes in which {@code watcher} watches this path; 0 if in none. */
  int modes(Watcher watcher) {
    if (several != null) {
      return several.getOrDefault(watcher, 0);
    }
    return watcher == only ? onlyModes : 0;
  }

  /** Lets {@code watcher} watch this path in {@code modes} and no others. */
  void put(Watcher watcher, int modes) {
    if (several == null && (only == null || only == watcher)) {
      only = modes == 0 ? null : watcher;
      onlyModes = modes;
      return;
    }
    IdentityHashMap<Watcher, Integer> all = several == null ? spread() : several;
    if (modes == 0) {
      all.remove(watcher);
    } else {
      all.put(watcher, modes); // A small number, so the Integer is one of those that are shared.
    }
  }

  private IdentityHashMap<Watcher, Integer> spread() {
    IdentityHashMap<Watcher, Integer> all = new IdentityHashMap<>(2);
    if (only != null) {
      all.put(only, onlyModes);
    }
    only = null;
    several = all;
    return all;
  }

  /** The watchers that watch this path in one of {@code modes}. */
  ImmutableList<Watcher> watchersIn(int modes) {
    ImmutableList.Builder<Watcher> found = ImmutableList.builder();
    forEach(
        (watcher, held) -> {
          if ((held & modes) != 0) {
            found.add(watcher);
          }
        });
    return found.build();
  }

  /** Gives each watcher with its modes to {@code action}. */
  void forEach(ObjIntConsumer<Watcher> action) {
    if (several != null) {
      several.forEach(action::accept);
    } else if (only != null) {
      action.accept(only, onlyModes);
    }
  }

  /** Whether nobody watches this path. */
  boolean isEmpty() {
    return only == null && (several == null || several.isEmpty());
  }
}
