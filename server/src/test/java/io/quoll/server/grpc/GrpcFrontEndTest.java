package io.quoll.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.StartupException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrpcFrontEndTest {
  private final GrpcHarness grpc = new GrpcHarness();

  @AfterEach
  void close() {
    grpc.close();
  }

  @Test
  void theServerIsHealthyAsLongAsItServes() {
    assertThat(health("")).isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void theHealthOfTheQuorumFollowsTheConsensus() {
    await().atMost(Duration.ofSeconds(5)).until(() -> isServing());

    grpc.consensus.setQuorum(false);

    await().atMost(Duration.ofSeconds(5)).until(() -> !isServing());
  }

  @Test
  void reflectionListsTheServices() {
    ServerReflectionResponse response = reflect();

    assertThat(response.getListServicesResponse().getServiceList())
        .extracting(ServiceResponse::getName)
        .contains("quoll.v1.TreeService", "quoll.v1.ClusterService", "grpc.health.v1.Health");
  }

  @Test
  void aTakenPortIsToldWithItsAddress() {
    try (GrpcFrontEnd first =
        GrpcFrontEnd.listeningOn(
            "127.0.0.1", 0, Optional.empty(), FrontEndLimits.NONE, grpc.core)) {
      first.start();
      GrpcFrontEnd second =
          GrpcFrontEnd.listeningOn(
              "127.0.0.1", first.port(), Optional.empty(), FrontEndLimits.NONE, grpc.core);

      assertThatThrownBy(second::start)
          .isInstanceOfSatisfying(
              StartupException.class,
              failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.PORT_IN_USE))
          .hasMessageContaining("127.0.0.1:" + first.port());
    }
  }

  @Test
  void theModeOfAServerCanBeAskedFromOutside() {
    int port;
    try (GrpcFrontEnd frontEnd =
        GrpcFrontEnd.listeningOn(
            "127.0.0.1", 0, Optional.empty(), FrontEndLimits.NONE, grpc.core)) {
      frontEnd.start();
      port = frontEnd.port();

      assertThat(StatusCall.mode("127.0.0.1", port, Optional.empty(), Duration.ofSeconds(10)))
          .contains("follower");
    }
    assertThat(StatusCall.mode("127.0.0.1", port, Optional.empty(), Duration.ofSeconds(2)))
        .isEmpty();
  }

  private boolean isServing() {
    return health(GrpcFrontEnd.QUORUM) == ServingStatus.SERVING;
  }

  private ServingStatus health(String service) {
    return HealthGrpc.newBlockingStub(grpc.channel)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  private ServerReflectionResponse reflect() {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(grpc.channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    ServerReflectionResponse response = answer.orTimeout(10, TimeUnit.SECONDS).join();
    requests.onCompleted();
    return response;
  }
}
