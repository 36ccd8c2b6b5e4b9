package io.quoll.server.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.grpc.netty.shaded.io.netty.bootstrap.Bootstrap;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends datagrams to a unix socket, which the JDK cannot, but the transport of gRPC on Linux can. A
 * service manager such as systemd listens there. Thread-safe.
 */
public final class NotifySocket implements Consumer<String>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NotifySocket.class);

  private final EventLoopGroup thread;
  private final Channel channel;

  private NotifySocket(EventLoopGroup thread, Channel channel) {
    this.thread = thread;
    this.channel = channel;
  }

  /**
   * Connects to the socket at {@code path}; one that begins with {@code @} is no file, but a name
   * in the abstract name space of Linux.
   *
   * @throws IOException if nobody listens there, or if this platform has no such sockets
   */
  public static NotifySocket connect(String path) throws IOException {
    if (!Epoll.isAvailable()) {
      throw new IOException("no native transport for this platform", Epoll.unavailabilityCause());
    }
    EventLoopGroup thread =
        new EpollEventLoopGroup(
            1, new ThreadFactoryBuilder().setNameFormat("quoll-notify").setDaemon(true).build());
    String name = path.startsWith("@") ? "\0" + path.substring(1) : path;
    ChannelFuture connected =
        new Bootstrap()
            .group(thread)
            .channel(EpollDomainDatagramChannel.class)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(new DomainSocketAddress(name))
            .awaitUninterruptibly();
    if (!connected.isSuccess()) {
      end(thread);
      throw new IOException("cannot connect to " + path, connected.cause());
    }
    return new NotifySocket(thread, connected.channel());
  }

  /** Sends {@code text} as one datagram, soon. */
  @Override
  public void accept(String text) {
    var unused =
        channel
            .writeAndFlush(Unpooled.copiedBuffer(text, UTF_8))
            .addListener(
                sent -> {
                  if (!sent.isSuccess()) {
                    LOG.warn("The service manager was not told \"{}\"", text, sent.cause());
                  }
                });
  }

  /** Sends what is left, and nothing after that. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    end(thread);
  }

  private static void end(EventLoopGroup thread) {
    var unused = thread.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
