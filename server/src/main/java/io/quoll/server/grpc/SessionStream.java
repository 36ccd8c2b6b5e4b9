package io.quoll.server.grpc;

import static com.google.common.base.Preconditions.checkNotNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.google.common.collect.ImmutableList;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quoll.api.v1.AttachSession;
import io.quoll.api.v1.ClientFrame;
import io.quoll.api.v1.ServerFrame;
import io.quoll.server.coordination.Outbox;
import io.quoll.server.coordination.SessionHold;
import io.quoll.server.coordination.SessionHolder;
import io.quoll.server.coordination.SessionLine;
import io.quoll.server.coordination.SessionRequest;
import io.quoll.server.coordination.WakeUp;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Rejection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one attachment of a session: reads frames into its line and sends what is in its
 * outbox, each as fast as the other side takes it. (ADR 0016.)
 *
 * <p>Everything is confined to one executor, over a network the event loop of the connection; what
 * other threads call hands over to it.
 */
final class SessionStream implements StreamObserver<ClientFrame>, SessionHolder {
  /** How long it may take to open or attach a session. */
  static final Duration ATTACHED_WITHIN = Duration.ofSeconds(10);

  /** The longest that a client which is too fast hears and is heard nothing. */
  static final Duration SLOWED_AT_A_TIME = Duration.ofSeconds(1);

  /** What the items of a frame weigh together, unless one alone weighs more. */
  static final long FRAME_BYTES = 256 * 1024;

  private enum State {
    NEW,
    ATTACHING,
    ATTACHED,
    OVER
  }

  private final SessionService.Core core;
  private final ServerCallStreamObserver<ServerFrame> call;
  private final Executor executor;
  private final RequestPace pace;
  private final WakeUp wakeUp;
  private final Outbox outbox;
  private final SessionReplies replies;
  private final String clientAddress = ClientAddress.current();

  private State state = State.NEW;
  private boolean frameAsked = true;
  private boolean slowed;
  private long pong;
  private @Nullable CompletableFuture<SessionHold> attaching;
  private @Nullable SessionHold hold;
  private @Nullable SessionLine line;

  /**
   * The stream of {@code call}, which is being begun, and of which one frame was asked.
   *
   * @param identities who the client has proved to be when the call began
   */
  SessionStream(
      SessionService.Core core,
      ServerCallStreamObserver<ServerFrame> call,
      Executor executor,
      RequestPace pace,
      Identities identities) {
    this.core = core;
    this.call = call;
    this.executor = executor;
    this.pace = pace;
    this.wakeUp = new WakeUp(executor, () -> guarded(this::work));
    this.outbox = new Outbox(identities, core.coordinator()::publishedZxid, wakeUp::wake);
    this.replies = new SessionReplies(core.rejections());
  }

  @Override
  public void onNext(ClientFrame frame) {
    executor.execute(() -> guarded(() -> onFrame(frame)));
  }

  @Override
  public void onError(Throwable cancelled) {
    onCancelled();
  }

  @Override
  public void onCompleted() {
    executor.execute(() -> guarded(this::complete));
  }

  /** The transport takes more. */
  void onReady() {
    wakeUp.wake();
  }

  /** The client, or its connection, is gone. */
  void onCancelled() {
    executor.execute(this::leave);
  }

  @Override
  public void onEnd(RuntimeException reason) {
    executor.execute(() -> guarded(() -> fail(reason)));
  }

  @Override
  public int watches() {
    return core.watches().count(outbox);
  }

  @Override
  public String clientAddress() {
    return clientAddress;
  }

  @Override
  public ImmutableList<String> watchedPaths(int limit) {
    return core.watches().paths(outbox, limit);
  }

