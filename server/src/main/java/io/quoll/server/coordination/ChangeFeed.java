package io.quoll.server.coordination;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.statemachine.codec.CorruptBytesException;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.query.Exists;
import io.quoll.statemachine.ratis.AppliedListener;
import io.quoll.statemachine.store.HistoryPage;
import io.quoll.statemachine.store.StateStore;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What happened to the tree, from any zxid that is known, for watches without sessions. A stream
 * has but its place: it reads on from the recent changes, or from the history where it is further
 * behind. (ADR 0015.)
 *
 * <p>Thread-safe. The apply thread adds to the recent changes and wakes a thread of this feed.
 */
public final class ChangeFeed implements AppliedListener, AutoCloseable {
  /**
   * How much a feed takes on.
   *
   * @param streams the most streams at one time
   * @param initialStates the most streams that are told the initial state at one time, each of
   *     which holds a view
   * @param initialStateTime how long such a view is held; a replica that takes over a snapshot
   *     waits for it, half a minute at most
   */
  public record Limits(int streams, int initialStates, Duration initialStateTime) {
    /** Enough for all, and less than what would hold up a snapshot. */
    public static final Limits DEFAULT = new Limits(10_000, 100, Duration.ofSeconds(20));
  }

  /** How many changes are read at a time. */
  static final int PAGE_EVENTS = 1_000;

  private static final Duration FRESH_MAX = Duration.ofSeconds(10);
  private static final Duration STOP_MAX = Duration.ofSeconds(2);
  private static final int THREADS = 2;

  private final StateStore store;
  private final Coordinator coordinator;
  private final ScheduledExecutorService timer;
  private final FatalHandler fatal;
  private final ThreadPoolExecutor threads;
  private final Limits limits;
  private final Semaphore initialStates;
  private final Semaphore places;
  private final Set<FeedStream> streams = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean wakeUnderWay = new AtomicBoolean();
  private volatile boolean closed;

  @GuardedBy("this")
  private final RecentChanges recent;

  /**
   * A feed of what {@code store} publishes from now on, and of its history.
   *
   * @param coordinator knows when this replica is as fresh as a reader expects
   * @param timer reminds of bookmarks
   * @param fatal ends the process if the store cannot be read
   */
  public ChangeFeed(
      StateStore store,
      Coordinator coordinator,
      ScheduledExecutorService timer,
      FatalHandler fatal) {
    this(store, coordinator, timer, fatal, Limits.DEFAULT);
  }

  /** A feed with other limits. */
  ChangeFeed(
      StateStore store,
      Coordinator coordinator,
      ScheduledExecutorService timer,
      FatalHandler fatal,
      Limits limits) {
    this.store = store;
    this.coordinator = coordinator;
    this.timer = timer;
    this.fatal = fatal;
    this.limits = limits;
    places = new Semaphore(limits.streams());
    initialStates = new Semaphore(limits.initialStates());
    recent = new RecentChanges(store.publishedZxid());
    // A stream is in the queue once at most, so that the streams bound it.
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new ThreadFactoryBuilder().setNameFormat("quoll-feed-%d").setDaemon(true).build(),
            // Closed: all that is left to do is to tell a stream of it.
            (turn, pool) -> turn.run());
  }

  /** A stream that {@code reader} is told, once it is {@linkplain FeedStream#open opened}. */
  public FeedStream stream(FeedRequest request, FeedReader reader) {
    return new FeedStream(this, request, reader);
  }

  /** Takes {@code stream} in; the future has the zxid of the present, or the reason why not. */
  CompletableFuture<Long> enter(FeedStream stream, FeedRequest request) {
    if (!places.tryAcquire()) {
      return CompletableFuture.failedFuture(
          overloaded("there are " + limits.streams() + " watches, and no more may be"));
    }
    streams.add(stream);
    if (closed) { // Whoever closes may have looked for streams before this one was there.
      return CompletableFuture.failedFuture(stopping());
    }
    ReadOptions options = new ReadOptions(false, request.startZxid().orElse(0));
    return coordinator
        .ask(
            new Exists(request.path()),
            request.caller(),
            options,
            System.nanoTime() + FRESH_MAX.toNanos())
        .thenApply(Answered::zxid);
  }

  /** Lets {@code stream} go. */
  void leave(FeedStream stream) {
    if (streams.remove(stream)) {
      places.release();
    }
  }

  /** How many streams there are. */
  public int streams() {
    return streams.size();
  }

  /** How long an initial state may take. */
  Duration initialStateTime() {
    return limits.initialStateTime();
  }

  /** A view for an initial state. */
  StateStore.View beginState() {
    if (!initialStates.tryAcquire()) {
      throw overloaded(
          limits.initialStates() + " watches are being told their initial state, and no more may");
    }
    try {
      return store.view();
    } catch (RuntimeException failure) {
      initialStates.release();
      throw failure;
    }
  }

  /** Gives back what {@link #beginState} gave. */
  void endState(StateStore.View view) {
    view.close();
    initialStates.release();
  }

  /** What happened after {@code zxid}. */
  HistoryPage after(long zxid) {
    Optional<HistoryPage.Events> near = recentAfter(zxid);
    if (near.isPresent()) {
      return near.get();
    }
    try (StateStore.View view = store.view()) {
      return view.history(zxid, PAGE_EVENTS);
    }
  }

  private synchronized Optional<HistoryPage.Events> recentAfter(long zxid) {
    return recent.after(zxid, PAGE_EVENTS);
  }

  /** The zxid up to which readers may be told. */
  synchronized long throughZxid() {
    return recent.throughZxid();
  }

  void execute(Runnable turn) {
    threads.execute(turn);
  }

  /** Runs {@code reminder} later; whoever does not need it any more cancels it. */
  Future<?> executeAfter(Duration delay, Runnable reminder) {
    return timer.isShutdown()
        ? CompletableFuture.completedFuture(null)
        : timer.schedule(reminder, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** What a reader is told of {@code failure}, which may be one of the disk. */
  void onFailure(RuntimeException failure) {
    if (failure instanceof UncheckedIOException || failure instanceof CorruptBytesException) {
      fatal.halt(ExitCode.STORAGE_FAILED, "the store cannot be read", failure);
    }
  }

  static UnavailableException overloaded(String why) {
    return new UnavailableException(Reason.OVERLOADED, null, why);
  }

  static UnavailableException stopping() {
    return new UnavailableException(Reason.NOT_SERVING, null, "the server is stopping");
  }

  @Override
  public void onCommitted(EntryOutcome outcome) {
    // A feed is a reader, and sees what is published.
  }

  @Override
  public void onPublished(EntryOutcome outcome) {
    var events = outcome.transaction().events();
    synchronized (this) {
      events.forEach(recent::add);
      recent.advanceTo(outcome.transaction().zxid());
    }
    if (!events.isEmpty()) {
      wakeAll();
    }
  }

  @Override
  public void onRestored(long zxid) {
    synchronized (this) {
      recent.restart(zxid);
    }
    wakeAll();
  }

  // While a wake-up waits for its thread, all that is published is part of it.
  private void wakeAll() {
    if (!streams.isEmpty() && wakeUnderWay.compareAndSet(false, true)) {
      threads.execute(
          () -> {
            wakeUnderWay.set(false);
            streams.forEach(FeedStream::wake);
          });
    }
  }

  /** Ends all streams, with {@code NOT_SERVING}. */
  @Override
  public void close() {
    closed = true;
    streams.forEach(stream -> stream.fail(stopping()));
    MoreExecutors.shutdownAndAwaitTermination(threads, STOP_MAX);
  }
}
