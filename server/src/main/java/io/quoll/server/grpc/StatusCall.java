package io.quoll.server.grpc;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.quoll.api.v1.ClusterServiceGrpc;
import io.quoll.api.v1.MemberStatus;
import io.quoll.api.v1.StatusRequest;
import io.quoll.server.tls.PortTls;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks a server, from outside, what it does: for the scripts that start it and look at it. */
public final class StatusCall {
  private static final String SERVING = "serving";
  private static final String CANDIDATE = "candidate";

  private StatusCall() {}

  /**
   * What the server at {@code host} and {@code port} does, such as {@code leader}; empty if none
   * answers within {@code wait}. A server that tells only callers who prove who they are is asked
   * for its health instead: it is {@code serving} if it knows a leader, or else a {@code
   * candidate}.
   *
   * @param tls what the server is called with; empty for plaintext
   */
  public static Optional<String> mode(String host, int port, Optional<PortTls> tls, Duration wait) {
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress(new InetSocketAddress(host, port));
    tls.map(FrontEndTls::ofCaller).ifPresentOrElse(builder::sslContext, builder::usePlaintext);
    ManagedChannel channel = builder.build();
    try {
      return ClusterServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(wait.toMillis(), TimeUnit.MILLISECONDS)
          .status(StatusRequest.newBuilder().setLocal(true).build())
          .getMembersList()
          .stream()
          .findFirst()
          .map(StatusCall::mode);
    } catch (StatusRuntimeException failure) {
      return failure.getStatus().getCode() == Status.Code.UNAUTHENTICATED
          ? modeByHealth(channel, wait)
          : Optional.empty();
    } finally {
      channel.shutdownNow();
    }
  }

  private static Optional<String> modeByHealth(Channel channel, Duration wait) {
    HealthCheckRequest quorum =
        HealthCheckRequest.newBuilder().setService(GrpcFrontEnd.QUORUM).build();
    try {
      ServingStatus status =
          HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(wait.toMillis(), TimeUnit.MILLISECONDS)
              .check(quorum)
              .getStatus();
      return Optional.of(status == ServingStatus.SERVING ? SERVING : CANDIDATE);
    } catch (StatusRuntimeException silent) {
      return Optional.empty();
    }
  }

  private static String mode(MemberStatus status) {
    return status.getRole().name().toLowerCase(Locale.ROOT);
  }
}
