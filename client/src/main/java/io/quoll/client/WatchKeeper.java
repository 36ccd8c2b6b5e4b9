package io.quoll.client;

import com.google.common.collect.ImmutableList;
import io.quoll.api.v1.WatchEvents;
import io.quoll.api.v1.WatchRequest;
import io.quoll.api.v1.WatchResponse;
import io.quoll.api.v1.WatchServiceGrpc;
import io.quoll.api.v1.WatchState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one watch stream going: begins it, tells the listener what it says, and begins it anew at
 * the next server from the last zxid that the listener has all of.
 *
 * <p>Confined to its lane, but for what is volatile; the listener runs on the handler threads. One
 * message at a time is under way to it: the next is asked for when it has taken the last.
 */
final class WatchKeeper implements StreamLink.Owner<WatchRequest, WatchResponse> {
  /** A server that is silent for so many intervals of bookmarks is left. */
  private static final int SILENT_INTERVALS_MAX = 3;

  /** And never before this has passed. */
  private static final long SILENT_MILLIS_MIN = 5_000;

  private final String path;
  private final WatchOptions options;
  private final WatchListener listener;
  private final ServerRing ring;
  private final Chroot chroot;
  private final Keyring keyring;
  private final QuollRuntime runtime;
  private final Optional<TlsOptions> tls;
  private final Lane lane;
  private final HandlerQueue handlers;
  private final Failures failures;
  private final SeenZxid seen = new SeenZxid();
  private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
  private final Runnable abandon = this::close;
  private final List<WatchEvent> eventsOfZxid = new ArrayList<>();
  private @Nullable StreamLink<WatchRequest, WatchResponse> link;
  private @Nullable Future<?> nextStep;
  private boolean hasState;
  private boolean hasStart;
  private boolean isStartTold;
  private boolean isOver;
  private boolean hasWord;
  private long wordNanos;
  private volatile long toldZxid;
  private long receivedZxid;

  private WatchKeeper(
      String path,
      WatchOptions options,
      WatchListener listener,
      SessionOptions where,
      Keyring keyring,
      QuollRuntime runtime) {
    this.path = path;
    this.options = options;
    this.listener = listener;
    this.ring = new ServerRing(where.servers(), where.shuffleServers());
    this.tls = where.tls();
    this.chroot = new Chroot(where.chroot());
    this.keyring = keyring;
    this.runtime = runtime;
    this.lane = runtime.nextLane();
    tls.ifPresent(lane::prepare);
    this.handlers = new HandlerQueue(runtime.handlers(), () -> {});
    this.failures = new Failures(chroot, seen);
    this.hasState = !options.initialState();
    options.startZxid().ifPresent(this::goOnFrom);
  }

  /** Begins a watch; its handle ends it. */
  static TreeWatch watch(
      String path,
      WatchOptions options,
      WatchListener listener,
      SessionOptions where,
      Keyring keyring,
      QuollRuntime runtime) {
    WatchKeeper keeper = new WatchKeeper(path, options, listener, where, keyring, runtime);
    keeper.lane.execute(keeper::connect);
    runtime.add(keeper.abandon);
    return new TreeWatch(keeper);
  }

  private void goOnFrom(long zxid) {
    hasStart = true;
    receivedZxid = zxid;
    toldZxid = zxid;
  }

  long toldZxid() {
    return toldZxid;
  }

  /** Done when the watch has ended. */
  CompletableFuture<@Nullable Void> over() {
    return over;
  }

  void close() {
    lane.execute(() -> end(SessionKeeper.failure(ErrorCode.CLOSED, "the watch was closed")));
  }

  private void connect() {
    if (isOver) {
      return;
    }
    StreamLink<WatchRequest, WatchResponse> begun =
        StreamLink.start(
            lane,
            new Endpoint(ring.current(), tls),
            WatchServiceGrpc.getWatchMethod(),
            keyring,
            this);
    link = begun;
    begun.send(request());
    begun.halfClose();
    awaitWord();
  }

  private WatchRequest request() {
    WatchRequest.Builder request =
        WatchRequest.newBuilder()
            .setPath(chroot.toTree(path))
            .setMode(SessionAnswers.mode(options.mode()))
            .setInitialState(!hasState)
            .setWithData(options.withData())
            .setBookmarkIntervalMillis(Math.toIntExact(options.bookmarkInterval().toMillis()));
    if (hasState && hasStart) {
      request.setStartZxid(receivedZxid);
    }
    return request.build();
  }

  private void awaitWord() {
    cancelNextStep();
    long silentMillis =
        Math.max(SILENT_MILLIS_MIN, SILENT_INTERVALS_MAX * options.bookmarkInterval().toMillis());
    nextStep = lane.schedule(this::leaveSilentServer, TimeUnit.MILLISECONDS.toNanos(silentMillis));
  }

  private void cancelNextStep() {
    if (nextStep != null) {
      nextStep.cancel(false);
    }
  }

