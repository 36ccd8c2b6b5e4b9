package io.quoll.integration;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.quoll.api.v1.ClusterServiceGrpc;
import io.quoll.api.v1.MemberStatus;
import io.quoll.api.v1.StatusRequest;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Where a server says that it stands, asked of itself alone. */
public final class Standing {
  private static final int ANSWER_MILLIS = 1_000;

  private Standing() {}

  /** What the server that takes clients there says, if it says anything. */
  public static Optional<MemberStatus> at(String host, int port) {
    return at(host, port, Optional.empty());
  }

  /** As {@link #at(String, int)}, asked by TLS. */
  static Optional<MemberStatus> at(String host, int port, Optional<SslContext> tls) {
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress(host, port);
    tls.ifPresentOrElse(builder::sslContext, builder::usePlaintext);
    ManagedChannel channel = builder.build();
    try {
      return Optional.of(
          ClusterServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(ANSWER_MILLIS, TimeUnit.MILLISECONDS)
              .status(StatusRequest.newBuilder().setLocal(true).build())
              .getMembers(0));
    } catch (StatusRuntimeException silent) {
      return Optional.empty();
    } finally {
      channel.shutdownNow();
    }
  }
}
