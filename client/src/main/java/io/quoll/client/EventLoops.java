package io.quoll.client;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Event loops, handed out in turn, with threads that nobody else has. Thread-safe. */
final class EventLoops implements AutoCloseable {
  private static final long CLOSE_SECONDS = 2;

  private final MultiThreadIoEventLoopGroup group;
  private final ImmutableList<Lane> lanes;
  private final AtomicInteger turn = new AtomicInteger();

  EventLoops(int threads) {
    ThreadFactory daemons =
        new ThreadFactoryBuilder().setDaemon(true).setNameFormat("quoll-client-io-%d").build();
    group = new MultiThreadIoEventLoopGroup(threads, daemons, NioIoHandler.newFactory());
    lanes =
        IntStream.range(0, threads)
            .mapToObj(i -> new Lane(group.next()))
            .collect(ImmutableList.toImmutableList());
  }

  Lane next() {
    return lanes.get(Math.floorMod(turn.getAndIncrement(), lanes.size()));
  }

  /** For connections that share no lane. */
  EventLoop nextLoop() {
    return group.next();
  }

  @Override
  public void close() {
    lanes.forEach(Lane::close);
    boolean isInside = lanes.stream().anyMatch(Lane::isCurrent);
    var ended = group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
    if (!isInside) {
      ended.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
  }
}
