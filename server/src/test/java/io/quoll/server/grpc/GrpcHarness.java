package io.quoll.server.grpc;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.quoll.api.v1.ClusterServiceGrpc;
import io.quoll.api.v1.ClusterServiceGrpc.ClusterServiceBlockingStub;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.TreeServiceGrpc;
import io.quoll.api.v1.TreeServiceGrpc.TreeServiceBlockingStub;
import io.quoll.server.coordination.AppliedListeners;
import io.quoll.server.coordination.Authentication;
import io.quoll.server.coordination.ChangeFeed;
import io.quoll.server.coordination.Coordinator;
import io.quoll.server.coordination.FakeConsensus;
import io.quoll.server.coordination.FakeStore;
import io.quoll.server.coordination.SessionTiming;
import io.quoll.server.coordination.Sessions;
import io.quoll.server.coordination.Watches;
import io.quoll.server.coordination.ZxidWaiters;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.security.auth.x500.X500Principal;

/** A front end on fakes, reached within this process. Every call has a deadline of 10 s. */
final class GrpcHarness implements AutoCloseable {
  /** Whose certificate makes its owner super. */
  static final X500Principal SUPER = new X500Principal("CN=admin");

  private static final int DEADLINE_SECONDS = 10;

  final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService streams = Executors.newFixedThreadPool(2);
  final FakeStore store = new FakeStore();
  final ZxidWaiters waiters = new ZxidWaiters(0, timer);
  final AppliedListeners listeners = new AppliedListeners();
  final FakeConsensus consensus = new FakeConsensus(store, listeners);
  final Watches watches = new Watches(store);
  final Sessions sessions =
      new Sessions(consensus, store, SessionTiming.ofTick(Duration.ofSeconds(2)));
  final Coordinator coordinator =
      new Coordinator(consensus, store, waiters, 2, (code, message, cause) -> {});
  final ChangeFeed feed = new ChangeFeed(store, coordinator, timer, (code, message, cause) -> {});
  final GrpcFrontEnd.Core core;
  final ManagedChannel channel;
  private final GrpcFrontEnd frontEnd;

  GrpcHarness() {
    this(Authentication.Settings.OPEN);
  }

  /** A front end whose callers are judged as {@code settings} say. */
  GrpcHarness(Authentication.Settings settings) {
    core =
        new GrpcFrontEnd.Core(
            "test",
            1,
            coordinator,
            consensus,
            sessions,
            watches,
            feed,
            new Authentication(settings),
            ImmutableList.of(new CertificateAuthenticator(Optional.of(SUPER))),
            timer);
    listeners.add(watches);
    listeners.add(sessions);
    listeners.add(waiters);
    listeners.add(feed);
    String name = UUID.randomUUID().toString();
    frontEnd =
        new GrpcFrontEnd(
            InProcessServerBuilder.forName(name),
            name,
            core,
            new PooledThreads(streams),
            new ConnectionCount(0, 0),
            RequestRates.unlimited());
    frontEnd.start();
    channel = InProcessChannelBuilder.forName(name).build();
  }

  /** Gives each stream a line of its own in a pool, which is as good as an event loop. */
  private record PooledThreads(ExecutorService pool) implements ServingThreads {
    @Override
    public void start() {}

    @Override
    public Executor current() {
      return MoreExecutors.newSequentialExecutor(pool);
    }

    @Override
    public long lastAliveNanos() {
      return System.nanoTime();
    }

    @Override
    public void close() {
      pool.shutdownNow();
    }
  }

  /** The server of the front end. */
  Server server() {
    return frontEnd.server();
  }

  TreeServiceBlockingStub tree() {
    return TreeServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  ClusterServiceBlockingStub cluster() {
    return ClusterServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /** Creates znodes without data. */
  void tree(String... paths) {
    for (String path : paths) {
      Object unused = tree().create(CreateRequest.newBuilder().setPath(path).build());
    }
  }

  /** How a call failed, taken apart. */
  record Failure(Status.Code code, String message, ErrorInfo info, Optional<RetryInfo> retry) {
    String metadata(String key) {
      return info.getMetadataOrDefault(key, "(absent)");
    }
  }

  /** The failure of {@code call}, which holds an ErrorInfo. */
  static Failure failureOf(Callable<?> call) {
    StatusRuntimeException thrown = catchThrowableOfType(StatusRuntimeException.class, call::call);
    com.google.rpc.Status status = StatusProto.fromThrowable(thrown);
    if (status == null) {
      throw new AssertionError("no details in " + thrown);
    }
    return new Failure(
        thrown.getStatus().getCode(),
        status.getMessage(),
        detail(status, ErrorInfo.class).orElseThrow(),
        detail(status, RetryInfo.class));
  }

  private static <T extends com.google.protobuf.Message> Optional<T> detail(
      com.google.rpc.Status status, Class<T> kind) {
    for (Any any : status.getDetailsList()) {
      if (any.is(kind)) {
        try {
          return Optional.of(any.unpack(kind));
        } catch (InvalidProtocolBufferException broken) {
          throw new AssertionError(broken);
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    sessions.close();
    feed.close();
    frontEnd.close();
    coordinator.close();
    timer.shutdownNow();
  }
}
