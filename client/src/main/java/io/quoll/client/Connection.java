package io.quoll.client;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;

/** One HTTP/2 connection to one server. Thread-safe. */
record Connection(ServerAddress address, ManagedChannel channel) {
  /** The largest reply that the client takes: a page of the longest names there can be. */
  private static final int REPLY_BYTES_MAX = 64 * 1024 * 1024;

  /**
   * A connection that is made when the first call needs it. Replies are handled on the event loop:
   * nothing that this library does there waits.
   */
  static Connection on(EventLoop loop, ServerAddress address, Duration connectTimeout) {
    return new Connection(
        address,
        NettyChannelBuilder.forAddress(address.host(), address.port())
            .eventLoopGroup(loop)
            .channelType(NioSocketChannel.class)
            .usePlaintext()
            .directExecutor()
            .maxInboundMessageSize(REPLY_BYTES_MAX)
            .withOption(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(Math.max(1, connectTimeout.toMillis())))
            .build());
  }
}
