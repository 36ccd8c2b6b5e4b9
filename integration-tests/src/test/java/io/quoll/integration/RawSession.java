package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.quoll.api.v1.AttachSession;
import io.quoll.api.v1.ClientFrame;
import io.quoll.api.v1.OpenSession;
import io.quoll.api.v1.ServerFrame;
import io.quoll.api.v1.SessionItem;
import io.quoll.api.v1.SessionReply;
import io.quoll.api.v1.SessionRequest;
import io.quoll.api.v1.SessionServiceGrpc;
import io.quoll.api.v1.SessionStarted;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a session as the contract has it, without anything that the Java client does of
 * itself: it sends no signs of life and never attaches again. Not thread-safe.
 */
final class RawSession implements AutoCloseable {
  private static final int ANSWER_SECONDS_MAX = 30;

  private final ManagedChannel channel;
  private final StreamObserver<ClientFrame> requests;
  private final BlockingQueue<SessionItem> items = new LinkedBlockingQueue<>();
  private final CompletableFuture<SessionStarted> started = new CompletableFuture<>();
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private final List<SessionItem> events = new ArrayList<>();

  private RawSession(ServerProcess server, ClientFrame first) {
    channel = NettyChannelBuilder.forTarget(server.clientAddress()).usePlaintext().build();
    requests = SessionServiceGrpc.newStub(channel).session(new Receiver());
    requests.onNext(first);
  }

  private final class Receiver implements StreamObserver<ServerFrame> {
    @Override
    public void onNext(ServerFrame frame) {
      if (frame.hasStarted()) {
        started.complete(frame.getStarted());
      }
      items.addAll(frame.getItemsList());
    }

    @Override
    public void onError(Throwable failure) {
      end.complete(Reason.of(failure));
      started.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      end.complete("completed");
    }
  }

  /** Opens a session. */
  static RawSession open(ServerProcess server, int timeoutMillis) {
    return new RawSession(
        server,
        ClientFrame.newBuilder()
            .setOpen(OpenSession.newBuilder().setTimeoutMillis(timeoutMillis))
            .build());
  }

  /** Attaches a session that was opened before. */
  static RawSession attach(ServerProcess server, SessionStarted session) {
    return attach(server, attachment(session).build());
  }

  /** Attaches a session just so. */
  static RawSession attach(ServerProcess server, AttachSession attach) {
    return new RawSession(server, ClientFrame.newBuilder().setAttach(attach).build());
  }

  /** What attaches a session. */
  static AttachSession.Builder attachment(SessionStarted session) {
    return AttachSession.newBuilder()
        .setSessionId(session.getSessionId())
        .setSecret(session.getSecret());
  }

  /** What the server said of the session to begin with. */
  SessionStarted started() {
    return answered(started);
  }

  /** Sends requests in one frame; waits for nothing. */
  void send(SessionRequest... wanted) {
    send(ClientFrame.newBuilder().addAllRequests(List.of(wanted)).build());
  }

  /** Sends a frame; waits for nothing. */
  void send(ClientFrame frame) {
    requests.onNext(frame);
  }

  /** Sends a request and waits for the next reply. */
  SessionReply call(SessionRequest.Builder request) {
    send(request.build());
    return reply();
  }

  /** Waits for the next reply. */
  SessionReply reply() {
    SessionItem item = next();
    while (!item.hasReply()) {
      events.add(item);
      item = next();
    }
    return item.getReply();
  }

  private SessionItem next() {
    try {
      @Nullable SessionItem item = items.poll(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
      assertThat(item).as("the server answers; the stream: %s", end).isNotNull();
      return item;
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** The events that came before the last reply. */
  ImmutableList<SessionItem> events() {
    return ImmutableList.copyOf(events);
  }

  /** Waits for the end of the stream: the name of its error, or {@code completed}. */
  String end() {
    return answered(end);
  }

  boolean isOver() {
    return end.isDone();
  }

  private static <T> T answered(CompletableFuture<T> answer) {
    return answer.orTimeout(ANSWER_SECONDS_MAX, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
