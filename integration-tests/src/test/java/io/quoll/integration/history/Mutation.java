package io.quoll.integration.history;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Ways to break a history in one place, each as a defect of a server or of a client would: by them
 * it is shown that the checks can fail.
 */
enum Mutation {
  /** Two events of a session change places. */
  REORDER_EVENTS_OF_A_SESSION(Check.ORDERED, Mutation::reorderInSession),
  /** Two batches of a watch change places. */
  REORDER_EVENTS_OF_A_WATCH(Check.ORDERED, Mutation::reorderInWatch),
  /** A session is not told of a change. */
  DROP_AN_EVENT_OF_A_SESSION(Check.RELIABLE, Mutation::dropFromSession),
  /** A watch does not tell of a change. */
  DROP_AN_EVENT_OF_A_WATCH(Check.RELIABLE, Mutation::dropFromWatch),
  /** A watch that goes on from a zxid leaves out the first that happened after it. */
  DROP_THE_FIRST_EVENT_OF_A_WATCH(Check.RESUMABLE, Mutation::dropFirstOfWatch),
  /** A watch tells a change twice. */
  REPEAT_AN_EVENT(Check.UNIQUE, Mutation::repeatInWatch),
  /** A watch tells in two parts what happened at one zxid. */
  SPLIT_A_ZXID(Check.ATOMIC, Mutation::splitInWatch),
  /** A watch sends a bookmark too early. */
  BOOKMARK_TOO_EARLY(Check.BOOKMARKABLE, Mutation::bookmarkEarly),
  /** A session is told of a change behind the answer that shows it. */
  SHOW_DATA_BEFORE_ITS_EVENT(Check.EVENT_BEFORE_DATA, Mutation::dataFirst),
  /** A write is applied a second time. */
  APPLY_A_WRITE_TWICE(Check.EXACTLY_ONCE, Mutation::applyTwice),
  /** A write that was acknowledged is lost, and nobody is told. */
  LOSE_A_WRITE(Check.EXACTLY_ONCE, Mutation::loseWrite),
  /** A strict read shows a value that was replaced before it began. */
  SERVE_A_STALE_STRICT_READ(Check.LINEARIZABLE, Mutation::staleStrictRead),
  /** A compare-and-set takes effect although the version was another. */
  IGNORE_A_VERSION(Check.LINEARIZABLE, Mutation::ignoreVersion),
  /** An ordinary read shows a state that is older than one that its session has seen. */
  GO_BACK_IN_TIME(Check.SEQUENTIAL, Mutation::goBack),
  /** The same sequential name is given to two. */
  GIVE_A_NAME_TWICE(Check.NAMES, Mutation::sameName),
  /** Two answers of a session change places. */
  ANSWER_OUT_OF_ORDER(Check.FIFO, Mutation::reorderAnswers);

  private final Check caughtBy;

  @SuppressWarnings("ImmutableEnumChecker") // A method without any state.
  private final BiFunction<History, Random, Optional<History>> change;

  Mutation(Check caughtBy, BiFunction<History, Random, Optional<History>> change) {
    this.caughtBy = caughtBy;
    this.change = change;
  }

  /** The check that is there to catch it; others may do so as well. */
  Check caughtBy() {
    return caughtBy;
  }

  /** The history, broken in one place; empty if it has no such place. */
  Optional<History> applyTo(History history, Random random) {
    return change.apply(history, random);
  }

  private static <T> Optional<Integer> any(List<T> list, Random random, Predicate<Integer> fits) {
    List<Integer> places = IntStream.range(0, list.size()).boxed().filter(fits).toList();
    return places.isEmpty()
        ? Optional.empty()
        : Optional.of(places.get(random.nextInt(places.size())));
  }

  private static <T> ImmutableList<T> changed(List<T> list, int place, T by) {
    List<T> copy = new ArrayList<>(list);
    copy.set(place, by);
    return ImmutableList.copyOf(copy);
  }

  private static <T> ImmutableList<T> without(List<T> list, int place) {
    List<T> copy = new ArrayList<>(list);
    copy.remove(place);
    return ImmutableList.copyOf(copy);
  }

  private static <T> ImmutableList<T> swapped(List<T> list, int one, int other) {
    List<T> copy = new ArrayList<>(list);
    Collections.swap(copy, one, other);
    return ImmutableList.copyOf(copy);
  }

