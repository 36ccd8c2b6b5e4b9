package io.quoll.server.grpc;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import io.grpc.Attributes;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class EventLoopsTest {
  private static final long STILL_SECONDS = 4;

  private final EventLoops loops = new EventLoops();
  private final CountDownLatch release = new CountDownLatch(1);

  @Test
  void oneLoopThatIsKeptFromItsWorkShowsAndItsReturnToo() throws Exception {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Server server =
        loops
            .serve(
                NettyServerBuilder.forAddress(anyPort),
                new Doorkeeper(new ConnectionCount(0, 0), false))
            .addTransportFilter(keeper())
            .build();
    server.start();
    loops.start();
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
    try {
      Object unused = channel.getState(true); // Connects.

      await().atMost(60, SECONDS).until(() -> silenceSeconds() >= STILL_SECONDS);
      release.countDown();
      await().atMost(60, SECONDS).until(() -> silenceSeconds() < STILL_SECONDS);
    } finally {
      release.countDown();
      channel.shutdownNow();
      server.shutdownNow();
      loops.close();
    }
  }

  /** Keeps the loop of the first connection. */
  private ServerTransportFilter keeper() {
    return new ServerTransportFilter() {
      @Override
      public Attributes transportReady(Attributes attributes) {
        try {
          release.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        return attributes;
      }
    };
  }

  private long silenceSeconds() {
    return NANOSECONDS.toSeconds(System.nanoTime() - loops.lastAliveNanos());
  }
}
