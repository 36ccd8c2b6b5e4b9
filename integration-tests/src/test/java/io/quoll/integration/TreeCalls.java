package io.quoll.integration;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.quoll.api.v1.ClusterServiceGrpc;
import io.quoll.api.v1.EndSessionRequest;
import io.quoll.api.v1.TreeServiceGrpc;
import io.quoll.api.v1.TreeServiceGrpc.TreeServiceBlockingStub;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Single calls to one server, as the contract has them: nothing is tried again. */
final class TreeCalls {
  private static final int ANSWER_SECONDS_MAX = 30;

  private TreeCalls() {}

  /** The answer of {@code server}. */
  static <T> T at(ServerProcess server, Function<TreeServiceBlockingStub, T> call) {
    ManagedChannel channel = channel(server);
    try {
      return call.apply(
          TreeServiceGrpc.newBlockingStub(channel)
              .withWaitForReady()
              .withDeadlineAfter(ANSWER_SECONDS_MAX, TimeUnit.SECONDS));
    } finally {
      channel.shutdownNow();
    }
  }

  /**
   * The name of the error with which {@code server} refuses the call; {@code OK} if it does not.
   */
  static String refusal(ServerProcess server, Function<TreeServiceBlockingStub, ?> call) {
    try {
      at(server, call);
      return "OK";
    } catch (StatusRuntimeException refused) {
      return Reason.of(refused);
    }
  }

  /** Ends a session as an operator does. */
  static void end(ServerProcess server, long sessionId) {
    ManagedChannel channel = channel(server);
    try {
      var unused =
          ClusterServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)
              .endSession(EndSessionRequest.newBuilder().setSessionId(sessionId).build());
    } finally {
      channel.shutdownNow();
    }
  }

  private static ManagedChannel channel(ServerProcess server) {
    return NettyChannelBuilder.forTarget(server.clientAddress()).usePlaintext().build();
  }
}
