package io.quoll.server.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.grpc.netty.shaded.io.netty.bootstrap.Bootstrap;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.SimpleChannelInboundHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainDatagramPacket;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifySocketTest {
  @TempDir Path directory;

  @BeforeEach
  void requireTheNativeTransport() {
    assumeThat(Epoll.isAvailable()).isTrue();
  }

  @Test
  void eachTextArrivesAsOneDatagramInOrder() throws Exception {
    String path = directory.resolve("notify").toString();
    try (Listener listener = new Listener(path);
        NotifySocket socket = NotifySocket.connect(path)) {
      socket.accept("READY=1");
      socket.accept("WATCHDOG=1\nSTATUS=döing well");

      assertThat(listener.next()).isEqualTo("READY=1");
      assertThat(listener.next()).isEqualTo("WATCHDOG=1\nSTATUS=döing well");
    }
  }

  @Test
  void aPathThatBeginsWithAnAtSignIsAnAbstractName() throws Exception {
    String name = UUID.randomUUID().toString();
    try (Listener listener = new Listener("\0" + name);
        NotifySocket socket = NotifySocket.connect("@" + name)) {
      socket.accept("READY=1");

      assertThat(listener.next()).isEqualTo("READY=1");
    }
  }

  @Test
  void whereNobodyListensThereIsNoConnection() {
    String path = directory.resolve("nobody").toString();

    assertThatThrownBy(() -> NotifySocket.connect(path))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(path);
  }

  /** Receives as a service manager does. */
  private static final class Listener implements AutoCloseable {
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final EventLoopGroup thread = new EpollEventLoopGroup(1);
    private final Channel channel;

    Listener(String name) {
      channel =
          new Bootstrap()
              .group(thread)
              .channel(EpollDomainDatagramChannel.class)
              .handler(new Receiver())
              .bind(new DomainSocketAddress(name))
              .syncUninterruptibly()
              .channel();
    }

    private final class Receiver extends SimpleChannelInboundHandler<DomainDatagramPacket> {
      @Override
      protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
        received.add(packet.content().toString(UTF_8));
      }
    }

    String next() throws InterruptedException {
      String next = received.poll(20, SECONDS);
      assertThat(next).as("a datagram within 20 s").isNotNull();
      return next;
    }

    @Override
    public void close() {
      var unusedChannel = channel.close().awaitUninterruptibly();
      var unused = thread.shutdownGracefully(0, 1, SECONDS);
    }
  }
}
