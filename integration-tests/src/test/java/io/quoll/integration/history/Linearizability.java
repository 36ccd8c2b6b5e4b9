package io.quoll.integration.history;

import com.google.errorprone.annotations.Var;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a history is linearizable: whether each call can be given a moment between its begin and
 * its end, such that in the order of these moments a model answers as was answered. This is the
 * search of Wing and Gong, with Lowe's memory of what was tried: calls done and the state then
 * reached. Histories of things that do not depend on each other are to be checked apart. Confined
 * to one thread.
 */
final class Linearizability<S, I, O> {
  private final Model<S, I, O> model;
  private final List<Timed<I, O>> calls;
  private final Entry head;
  private final BitSet done = new BitSet();
  private final Set<Tried<S>> tried = new HashSet<>();
  private final Deque<Chosen<S>> chosen = new ArrayDeque<>();

  /** Calls that are done, and the state then. */
  private record Tried<S>(BitSet done, S state) {}

  /** A call that was given its moment, and the state before. */
  private record Chosen<S>(Entry entry, S before) {}

  /** The begin or the end of a call, in a list by time. */
  private static final class Entry {
    private final int call;
    private final boolean isBegin;
    private @Nullable Entry end;
    private @Nullable Entry previous;
    private @Nullable Entry next;

    Entry(int call, boolean isBegin) {
      this.call = call;
      this.isBegin = isBegin;
    }

    void append(Entry following) {
      next = following;
      following.previous = this;
    }

    void unlink() {
      Objects.requireNonNull(previous).next = next;
      if (next != null) {
        next.previous = previous;
      }
    }

    void relink() {
      Objects.requireNonNull(previous).next = this;
      if (next != null) {
        next.previous = this;
      }
    }
  }

  private Linearizability(Model<S, I, O> model, List<Timed<I, O>> calls) {
    this.model = model;
    this.calls = calls;
    this.head = list(calls);
  }

  /** Whether the calls are linearizable. */
  static <S, I, O> boolean holds(Model<S, I, O> model, List<Timed<I, O>> calls) {
    return new Linearizability<>(model, calls).search();
  }

  // By time; at the same time begins come before ends, so that the calls count as concurrent.
  private static <I, O> Entry list(List<Timed<I, O>> calls) {
    record Event(long time, Entry entry) {}
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      Entry begin = new Entry(i, true);
      Entry end = new Entry(i, false);
      begin.end = end;
      events.add(new Event(calls.get(i).invoked(), begin));
      events.add(new Event(calls.get(i).returned(), end));
    }
    events.sort(
        Comparator.comparingLong(Event::time)
            .thenComparing(event -> event.entry().isBegin ? 0 : 1));
    Entry head = new Entry(-1, false);
    @Var Entry last = head;
    for (Event event : events) {
      last.append(event.entry());
      last = event.entry();
    }
    return head;
  }

  private boolean search() {
    @Var S state = model.initial();
    @Var Entry entry = head.next;
    while (head.next != null) {
      if (entry == null) {
        return true; // Only ends are left that never came.
      }
      if (entry.isBegin) {
        Timed<I, O> call = calls.get(entry.call);
        Optional<S> after = model.step(state, call.input(), call.output());
        if (after.isPresent() && isNew(entry.call, after.get())) {
          chosen.push(new Chosen<>(entry, state));
          state = after.get();
          choose(entry);
          entry = head.next;
        } else {
          entry = entry.next;
        }
      } else if (calls.get(entry.call).returned() == Timed.NEVER) {
        return true; // All that was answered has its moment; the rest may never have had one.
      } else if (chosen.isEmpty()) {
        return false;
      } else {
        Chosen<S> last = chosen.pop();
        state = last.before();
        done.clear(last.entry().call);
        restore(last.entry());
        entry = last.entry().next;
      }
    }
    return true;
  }

  private boolean isNew(int call, S state) {
    BitSet now = (BitSet) done.clone();
    now.set(call);
    return tried.add(new Tried<>(now, state));
  }

  private void choose(Entry entry) {
    done.set(entry.call);
    entry.unlink();
    Objects.requireNonNull(entry.end).unlink();
  }

  private static void restore(Entry entry) {
    Objects.requireNonNull(entry.end).relink();
    entry.relink();
  }
}
