package io.quoll.client;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.AttachSession;
import io.quoll.api.v1.ClientFrame;
import io.quoll.api.v1.OpenSession;
import io.quoll.api.v1.ServerFrame;
import io.quoll.api.v1.SessionError;
import io.quoll.api.v1.SessionItem;
import io.quoll.api.v1.SessionReply;
import io.quoll.api.v1.SessionServiceGrpc;
import io.quoll.api.v1.SessionStarted;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a session attached: looks for a server, opens or attaches the session there, sends what
 * waits in the line, hands replies and events on, sends signs of life and leaves servers that give
 * none, until the session is over.
 *
 * <p>Confined to the session's lane, but for what is volatile.
 */
final class SessionKeeper implements StreamLink.Owner<ClientFrame, ServerFrame> {
  private static final long ATTACH_MILLIS_MIN = 500;
  private static final long ATTACH_MILLIS_MAX = 5_000;
  private static final long SEND_AGAIN_MILLIS_MIN = 10;

  private final SessionOptions options;
  private final Lane lane;
  private final ServerRing ring;
  private final Failures failures;
  private final SessionAnswers answers;
  private final RequestLine line;
  private final SessionWatching watching;
  private final Keyring keyring;
  private final Ending ending;
  private final SeenZxid seen = new SeenZxid();
  private final SignsOfLife signs;
  private final CompletableFuture<@Nullable Void> opened = new CompletableFuture<>();

  private ByteString secret = ByteString.EMPTY;
  private @Nullable StreamLink<ClientFrame, ServerFrame> link;
  private @Nullable Future<?> nextStep;
  private boolean attached;
  private long attachedNanos;
  private boolean isClosing;
  private int behindInARow;
  private long pings;

  private volatile long id;
  private volatile long timeoutMillis;
  private volatile SessionState state = SessionState.CONNECTING;
  private volatile ServerAddress server;
  private volatile @Nullable QuollException lastFailure;

  /** Told once when the session is over, on the lane. */
  interface Ending {
    void ended(SessionState state, QuollException reason);
  }

  SessionKeeper(
      SessionOptions options,
      Lane lane,
      RequestLine line,
      SessionWatching watching,
      Keyring keyring,
      Ending ending) {
    Chroot chroot = new Chroot(options.chroot());
    this.options = options;
    this.lane = lane;
    this.line = line;
    this.watching = watching;
    this.keyring = keyring;
    this.ending = ending;
    this.ring = new ServerRing(options.servers(), options.shuffleServers());
    this.failures = new Failures(chroot, seen);
    this.answers = new SessionAnswers(new Answers(chroot));
    this.signs = new SignsOfLife(lane, this::ping, this::leaveSilentServer);
    this.server = ring.current();
  }

  CompletableFuture<@Nullable Void> opened() {
    return opened;
  }

  long id() {
    return id;
  }

  Duration timeout() {
    return Duration.ofMillis(timeoutMillis);
  }

  SessionState state() {
    return state;
  }

  ServerAddress server() {
    return server;
  }