  private static Optional<History> inSession(
      History history,
      Random random,
      BiFunction<ImmutableList<History.Told>, Random, Optional<ImmutableList<History.Told>>>
          change) {
    int place = random.nextInt(history.sessions().size());
    History.SessionRecord session = history.sessions().get(place);
    return change
        .apply(session.told(), random)
        .map(
            told ->
                history.withSessions(
                    changed(
                        history.sessions(),
                        place,
                        new History.SessionRecord(session.session(), told))));
  }

  private static Optional<History> inWatch(
      History history,
      Random random,
      BiFunction<ImmutableList<History.Notice>, Random, Optional<ImmutableList<History.Notice>>>
          change) {
    int place = random.nextInt(history.watches().size());
    History.WatchRecord watch = history.watches().get(place);
    return change
        .apply(watch.notices(), random)
        .map(
            notices -> history.withWatches(changed(history.watches(), place, watch.with(notices))));
  }

  private static Optional<History> reorderInSession(History history, Random random) {
    return inSession(
        history,
        random,
        (told, chance) ->
            any(
                    told,
                    chance,
                    i ->
                        i > 0
                            && told.get(i) instanceof History.Noticed later
                            && told.get(i - 1) instanceof History.Noticed earlier
                            && earlier.event().zxid() < later.event().zxid())
                .map(i -> swapped(told, i, i - 1)));
  }

  private static boolean isBatch(List<History.Notice> notices, int place) {
    return place >= 0 && place < notices.size() && notices.get(place) instanceof History.Batch;
  }

  private static Optional<History> reorderInWatch(History history, Random random) {
    return inWatch(
        history,
        random,
        (notices, chance) ->
            any(notices, chance, i -> isBatch(notices, i) && isBatch(notices, i - 1))
                .map(i -> swapped(notices, i, i - 1)));
  }

  private static Optional<History> dropFromSession(History history, Random random) {
    return inSession(
        history,
        random,
        (told, chance) ->
            any(told, chance, i -> told.get(i) instanceof History.Noticed)
                .map(i -> without(told, i)));
  }

  private static Optional<History> dropFromWatch(History history, Random random) {
    return inWatch(
        history,
        random,
        (notices, chance) ->
            any(notices, chance, i -> isBatch(notices, i)).map(i -> without(notices, i)));
  }

  private static Optional<History> dropFirstOfWatch(History history, Random random) {
    return inWatch(
        history,
        random,
        (notices, chance) ->
            IntStream.range(0, notices.size())
                .boxed()
                .filter(i -> isBatch(notices, i))
                .findFirst()
                .map(i -> without(notices, i)));
  }

  private static Optional<History> repeatInWatch(History history, Random random) {
    return inWatch(
        history,
        random,
        (notices, chance) ->
            any(notices, chance, i -> isBatch(notices, i))
                .map(
                    i -> {
                      History.Batch batch = (History.Batch) notices.get(i);
                      ImmutableList<History.Event> twice =
                          ImmutableList.<History.Event>builder()
                              .addAll(batch.events())
                              .add(batch.events().get(0))
                              .build();
                      return changed(notices, i, new History.Batch(batch.zxid(), twice));
                    }));
  }

  private static Optional<History> splitInWatch(History history, Random random) {
    return inWatch(
        history,
        random,
        (notices, chance) ->
            any(
                    notices,
                    chance,
                    i ->
                        isBatch(notices, i) && ((History.Batch) notices.get(i)).events().size() > 1)
                .map(
                    i -> {
                      History.Batch batch = (History.Batch) notices.get(i);
                      int size = batch.events().size();
                      List<History.Notice> split = new ArrayList<>(notices);
                      split.set(i, new History.Batch(batch.zxid(), batch.events().subList(0, 1)));
                      split.add(
                          i + 1, new History.Batch(batch.zxid(), batch.events().subList(1, size)));
                      return ImmutableList.copyOf(split);
                    }));
  }

  private static Optional<History> bookmarkEarly(History history, Random random) {
    return inWatch(
        history,
        random,
        (notices, chance) ->
            any(notices, chance, i -> isBatch(notices, i))
                .map(
                    i -> {
                      List<History.Notice> marked = new ArrayList<>(notices);
                      marked.add(i, new History.Bookmark(((History.Batch) notices.get(i)).zxid()));
                      return ImmutableList.copyOf(marked);
                    }));
  }

