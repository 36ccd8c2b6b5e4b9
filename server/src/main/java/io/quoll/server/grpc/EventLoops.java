package io.quoll.server.grpc;

import com.google.common.collect.Iterables;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that serve connections. A connection belongs to one of them, and so do its streams:
 * what is done there needs no lock and no other thread. Thread-safe.
 */
final class EventLoops implements ServingThreads {
  private static final long BEAT_MILLIS = 1000;

  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup boss;
  private final EventLoopGroup workers;
  private final ConcurrentMap<EventExecutor, Long> lastAliveNanos = new ConcurrentHashMap<>();

  /** As many threads as there are processors, and one that accepts connections. */
  EventLoops() {
    int count = Runtime.getRuntime().availableProcessors();
    boss = group(epoll, 1, threads("quoll-accept-%d"));
    workers = group(epoll, count, threads("quoll-loop-%d"));
  }

  @Override
  public void start() {
    Iterables.concat(boss, workers).forEach(this::lookAfter);
  }

  private void lookAfter(EventExecutor loop) {
    lastAliveNanos.put(loop, System.nanoTime());
    var unused =
        loop.scheduleWithFixedDelay(
            () -> lastAliveNanos.put(loop, System.nanoTime()),
            BEAT_MILLIS,
            BEAT_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  @Override
  public long lastAliveNanos() {
    long now = System.nanoTime();
    return now - lastAliveNanos.values().stream().mapToLong(seen -> now - seen).max().orElse(0);
  }

  private static ThreadFactory threads(String names) {
    return new ThreadFactoryBuilder().setNameFormat(names).setDaemon(true).build();
  }

  private static EventLoopGroup group(boolean epoll, int count, ThreadFactory threads) {
    return epoll ? new EpollEventLoopGroup(count, threads) : new NioEventLoopGroup(count, threads);
  }

  /**
   * Has {@code builder} serve its connections here.
   *
   * @param door sees them when they are accepted, before anybody else
   */
  NettyServerBuilder serve(NettyServerBuilder builder, ChannelHandler door) {
    return builder
        .channelFactory(() -> listener(door))
        .bossEventLoopGroup(boss)
        .workerEventLoopGroup(workers);
  }

  private ServerChannel listener(ChannelHandler door) {
    ServerChannel listener = epoll ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    listener.pipeline().addFirst(door);
    return listener;
  }

  @Override
  public Executor current() {
    for (EventExecutor loop : workers) {
      if (loop.inEventLoop()) {
        return task -> execute(loop, task);
      }
    }
    throw new IllegalStateException("this is no event loop: " + Thread.currentThread());
  }

  // Once the loop has ended its streams have too, and those who tell them of something, the apply
  // thread among them, need not know.
  private static void execute(EventExecutor loop, Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException ended) {
      if (!loop.isShuttingDown()) {
        throw ended;
      }
    }
  }

  @Override
  public void close() {
    var unusedBoss = boss.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    var unusedWorkers = workers.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