  // A defect ends the stream on which it shows, and no other.
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException failure) {
      fail(failure);
    }
  }

  private void onFrame(ClientFrame frame) {
    frameAsked = false;
    if (state == State.OVER) {
      return;
    }
    if (frame.getPing() != 0) {
      pong = frame.getPing();
    }
    switch (state) {
      case NEW -> begin(frame);
      case ATTACHING -> throw badFrame("a frame came before the session was attached");
      default -> take(frame);
    }
    work();
  }

  private void begin(ClientFrame frame) {
    if (frame.getRequestsCount() > 0) {
      throw badFrame("the first frame holds requests, before the session is attached");
    }
    long deadlineNanos = System.nanoTime() + ATTACHED_WITHIN.toNanos();
    CompletableFuture<SessionHold> attached =
        switch (frame.getStartCase()) {
          case OPEN ->
              core.sessions()
                  .open(
                      Integer.toUnsignedLong(frame.getOpen().getTimeoutMillis()),
                      this,
                      deadlineNanos);
          case ATTACH -> attach(frame.getAttach(), deadlineNanos);
          case START_NOT_SET -> throw badFrame("the first frame neither opens nor attaches");
        };
    state = State.ATTACHING;
    attaching = attached;
    long acknowledged = frame.getFirstUnacknowledgedCxid();
    var unused =
        attached.whenComplete(
            (held, failure) ->
                executor.execute(() -> guarded(() -> onAttached(held, failure, acknowledged))));
  }

  private CompletableFuture<SessionHold> attach(AttachSession attach, long deadlineNanos) {
    // Unsigned: what does not fit into a long lies beyond every zxid.
    long lastZxid = attach.getLastZxid() < 0 ? Long.MAX_VALUE : attach.getLastZxid();
    return core.sessions()
        .attach(
            attach.getSessionId(),
            attach.getSecret(),
            Integer.toUnsignedLong(attach.getTimeoutMillis()),
            lastZxid,
            this,
            deadlineNanos);
  }

  private void onAttached(
      @Nullable SessionHold held, @Nullable Throwable failure, long acknowledgedCxid) {
    attaching = null;
    if (held == null) {
      fail(checkNotNull(failure));
      return;
    }
    if (state == State.OVER) {
      core.sessions().release(held);
      return;
    }
    state = State.ATTACHED;
    hold = held;
    line =
        new SessionLine(
            held,
            core.coordinator(),
            core.sessions(),
            core.watches(),
            outbox,
            core.authentication(),
            wakeUp::wake);
    line.acknowledge(acknowledgedCxid);
    call.onNext(frame().setStarted(replies.started(held, core.headers())).build());
    work();
  }

  private void take(ClientFrame frame) {
    SessionHold held = checkNotNull(hold);
    held.touch();
    if (frame.getStartCase() != ClientFrame.StartCase.START_NOT_SET) {
      throw badFrame("the session is attached, and a frame attaches again");
    }
    ImmutableList<SessionRequest> requests =
        SessionRequests.of(frame.getRequestsList(), held.sessionId());
    SessionLine requestLine = checkNotNull(line);
    requestLine.acknowledge(frame.getFirstUnacknowledgedCxid());
    requests.forEach(requestLine::add);
    slowDown(requests.size());
  }

  // A client that is faster than it may be is read from later. It is alive all the same, and hears
  // that the server is.
  private void slowDown(int requests) {
    long waitNanos = pace.takeNanos(requests);
    if (waitNanos > 0 && !slowed) {
      slowed = true;
      CompletableFuture.delayedExecutor(
              Math.min(waitNanos, SLOWED_AT_A_TIME.toNanos()), NANOSECONDS, executor)
          .execute(() -> guarded(this::goOn));
    }
  }

  private void goOn() {
    slowed = false;
    if (state != State.ATTACHED) {
      return;
    }
    checkNotNull(hold).touch();
    if (call.isReady()) {
      call.onNext(frame().build());
    }
    slowDown(0);
    work();
  }

  private void work() {
    SessionLine requests = line;
    if (state != State.ATTACHED || requests == null) {
      readOn();
      return;
    }
    do {
      requests.advance();
    } while (send()); // What was sent makes room for what waits.
    if (outbox.failure().isPresent()) {
      fail(outbox.failure().get());
    } else if (requests.failure().isPresent()) {
      fail(requests.failure().get());
    } else if (requests.isClosed() && outbox.isDrained()) {
      complete();
    } else {
      readOn();
    }
  }

  // True if anything was sent.
  private boolean send() {
    boolean sent = false;
    while (call.isReady() && (pong != 0 || !outbox.isEmpty())) {
      ServerFrame.Builder frame = frame();
      outbox.take(FRAME_BYTES).forEach(item -> frame.addItems(replies.item(item)));
      call.onNext(frame.build());
      sent = true;
    }
    return sent;
  }

  private ServerFrame.Builder frame() {
    ServerFrame.Builder frame =
        ServerFrame.newBuilder().setTerm(core.consensus().term()).setPong(pong);
    pong = 0;
    return frame;
  }

  private void readOn() {
    boolean throttled =
        state == State.ATTACHED
            && (slowed || pong != 0 || outbox.isFull() || checkNotNull(line).isFull());
    if (state != State.OVER && !frameAsked && !throttled) {
      frameAsked = true;
      call.request(1);
    }
  }

  private static Rejection badFrame(String detail) {
    return new Rejection(ErrorCode.BAD_ARGUMENTS, "", detail);
  }

  private void fail(Throwable failure) {
    if (state == State.OVER) {
      return;
    }
    leave();
    call.onError(core.rejections().ofRead(failure));
  }

  private void complete() {
    if (state == State.OVER) {
      return;
    }
    leave();
    call.onCompleted();
  }

  // The session waits for its next stream, unless it is closed.
  private void leave() {
    state = State.OVER;
    if (attaching != null) {
      attaching.cancel(false);
    }
    if (line != null) {
      line.abandon();
      line = null;
    }
    if (hold != null) {
      core.sessions().release(hold);
      hold = null;
    }
  }
}