  // The event directly before the answer that shows what it tells comes directly behind it.
  private static Optional<History> dataFirst(History history, Random random) {
    return inSession(
        history,
        random,
        (told, chance) ->
            any(
                    told,
                    chance,
                    i ->
                        i > 0
                            && told.get(i) instanceof History.Answered answered
                            && told.get(i - 1) instanceof History.Noticed noticed
                            && newest(history, answered.call()) == noticed.event().zxid()
                            && !(i > 1
                                && told.get(i - 2) instanceof History.Noticed before
                                && before.event().zxid() == noticed.event().zxid()))
                .map(i -> swapped(told, i, i - 1)));
  }

  private static Optional<Call> call(History history, int number) {
    return history.calls().stream().filter(call -> call.number() == number).findFirst();
  }

  private static long newest(History history, int number) {
    return call(history, number)
        .flatMap(call -> Optional.ofNullable(call.reply()))
        .map(reply -> reply.parts().stream().mapToLong(Call.PartReply::zxid).max().orElse(0))
        .orElse(0L);
  }

  private static boolean isAcknowledgedSet(Call call) {
    return call.request().parts().size() == 1
        && call.request().parts().get(0) instanceof Part.Set
        && call.reply() != null
        && part(call).isOk();
  }

  private static Call.PartReply part(Call call) {
    return Objects.requireNonNull(call.reply()).parts().get(0);
  }

  // Who read the value saw it written at the second zxid, and in the version after.
  private static Optional<History> applyTwice(History history, Random random) {
    ImmutableList<Call> calls = history.calls();
    return any(
            calls,
            random,
            i ->
                isAcknowledgedSet(calls.get(i))
                    && again(history, calls.get(i)).isPresent()
                    && calls.stream().anyMatch(call -> reads(call, calls.get(i))))
        .map(
            i -> {
              History.Event again = again(history, calls.get(i)).orElseThrow();
              return history
                  .withChanges(inserted(history.changes(), again))
                  .withCalls(
                      calls.stream()
                          .map(call -> reads(call, calls.get(i)) ? later(call, again) : call)
                          .collect(ImmutableList.toImmutableList()));
            });
  }

  private static Optional<History.Event> again(History history, Call set) {
    String path = set.request().parts().get(0).path();
    Changes changes = new Changes(history.changes());
    return history.changes().stream()
        .map(History.Event::zxid)
        .filter(zxid -> zxid > part(set).zxid() && !changes.of(path).containsKey(zxid))
        .findFirst()
        .map(zxid -> new History.Event(zxid, path, History.Kind.CHANGED));
  }

  private static boolean reads(Call call, Call set) {
    return isRead(call)
        && call.request().parts().get(0).path().equals(set.request().parts().get(0).path())
        && part(call).zxid() == part(set).zxid();
  }

  private static Call later(Call read, History.Event again) {
    Call.PartReply before = part(read);
    return read.withReply(
        new Call.Reply(
            ImmutableList.of(
                new Call.PartReply(
                    before.code(), before.value(), before.version() + 1, again.zxid()))));
  }

  private static ImmutableList<History.Event> inserted(
      List<History.Event> events, History.Event one) {
    List<History.Event> copy = new ArrayList<>(events);
    copy.add(one);
    copy.sort(Comparator.comparingLong(History.Event::zxid));
    return ImmutableList.copyOf(copy);
  }

  private static Optional<History> loseWrite(History history, Random random) {
    ImmutableList<Call> calls = history.calls();
    return any(calls, random, i -> isAcknowledgedSet(calls.get(i)))
        .map(
            i -> {
              long zxid = part(calls.get(i)).zxid();
              return history.withChanges(
                  history.changes().stream()
                      .filter(event -> event.zxid() != zxid)
                      .collect(ImmutableList.toImmutableList()));
            });
  }

  private static boolean isRead(Call call) {
    return call.request().isRead() && call.request().parts().size() == 1 && call.reply() != null;
  }

