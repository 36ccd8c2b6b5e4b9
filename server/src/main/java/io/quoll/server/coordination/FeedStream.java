package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Event;
import io.quoll.statemachine.store.HistoryPage;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One reader's place in a {@link ChangeFeed}. It holds no events: what its reader does not take now
 * is read again later, from wherever it is then.
 *
 * <p>{@link #open}, {@link #wake}, {@link #cancel} and {@link #fail} are thread-safe and hand on to
 * the turns, of which there is one at a time, on a thread of the feed. All else is confined to
 * them.
 */
public final class FeedStream {
  /** The most events that are told at once. */
  static final int EVENTS_AT_ONCE_MAX = 1_000;

  /** After how many characters of paths no further event is told at once. */
  static final int CHARACTERS_AT_ONCE = 256 * 1024;

  private final ChangeFeed feed;
  private final FeedRequest request;
  private final FeedReader reader;
  private final FeedScope scope;
  private final AtomicInteger wakeUps = new AtomicInteger();
  private final AtomicBoolean reminded = new AtomicBoolean();
  private volatile @Nullable Throwable failure;
  private volatile boolean cancelled;
  private volatile long freshZxid = -1;

  private boolean started;
  private boolean ended;
  private @Nullable InitialState initialState;
  private long cursor;
  // How many events of the next transaction that has any were told before the reader was not ready.
  private int toldOfNext;
  private long lastToldNanos;
  // Cancelled in the end: the timer would keep a stream that is long gone.
  private Future<?> reminder = CompletableFuture.completedFuture(null);
  private Future<?> stateReminder = CompletableFuture.completedFuture(null);

  FeedStream(ChangeFeed feed, FeedRequest request, FeedReader reader) {
    this.feed = feed;
    this.request = request;
    this.reader = reader;
    scope = new FeedScope(request.path(), request.mode(), request.caller());
  }

  /** Begins, once this replica is as fresh as it has to be. To be called once. */
  public void open() {
    var unused =
        feed.enter(this, request)
            .whenComplete(
                (zxid, refusal) -> {
                  if (refusal == null) {
                    freshZxid = zxid;
                    wake();
                  } else {
                    fail(refusal);
                  }
                });
  }

  /** Has the next turn come: there may be something to tell, or somebody to take it. */
  public void wake() {
    if (wakeUps.getAndIncrement() == 0) {
      feed.execute(this::takeTurn);
    }
  }

  /** The reader is gone, and is not to be told any more. */
  public void cancel() {
    cancelled = true;
    wake();
  }

  /** Ends with {@code failure}, which the reader is told. */
  void fail(Throwable why) {
    failure = why;
    wake();
  }

  private void takeTurn() {
    int seen = wakeUps.get();
    boolean goOn = turn();
    if (goOn || !wakeUps.compareAndSet(seen, 0)) {
      feed.execute(this::takeTurn); // Behind the others, so that each has its turn.
    }
  }

  // Whether there is more to do at once.
  private boolean turn() {
    if (ended) {
      feed.leave(this); // It may have been cancelled before it was taken in.
      return false;
    }
    try {
      Throwable why = failure;
      if (cancelled || why != null) {
        return end(why);
      }
      if (freshZxid < 0) {
        return false;
      }
      if (!started) {
        start();
      }
      return initialState == null ? tellEvents() : tellState(initialState);
    } catch (RuntimeException refusalOrDefect) {
      feed.onFailure(refusalOrDefect);
      return end(refusalOrDefect);
    }
  }

  private boolean end(@Nullable Throwable why) {
    ended = true;
    feed.leave(this);
    reminder.cancel(false);
    stateReminder.cancel(false);
    if (initialState != null) {
      initialState.close();
    }
    if (!cancelled && why != null) {
      reader.onFailure(why);
    }
    return false;
  }

  private void start() {
    started = true;
    if (request.initialState()) {
      initialState = new InitialState(feed, request);
      cursor = initialState.zxid();
      stateReminder = feed.executeAfter(feed.initialStateTime(), this::wake);
    } else {
      cursor = request.startZxid().orElse(freshZxid);
    }
    reader.onStarted(cursor);
    told();
  }

  private boolean tellState(InitialState state) {
    state.requireInTime();
    if (!reader.isReady()) {
      return false;
    }
    ImmutableList<FeedReader.WatchedZnode> znodes = state.next();
    reader.onState(state.zxid(), znodes, state.isAllTaken());
    told();
    if (state.isAllTaken()) {
      state.close();
      initialState = null;
      stateReminder.cancel(false);
    }
    return true;
  }

  private boolean tellEvents() {
    if (!reader.isReady()) {
      return false;
    }
    HistoryPage page = feed.after(cursor);
    if (page instanceof HistoryPage.Trimmed trimmed) {
      reader.onTrimmed(trimmed.throughZxid());
      return end(null);
    }
    if (!tell((HistoryPage.Events) page)) {
      return false;
    }
    if (silentNanos() >= request.bookmarkInterval().toNanos()) {
      reader.onBookmark(cursor);
      told();
    }
    if (cursor < feed.throughZxid()) {
      return true;
    }
    remind();
    return false;
  }

  // Whether the reader took all.
  private boolean tell(HistoryPage.Events page) {
    ImmutableList<Event> events = page.events();
    int from = 0;
    while (from < events.size()) {
      int to = from + 1;
      while (to < events.size() && events.get(to).zxid() == events.get(from).zxid()) {
        to++;
      }
      if (!tellTransaction(events.subList(from, to))) {
        return false;
      }
      cursor = events.get(from).zxid();
      from = to;
    }
    cursor = page.throughZxid();
    return true;
  }

  private boolean tellTransaction(ImmutableList<Event> events) {
    ImmutableList<WatchEvent> due =
        events.stream()
            .map(scope::due)
            .filter(Objects::nonNull)
            .collect(ImmutableList.toImmutableList());
    if (due.isEmpty()) {
      return true;
    }
    while (toldOfNext < due.size()) {
      if (!reader.isReady()) {
        return false;
      }
      int to = endOfPart(due, toldOfNext);
      Event first = events.get(0);
      reader.onEvents(
          first.zxid(), first.timeMillis(), due.subList(toldOfNext, to), to == due.size());
      told();
      toldOfNext = to;
    }
    toldOfNext = 0;
    return true;
  }

  private static int endOfPart(ImmutableList<WatchEvent> events, int from) {
    int to = from;
    long characters = 0;
    while (to < events.size()
        && to - from < EVENTS_AT_ONCE_MAX
        && characters < CHARACTERS_AT_ONCE) {
      characters += events.get(to).path().value().length();
      to++;
    }
    return to;
  }

  private void told() {
    lastToldNanos = System.nanoTime();
  }

  private long silentNanos() {
    return System.nanoTime() - lastToldNanos;
  }

  // One reminder at a time, however often this stream is woken.
  private void remind() {
    if (reminded.compareAndSet(false, true)) {
      Duration left = request.bookmarkInterval().minusNanos(silentNanos());
      reminder =
          feed.executeAfter(
              left.isNegative() ? Duration.ZERO : left,
              () -> {
                reminded.set(false);
                wake();
              });
    }
  }
}
