package io.quoll.client;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.Optional;

/** One HTTP/2 connection to one server. Thread-safe. */
record Connection(Endpoint endpoint, ManagedChannel channel) {
  /** The largest reply that the client takes: a page of the longest names there can be. */
  private static final int REPLY_BYTES_MAX = 64 * 1024 * 1024;

  /**
   * A connection that is made when the first call needs it. Replies are handled on the event loop:
   * nothing that this library does there waits.
   *
   * @param tls what the endpoint's options hold now; empty for plaintext
   */
  static Connection on(
      EventLoop loop, Endpoint endpoint, Optional<SslContext> tls, Duration connectTimeout) {
    ServerAddress address = endpoint.address();
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress(address.host(), address.port());
    tls.ifPresentOrElse(builder::sslContext, builder::usePlaintext);
    return new Connection(
        endpoint,
        builder
            .eventLoopGroup(loop)
            .channelType(NioSocketChannel.class)
            .directExecutor()
            .maxInboundMessageSize(REPLY_BYTES_MAX)
            .withOption(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(Math.max(1, connectTimeout.toMillis())))
            .build());
  }

  /** Where the server is. */
  ServerAddress address() {
    return endpoint.address();
  }
}