  @Override
  public void ready(StreamLink<WatchRequest, WatchResponse> from) {}

  @Override
  public void received(StreamLink<WatchRequest, WatchResponse> from, WatchResponse message) {
    if (from != link) {
      return;
    }
    if (!hasWord) {
      hasWord = true;
      wordNanos = System.nanoTime();
    }
    cancelNextStep(); // The listener may take its time.
    take(message);
    handlers.tell(() -> lane.execute(() -> readOn(from)));
  }

  private void readOn(StreamLink<WatchRequest, WatchResponse> from) {
    if (from == link) {
      awaitWord();
      from.read();
    }
  }

  private void take(WatchResponse message) {
    switch (message.getResponseCase()) {
      case STARTED -> started(message.getStarted().getZxid());
      case STATE -> state(message.getState());
      case EVENTS -> events(message.getEvents());
      case BOOKMARK -> {
        long zxid = message.getBookmark().getZxid();
        receivedZxid = Math.max(receivedZxid, zxid);
        tellUpTo(zxid, () -> listener.onBookmark(zxid));
      }
      case TRIMMED -> {
        long through = message.getTrimmed().getThroughZxid();
        handlers.tell(() -> listener.onTrimmed(through));
        finish();
      }
      case RESPONSE_NOT_SET -> {} // A message of a later version of the contract.
    }
  }

  private void started(long zxid) {
    if (hasState && hasStart && isStartTold) {
      return; // Goes on where it was.
    }
    isStartTold = true;
    hasStart = true;
    receivedZxid = zxid; // May be lower than before, where the state begins anew elsewhere.
    handlers.tell(() -> listener.onStarted(zxid));
    if (hasState) {
      tellUpTo(zxid, () -> {});
    }
  }

  private void state(WatchState state) {
    ImmutableList<WatchedZnode> znodes =
        state.getZnodesList().stream().map(this::znode).collect(ImmutableList.toImmutableList());
    boolean last = state.getLast();
    handlers.tell(() -> listener.onState(znodes, last));
    if (last) {
      hasState = true;
      tellUpTo(receivedZxid, () -> {});
    }
  }

  private WatchedZnode znode(io.quoll.api.v1.WatchedZnode znode) {
    return new WatchedZnode(
        chroot.fromTree(znode.getPath()),
        Answers.stat(znode.getStat()),
        znode.hasData() ? znode.getData() : null);
  }

  private void events(WatchEvents part) {
    if (part.getZxid() <= receivedZxid) {
      return; // Told before the stream was lost.
    }
    part.getEventsList()
        .forEach(event -> Answers.event(event, chroot).ifPresent(eventsOfZxid::add));
    if (!part.getLast()) {
      return;
    }
    ImmutableList<WatchEvent> events = ImmutableList.copyOf(eventsOfZxid);
    eventsOfZxid.clear();
    long zxid = part.getZxid();
    receivedZxid = zxid;
    ring.succeeded();
    tellUpTo(zxid, () -> listener.onEvents(zxid, part.getTimeMillis(), events));
  }

  private void tellUpTo(long zxid, Runnable telling) {
    handlers.tell(
        () -> {
          telling.run();
          toldZxid = Math.max(toldZxid, zxid);
        });
  }

  private void leaveSilentServer() {
    leave(SessionKeeper.failure(ErrorCode.TIMED_OUT, "no word in time from " + ring.current()));
  }

  @Override
  public void ended(StreamLink<WatchRequest, WatchResponse> from, Throwable reason) {
    if (from == link) {
      leave(failures.judge(reason, false, true, ring.current()).exception());
    }
  }

  private void leave(QuollException failure) {
    eventsOfZxid.clear();
    if (hasWord) {
      ring.served(System.nanoTime() - wordNanos);
      hasWord = false;
    }
    StreamLink<WatchRequest, WatchResponse> left = link;
    link = null;
    cancelNextStep();
    if (left != null) {
      left.cancel();
    }
    switch (failure.code()) {
      case BAD_ARGUMENTS, LIMIT_EXCEEDED, NO_NODE, AUTH_FAILED, AUTH_REQUIRED -> {
        end(failure);
        return;
      }
      case UNREACHABLE, CONNECTION_LOST, TIMED_OUT, UNKNOWN -> {
        if (left != null) {
          lane.leave(left.connection());
        }
      }
      default -> {}
    }
    handlers.tell(() -> listener.onInterrupted(failure));
    nextStep = lane.schedule(this::connect, ring.failedNanos());
  }

  private void end(QuollException reason) {
    if (isOver) {
      return;
    }
    finish();
    handlers.tell(() -> listener.onEnded(reason));
  }

  private void finish() {
    isOver = true;
    StreamLink<WatchRequest, WatchResponse> left = link;
    link = null;
    cancelNextStep();
    if (left != null) {
      left.cancel();
    }
    runtime.remove(abandon);
    over.complete(null);
  }
}