  Optional<QuollException> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }

  void connect() {
    if (state.isFinal()) {
      return;
    }
    server = ring.current();
    StreamLink<ClientFrame, ServerFrame> begun =
        StreamLink.start(
            lane,
            new Endpoint(server, options.tls()),
            SessionServiceGrpc.getSessionMethod(),
            keyring,
            this);
    link = begun;
    begun.send(firstFrame());
    nextStep = lane.schedule(this::leaveSilentServer, attachNanos());
  }

  private ClientFrame firstFrame() {
    int wanted = Math.toIntExact(options.sessionTimeout().toMillis());
    ClientFrame.Builder frame =
        ClientFrame.newBuilder().setFirstUnacknowledgedCxid(line.firstUnacknowledgedCxid());
    if (id == 0) {
      return frame.setOpen(OpenSession.newBuilder().setTimeoutMillis(wanted)).build();
    }
    AttachSession.Builder attach =
        AttachSession.newBuilder()
            .setSessionId(id)
            .setSecret(secret)
            .setTimeoutMillis(wanted)
            .setLastZxid(seen.highest());
    return frame.setAttach(attach).build();
  }

  // So that all servers of the list can be tried within the timeout.
  private long attachNanos() {
    long known = timeoutMillis == 0 ? options.sessionTimeout().toMillis() : timeoutMillis;
    long share = known / (ring.size() + 1);
    long atFirst = Math.min(ATTACH_MILLIS_MAX, Math.max(ATTACH_MILLIS_MIN, share));
    return TimeUnit.MILLISECONDS.toNanos(ring.patienceMillis(atFirst));
  }

  /** Sends whatever may be sent. */
  void pump() {
    StreamLink<ClientFrame, ServerFrame> present = link;
    while (present != null && attached && present.isReady()) {
      ClientFrame frame = line.nextFrame();
      if (frame == null) {
        return;
      }
      present.send(frame);
    }
  }

  @Override
  public void ready(StreamLink<ClientFrame, ServerFrame> from) {
    pump();
  }

  @Override
  public void received(StreamLink<ClientFrame, ServerFrame> from, ServerFrame frame) {
    if (from != link) {
      return;
    }
    signs.heard();
    try {
      take(frame);
    } catch (IllegalStateException outOfOrder) {
      leave(failure(ErrorCode.UNKNOWN, "%s: %s".formatted(server, outOfOrder.getMessage())));
    }
    if (from != link) {
      return;
    }
    from.read();
    pump();
  }

  private void take(ServerFrame frame) {
    if (frame.hasStarted()) {
      started(frame.getStarted());
    }
    for (SessionItem item : frame.getItemsList()) {
      if (link == null) {
        return; // Left over one of the items before.
      }
      if (item.hasReply()) {
        replied(item.getReply());
      } else if (item.hasEvent()) {
        seen.see(item.getEvent().getZxid());
        watching.event(item.getEvent());
      }
    }
  }

  private void started(SessionStarted started) {
    cancelNextStep();
    attached = true;
    id = started.getSessionId();
    secret = started.getSecret();
    timeoutMillis = Integer.toUnsignedLong(started.getTimeoutMillis());
    seen.see(started.getHeader().getZxid());
    attachedNanos = System.nanoTime();
    behindInARow = 0;
    line.attached(started.getLastCxid());
    line.addFirst(watching.attached());
    signs.start(timeoutMillis);
    become(SessionState.CONNECTED);
    opened.complete(null);
  }

  private void replied(SessionReply reply) {
    SessionCall<?> call = line.answered(reply);
    if (call != null) {
      seen.see(reply.getZxid());
      if (!reply.hasError()) {
        call.complete(reply, watching.tables());
      } else if (call.isWrite() && isToBeSentAgain(reply.getError())) {
        line.putBack(call);
      } else if (call.isOfStream()) {
        leave(answers.exception(reply.getError()));
        return;
      } else {
        call.fail(answers.exception(reply.getError()));
      }
      if (!call.isOfStream()) {
        ring.succeeded();
      }
      watching.replied(reply.getZxid());
    }
    if (line.isReadyToRelease()) {
      long delay = Math.max(SEND_AGAIN_MILLIS_MIN, reply.getError().getRetryAfterMillis());
      var unused = lane.schedule(this::sendAgain, TimeUnit.MILLISECONDS.toNanos(delay));
    }
  }

  // All other refusals are recorded as the reply to the write.
  private static boolean isToBeSentAgain(SessionError error) {
    return error.getCode() == io.quoll.api.v1.ErrorCode.ERROR_CODE_CXID_GAP
        || error.getCode() == io.quoll.api.v1.ErrorCode.ERROR_CODE_REPLIES_FULL
        || error.getRetryAfterMillis() > 0
        || error.getApplied() == SessionError.Applied.UNKNOWN;
  }

  private void sendAgain() {
    line.release();
    pump();
  }

  private void ping() {
    if (link != null && attached) {
      link.send(
          ClientFrame.newBuilder()
              .setFirstUnacknowledgedCxid(line.firstUnacknowledgedCxid())
              .setPing(++pings)
              .build());
    }
  }

  @Override
  public void ended(StreamLink<ClientFrame, ServerFrame> from, Throwable reason) {
    if (from != link) {
      return;
    }
    leave(failures.judge(reason, false, attached, server).exception());
  }

  private void leaveSilentServer() {
    ring.silent();
    leave(failure(ErrorCode.TIMED_OUT, "no word in time from " + server));
  }

  private void leave(QuollException failure) {
    StreamLink<ClientFrame, ServerFrame> left = link;
    if (attached) {
      ring.served(System.nanoTime() - attachedNanos);
    }
    detach();
    if (left != null) {
      left.cancel();
      if (isOfConnection(failure.code())) {
        lane.leave(left.connection());
      }
    }
    lastFailure = failure;
    if (isFatal(failure)) {
      end(isOfCredentials(failure) ? SessionState.AUTH_FAILED : SessionState.EXPIRED, failure);
      return;
    }
    if (id != 0) {
      become(SessionState.DISCONNECTED);
    }
    nextStep = lane.schedule(this::connect, ring.failedNanos());
  }

  private void detach() {
    cancelNextStep();
    link = null;
    attached = false;
    signs.stop();
    line.rewind();
    watching.detached();
  }

  private static boolean isOfConnection(ErrorCode code) {
    return switch (code) {
      case UNREACHABLE, CONNECTION_LOST, TIMED_OUT, UNKNOWN -> true;
      default -> false;
    };
  }

  // That a session is gone only a server can say. One that never had what the session has seen is
  // of another ensemble, and so may the list be by mistake: only all of them together end it.
  private boolean isFatal(QuollException failure) {
    behindInARow = failure.code() == ErrorCode.BEHIND ? behindInARow + 1 : 0;
    return failure.code() == ErrorCode.SESSION_EXPIRED
        || isOfCredentials(failure)
        || (id == 0 && failure.code() == ErrorCode.BAD_ARGUMENTS)
        || behindInARow >= ring.size();
  }

  // Another server would say the same.
  private static boolean isOfCredentials(QuollException failure) {
    return failure.code() == ErrorCode.AUTH_FAILED || failure.code() == ErrorCode.AUTH_REQUIRED;
  }

  /** From now on the end of the session, however it comes, is that its owner closed it. */
  void closing() {
    isClosing = true;
  }

  /** Ends the session here, whatever becomes of it at the ensemble. */
  void end(SessionState last, QuollException reason) {
    if (state.isFinal()) {
      return;
    }
    StreamLink<ClientFrame, ServerFrame> left = link;
    detach();
    if (left != null) {
      left.cancel();
    }
    state = isClosing ? SessionState.CLOSED : last;
    opened.completeExceptionally(reason);
    ending.ended(last, reason);
  }

  private void become(SessionState next) {
    if (state != next) {
      state = next;
      watching.tellState(next);
    }
  }

  private void cancelNextStep() {
    if (nextStep != null) {
      nextStep.cancel(false);
    }
  }

  static QuollException failure(ErrorCode code, String message) {
    return new QuollException(code, null, Applied.NO, message, null);
  }
}
