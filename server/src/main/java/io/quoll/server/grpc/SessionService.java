package io.quoll.server.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quoll.api.v1.ClientFrame;
import io.quoll.api.v1.ServerFrame;
import io.quoll.api.v1.SessionServiceGrpc;
import io.quoll.server.coordination.Authentication;
import io.quoll.server.coordination.Consensus;
import io.quoll.server.coordination.Coordinator;
import io.quoll.server.coordination.Sessions;
import io.quoll.server.coordination.Watches;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Sessions, one stream each. Thread-safe; waits for nothing, so it runs on the event loop. */
final class SessionService extends SessionServiceGrpc.SessionServiceImplBase {
  private final Core core;
  private final Supplier<Executor> executors;

  /** What every stream needs. */
  record Core(
      Coordinator coordinator,
      Sessions sessions,
      Watches watches,
      Authentication authentication,
      Consensus consensus,
      ReplyHeaders headers,
      Rejections rejections) {}

  /**
   * Serves sessions.
   *
   * @param executors finds, when a stream begins, the executor that it is confined to; one that
   *     runs one task after the other
   */
  SessionService(Core core, Supplier<Executor> executors) {
    this.core = core;
    this.executors = executors;
  }

  @Override
  public StreamObserver<ClientFrame> session(StreamObserver<ServerFrame> responses) {
    ServerCallStreamObserver<ServerFrame> call = (ServerCallStreamObserver<ServerFrame>) responses;
    call.disableAutoRequest();
    SessionStream stream =
        new SessionStream(
            core, call, executors.get(), Admittance.pace(), IdentityInterceptor.caller());
    call.setOnReadyHandler(stream::onReady);
    call.setOnCancelHandler(stream::onCancelled);
    call.request(1);
    return stream;
  }
}
