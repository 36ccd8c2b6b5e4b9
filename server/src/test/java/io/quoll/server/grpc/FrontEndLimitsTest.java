package io.quoll.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.base.Stopwatch;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.quoll.api.v1.ClientFrame;
import io.quoll.api.v1.ClusterServiceGrpc;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.ExistsRequest;
import io.quoll.api.v1.StatusRequest;
import io.quoll.api.v1.TreeServiceGrpc;
import io.quoll.api.v1.TreeServiceGrpc.TreeServiceBlockingStub;
import io.quoll.api.v1.TreeServiceGrpc.TreeServiceFutureStub;
import io.quoll.server.grpc.GrpcHarness.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrontEndLimitsTest {
  private static final int WRITES = 12_000;

  private final GrpcHarness grpc = new GrpcHarness();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<GrpcFrontEnd> served = new ArrayList<>();
  private int port;

  @AfterEach
  void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    served.forEach(GrpcFrontEnd::close);
    grpc.close();
  }

  @Test
  void aConnectionTooManyIsToldSoAndWhenToTryAgain() {
    serve(new FrontEndLimits(2, 0, 0, 0));
    exists(connect());
    exists(connect());
    ManagedChannel third = connect();

    Failure refused = GrpcHarness.failureOf(() -> exists(third));

    assertThat(refused.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.info().getReason()).isEqualTo("OVERLOADED");
    assertThat(refused.metadata("applied")).isEqualTo("NO");
    assertThat(refused.message())
        .contains("127.0.0.1 has 2 connections")
        .contains("maxClientCnxns");
    assertThat(refused.retry().orElseThrow().getRetryDelay().getSeconds()).isEqualTo(1);
  }

  @Test
  void whoLeavesMakesRoom() {
    serve(new FrontEndLimits(0, 1, 0, 0));
    ManagedChannel first = connect();
    exists(first);
    first.shutdownNow();

    await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> exists(connect()));
  }

  @Test
  void unaryCallsThatComeTooFastAreRefusedUntilATimeThatIsTold() {
    serve(new FrontEndLimits(0, 0, 1, 2));
    ManagedChannel channel = connect();
    exists(channel);

    Failure refused =
        GrpcHarness.failureOf(
            () -> {
              for (int i = 0; i < 100; i++) {
                exists(channel);
              }
              return null;
            });

    assertThat(refused.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.message()).contains("127.0.0.1 makes more requests than it may");
    assertThat(refused.retry()).isPresent();
    assertThat(isHealthy(channel)).isTrue();
    assertThat(status(channel)).isPositive();
  }

  @Test
  void noPasswordIsLookedAtOfACallThatComesTooFast() {
    serve(new FrontEndLimits(0, 0, 1, 1));
    ManagedChannel channel = connect();
    Metadata malformed = new Metadata();
    malformed.put(IdentityInterceptor.AUTHORIZATION, "Basic ???");
    TreeServiceBlockingStub stub =
        TreeServiceGrpc.newBlockingStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(malformed))
            .withDeadlineAfter(60, TimeUnit.SECONDS);

    List<String> reasons = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      reasons.add(
          GrpcHarness.failureOf(() -> stub.exists(ExistsRequest.newBuilder().setPath("/").build()))
              .info()
              .getReason());
    }

    assertThat(reasons).startsWith("AUTH_FAILED").contains("OVERLOADED");
  }

  @Test
  void aStreamIsReadAsFastAsItsRequestsMayComeAndNoneIsRefused() {
    serve(new FrontEndLimits(0, 0, 20, 10));
    StreamClient client = StreamClient.opened(connect());
    Stopwatch time = Stopwatch.createStarted();

    for (int frame = 0; frame < 20; frame++) {
      client.send(
          StreamRequests.create(2 * frame + 1, "/a" + frame),
          StreamRequests.create(2 * frame + 2, "/b" + frame));
    }

    for (int i = 0; i < 40; i++) {
      assertThat(client.reply().hasError()).isFalse();
    }
    // The first 10 at once, the last two as soon as those before them are paid for.
    assertThat(time.elapsed()).isGreaterThan(Duration.ofMillis(28 * 50 - 1));
  }

  @Test
  void anOverloadedServerAnswersPingsAndTellsHowItStands() {
    serve(FrontEndLimits.NONE);
    StreamClient session = StreamClient.opened(connect());
    grpc.consensus.fallSilent();
    List<TreeServiceFutureStub> writers =
        List.of(TreeServiceGrpc.newFutureStub(connect()), TreeServiceGrpc.newFutureStub(connect()));
    List<Future<?>> writes = new ArrayList<>();
    for (int i = 0; i < WRITES; i++) {
      writes.add(writers.get(i % 2).create(CreateRequest.newBuilder().setPath("/n" + i).build()));
    }
    await("the server takes no more")
        .atMost(Duration.ofSeconds(60))
        .until(() -> writes.stream().anyMatch(Future::isDone));

    session.send(ClientFrame.newBuilder().setPing(77));

    assertThat(session.frame().getPong()).isEqualTo(77);
    assertThat(isHealthy(connect())).isTrue();
    assertThat(status(connect())).isPositive();
    Failure refused =
        GrpcHarness.failureOf(
            () ->
                TreeServiceGrpc.newBlockingStub(connect())
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .create(CreateRequest.newBuilder().setPath("/more").build()));
    assertThat(refused.info().getReason()).isEqualTo("OVERLOADED");
    assertThat(refused.metadata("applied")).isEqualTo("NO");
    assertThat(refused.retry()).isPresent();
  }

  private void serve(FrontEndLimits limits) {
    GrpcFrontEnd frontEnd =
        GrpcFrontEnd.listeningOn("127.0.0.1", 0, Optional.empty(), limits, grpc.core);
    served.add(frontEnd);
    frontEnd.start();
    port = frontEnd.port();
  }

  private ManagedChannel connect() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    channels.add(channel);
    return channel;
  }

  private static boolean exists(ManagedChannel channel) {
    return TreeServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .exists(ExistsRequest.newBuilder().setPath("/").build())
        .hasHeader();
  }

  private static boolean isHealthy(ManagedChannel channel) {
    return HealthGrpc.newBlockingStub(channel)
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .check(HealthCheckRequest.getDefaultInstance())
            .getStatus()
        == ServingStatus.SERVING;
  }

  private static int status(ManagedChannel channel) {
    return ClusterServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .status(StatusRequest.newBuilder().setLocal(true).build())
        .getMembersCount();
  }
}
