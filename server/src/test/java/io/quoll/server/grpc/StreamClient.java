package io.quoll.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.quoll.api.v1.AttachSession;
import io.quoll.api.v1.ClientFrame;
import io.quoll.api.v1.OpenSession;
import io.quoll.api.v1.ServerFrame;
import io.quoll.api.v1.SessionItem;
import io.quoll.api.v1.SessionReply;
import io.quoll.api.v1.SessionRequest;
import io.quoll.api.v1.SessionServiceGrpc;
import io.quoll.api.v1.SessionStarted;
import io.quoll.api.v1.WatchEvent;
import io.quoll.server.grpc.GrpcHarness.Failure;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The client's side of a session's stream, for tests. Every wait ends after 10 s. */
final class StreamClient implements ClientResponseObserver<ClientFrame, ServerFrame> {
  private static final int WAIT_SECONDS = 10;

  private final BlockingQueue<ServerFrame> frames = new LinkedBlockingQueue<>();
  private final Deque<SessionItem> items = new ArrayDeque<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final boolean reading;
  private final ClientCallStreamObserver<ClientFrame> requests;
  private int framesTaken;

  private StreamClient(Channel channel, boolean reading) {
    this.reading = reading;
    requests =
        (ClientCallStreamObserver<ClientFrame>)
            SessionServiceGrpc.newStub(channel)
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .session(this);
  }

  /** A stream on which nothing was sent. */
  static StreamClient on(Channel channel) {
    return new StreamClient(channel, true);
  }

  /** The stream of a new session, which is told that it was started. */
  static StreamClient opened(Channel channel) {
    StreamClient client = on(channel);
    client.open();
    client.started();
    return client;
  }

  /** The stream of a new session, which reads no more than {@link #read} says. */
  static StreamClient openedSlow(Channel channel) {
    StreamClient client = new StreamClient(channel, false);
    client.open();
    client.read(1);
    client.started();
    return client;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<ClientFrame> stream) {
    if (!reading) {
      stream.disableAutoRequestWithInitial(0);
    }
  }

  @Override
  public void onNext(ServerFrame frame) {
    frames.add(frame);
  }

  @Override
  public void onError(Throwable failure) {
    end.completeExceptionally(failure);
  }

  @Override
  public void onCompleted() {
    end.complete(null);
  }

  /** Takes {@code count} frames more from the transport. */
  void read(int count) {
    requests.request(count);
  }

  void open() {
    send(ClientFrame.newBuilder().setOpen(OpenSession.newBuilder().setTimeoutMillis(10_000)));
  }

  void attach(SessionStarted session) {
    attach(session.getSessionId(), session.getSecret(), 0);
  }

  void attach(long sessionId, ByteString secret, long lastZxid) {
    send(
        ClientFrame.newBuilder()
            .setAttach(
                AttachSession.newBuilder()
                    .setSessionId(sessionId)
                    .setSecret(secret)
                    .setLastZxid(lastZxid)));
  }

  void send(ClientFrame.Builder frame) {
    requests.onNext(frame.build());
  }

  /** Sends requests in one frame. */
  void send(SessionRequest.Builder... pipelined) {
    ClientFrame.Builder frame = ClientFrame.newBuilder();
    Arrays.stream(pipelined).forEach(frame::addRequests);
    send(frame);
  }

  /** Cuts the stream off. */
  void cut() {
    requests.cancel("cut by the test", null);
  }

  /** Ends the client's half. */
  void halfClose() {
    requests.onCompleted();
  }

  SessionStarted started() {
    ServerFrame frame = frame();
    assertThat(frame.hasStarted()).isTrue();
    items.addAll(frame.getItemsList());
    return frame.getStarted();
  }

  /** The next frame. */
  ServerFrame frame() {
    @Nullable ServerFrame frame = poll();
    if (frame == null) {
      throw new AssertionError("no frame came; the stream: " + end);
    }
    framesTaken++;
    return frame;
  }

  private @Nullable ServerFrame poll() {
    try {
      return frames.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /** How many frames were taken by now. */
  int framesTaken() {
    return framesTaken;
  }

  /** Whether frames have come that were not taken. */
  boolean hasFrames() {
    return !frames.isEmpty();
  }

  /** The next reply or event. */
  SessionItem item() {
    while (items.isEmpty()) {
      items.addAll(frame().getItemsList());
    }
    return Objects.requireNonNull(items.poll());
  }

  /** The next item, which is a reply. */
  SessionReply reply() {
    SessionItem item = item();
    assertThat(item.hasReply()).as("%s is a reply", item).isTrue();
    return item.getReply();
  }

  /** The next item, which is an event. */
  WatchEvent event() {
    SessionItem item = item();
    assertThat(item.hasEvent()).as("%s is an event", item).isTrue();
    return item.getEvent();
  }

  /** Sends one request and takes its reply. */
  SessionReply ask(SessionRequest.Builder request) {
    send(request);
    return reply();
  }

  /** Waits for the stream to end in order. */
  void awaitEnd() {
    Object unused = end.orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
  }

  /** How the server ended the stream. */
  Failure failure() {
    return GrpcHarness.failureOf(
        () -> {
          try {
            return end.get(WAIT_SECONDS, TimeUnit.SECONDS);
          } catch (java.util.concurrent.ExecutionException ended) {
            throw (Exception) ended.getCause();
          }
        });
  }
}