  // A read of the value before the last write that ended before it began.
  private static Optional<History> staleStrictRead(History history, Random random) {
    ImmutableList<Call> calls = history.calls();
    return any(
            calls,
            random,
            i ->
                calls.get(i).strict()
                    && isRead(calls.get(i))
                    && replaced(history, calls.get(i)) != null)
        .map(
            i -> {
              Call.PartReply old = Objects.requireNonNull(replaced(history, calls.get(i)));
              return history.withCalls(
                  changed(calls, i, calls.get(i).withReply(new Call.Reply(ImmutableList.of(old)))));
            });
  }

  // What a read showed that ended before the begin of a write that ended before the begin of this.
  private static Call.@Nullable PartReply replaced(History history, Call read) {
    String path = read.request().parts().get(0).path();
    return history.calls().stream()
        .filter(
            write ->
                isAcknowledgedSet(write)
                    && write.request().parts().get(0).path().equals(path)
                    && write.timed().returned() < read.timed().invoked())
        .flatMap(
            write ->
                history.calls().stream()
                    .filter(
                        other ->
                            isRead(other)
                                && other.request().parts().get(0).path().equals(path)
                                && part(other).isOk()
                                && part(other).zxid() < part(write).zxid()))
        .map(Mutation::part)
        .findFirst()
        .orElse(null);
  }

  private static Optional<History> ignoreVersion(History history, Random random) {
    ImmutableList<Call> calls = history.calls();
    return any(
            calls,
            random,
            i ->
                calls.get(i).request().parts().size() == 1
                    && calls.get(i).request().parts().get(0) instanceof Part.Set
                    && calls.get(i).reply() != null
                    && part(calls.get(i)).code().equals("BAD_VERSION"))
        .map(
            i -> {
              Part.Set set = (Part.Set) calls.get(i).request().parts().get(0);
              Call.PartReply done = new Call.PartReply("OK", null, set.version() + 1, 1);
              return history.withCalls(
                  changed(
                      calls, i, calls.get(i).withReply(new Call.Reply(ImmutableList.of(done)))));
            });
  }

  // The answer to a read of a session becomes the one to an earlier read of the same znode.
  private static Optional<History> goBack(History history, Random random) {
    ImmutableList<Call> calls = history.calls();
    return any(
            calls, random, i -> isRead(calls.get(i)) && earlier(history, calls.get(i)).isPresent())
        .map(
            i ->
                history.withCalls(
                    changed(
                        calls,
                        i,
                        calls
                            .get(i)
                            .withReply(
                                new Call.Reply(
                                    ImmutableList.of(
                                        part(earlier(history, calls.get(i)).orElseThrow())))))));
  }

  private static Optional<Call> earlier(History history, Call read) {
    if (!part(read).isOk()) {
      return Optional.empty();
    }
    return history.calls().stream()
        .filter(
            call ->
                call.session() == read.session()
                    && call.number() < read.number()
                    && isRead(call)
                    && call.request().equals(read.request())
                    && part(call).isOk()
                    && part(call).zxid() < part(read).zxid())
        .filter(call -> hasSeenMore(history, call, read))
        .findFirst();
  }

  // Whether the session saw, between the two, that the znode had changed.
  private static boolean hasSeenMore(History history, Call first, Call last) {
    return history.calls().stream()
        .anyMatch(
            call ->
                call.session() == last.session()
                    && call.number() > first.number()
                    && call.number() < last.number()
                    && isRead(call)
                    && call.request().equals(last.request())
                    && part(call).zxid() > part(first).zxid());
  }

  private static Optional<History> sameName(History history, Random random) {
    ImmutableList<Timed<String, String>> names = history.names();
    return any(
            names, random, i -> i > 0 && names.get(i).output() != null && named(names, i) != null)
        .map(
            i -> {
              Timed<String, String> name = names.get(i);
              return history.withNames(
                  changed(
                      names,
                      i,
                      new Timed<>(name.invoked(), name.returned(), name.input(), named(names, i))));
            });
  }

  private static @Nullable String named(List<Timed<String, String>> names, int place) {
    return names.get(place - 1).output();
  }

  private static Optional<History> reorderAnswers(History history, Random random) {
    return inSession(
        history,
        random,
        (told, chance) -> {
          List<Integer> answers =
              IntStream.range(0, told.size())
                  .boxed()
                  .filter(i -> told.get(i) instanceof History.Answered)
                  .toList();
          return any(answers, chance, i -> i > 0)
              .map(i -> swapped(told, answers.get(i - 1), answers.get(i)));
        });
  }
}
