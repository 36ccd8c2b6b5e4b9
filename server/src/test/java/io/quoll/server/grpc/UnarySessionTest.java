package io.quoll.server.grpc;

import static io.quoll.server.grpc.GrpcHarness.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.CreateMode;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.CreateResponse;
import io.quoll.api.v1.DeleteRequest;
import io.quoll.api.v1.ExistsRequest;
import io.quoll.api.v1.GetChildrenRequest;
import io.quoll.api.v1.GetDataRequest;
import io.quoll.api.v1.GetEphemeralsRequest;
import io.quoll.api.v1.MultiReadRequest;
import io.quoll.api.v1.ReadOperation;
import io.quoll.api.v1.RequestContext;
import io.quoll.api.v1.SessionStarted;
import io.quoll.api.v1.SyncRequest;
import io.quoll.server.grpc.GrpcHarness.Failure;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Unary calls on behalf of a session, and what only a session's stream can do. */
class UnarySessionTest {
  private interface Call extends Function<GrpcHarness, Object> {}

  private final GrpcHarness grpc = new GrpcHarness();

  @AfterEach
  void shutDown() {
    grpc.close();
  }

  @Test
  void anEphemeralZnodeBelongsToTheSessionThatIsNamed() {
    SessionStarted session = opened();

    CreateResponse created = grpc.tree().create(ephemeral("/e", context(session)));

    assertThat(created.getStat().getEphemeralOwner()).isEqualTo(session.getSessionId());
    assertThat(
            grpc.tree()
                .getEphemerals(
                    GetEphemeralsRequest.newBuilder()
                        .setContext(context(session))
                        .setPathPrefix("/e")
                        .build())
                .getPathsList())
        .containsExactly("/e");
  }

  @Test
  void anEphemeralZnodeNeedsASession() {
    Failure failure =
        failureOf(() -> grpc.tree().create(ephemeral("/e", RequestContext.newBuilder())));

    assertThat(failure.info().getReason()).isEqualTo("BAD_ARGUMENTS");
  }

  @Test
  void ephemeralsAreThoseOfASession() {
    Failure failure =
        failureOf(() -> grpc.tree().getEphemerals(GetEphemeralsRequest.getDefaultInstance()));

    assertThat(failure.info().getReason()).isEqualTo("BAD_ARGUMENTS");
  }

  @Test
  void aNumberedWriteIsAppliedOnceAndHasTheFirstReplyAgain() {
    SessionStarted session = opened();
    CreateRequest request =
        CreateRequest.newBuilder()
            .setContext(context(session).setCxid(1))
            .setPath("/job-")
            .setMode(CreateMode.PERSISTENT_SEQUENTIAL)
            .build();

    CreateResponse first = grpc.tree().create(request);
    CreateResponse again = grpc.tree().create(request);

    assertThat(again).isEqualTo(first);
    assertThat(first.getPath()).isEqualTo("/job-0000000000");
  }

  @Test
  void aNumberThatAnotherKindOfWriteTookIsRefused() {
    SessionStarted session = opened();
    RequestContext.Builder context = context(session).setCxid(1);
    Object unused =
        grpc.tree().create(CreateRequest.newBuilder().setContext(context).setPath("/a").build());

    Failure failure =
        failureOf(
            () ->
                grpc.tree()
                    .delete(DeleteRequest.newBuilder().setContext(context).setPath("/a").build()));

    assertThat(failure.info().getReason()).isEqualTo("BAD_ARGUMENTS");
    assertThat(failure.message()).contains("cxid");
  }

  @Test
  void aNumberedWriteThatIsWrongTakesItsNumber() {
    SessionStarted session = opened();

    Failure failure =
        failureOf(
            () ->
                grpc.tree()
                    .create(
                        CreateRequest.newBuilder()
                            .setContext(context(session).setCxid(1))
                            .setPath("bad")
                            .build()));

    assertThat(failure.info().getReason()).isEqualTo("BAD_ARGUMENTS");
    assertThat(
            grpc.tree()
                .create(
                    CreateRequest.newBuilder()
                        .setContext(context(session).setCxid(2))
                        .setPath("/good")
                        .build())
                .getPath())
        .isEqualTo("/good");
  }

  @Test
  void aGapInTheNumbersIsRefusedWithCxidGap() {
    SessionStarted session = opened();

    Failure failure =
        failureOf(
            () ->
                grpc.tree()
                    .create(
                        CreateRequest.newBuilder()
                            .setContext(context(session).setCxid(5))
                            .setPath("/a")
                            .build()));

    assertThat(failure.info().getReason()).isEqualTo("CXID_GAP");
    assertThat(failure.metadata("applied")).isEqualTo("NO");
  }

  @Test
  void aReplyThatIsNoLongerKeptTellsThatTheWriteWasApplied() {
    SessionStarted session = opened();
    CreateRequest first =
        CreateRequest.newBuilder().setContext(context(session).setCxid(1)).setPath("/a").build();
    Object unused = grpc.tree().create(first);
    unused =
        grpc.tree()
            .create(
                CreateRequest.newBuilder()
                    .setContext(context(session).setCxid(2).setFirstUnacknowledgedCxid(2))
                    .setPath("/b")
                    .build());

    Failure failure = failureOf(() -> grpc.tree().create(first));

    assertThat(failure.info().getReason()).isEqualTo("REPLY_TRIMMED");
    assertThat(failure.metadata("applied")).isEqualTo("YES");
  }

  @Test
  void aNumberWithoutASessionIsRefused() {
    Failure failure =
        failureOf(
            () ->
                grpc.tree()
                    .create(
                        CreateRequest.newBuilder()
                            .setContext(RequestContext.newBuilder().setCxid(1))
                            .setPath("/a")
                            .build()));

    assertThat(failure.info().getReason()).isEqualTo("BAD_ARGUMENTS");
  }

  static Stream<Function<RequestContext, Call>> callsForASession() {
    return Stream.of(
        context ->
            grpc ->
                grpc.tree()
                    .create(CreateRequest.newBuilder().setContext(context).setPath("/a").build()),
        context ->
            grpc ->
                grpc.tree()
                    .getData(GetDataRequest.newBuilder().setContext(context).setPath("/").build()),
        context -> grpc -> grpc.tree().sync(SyncRequest.newBuilder().setContext(context).build()),
        context ->
            grpc ->
                grpc.tree()
                    .getEphemerals(GetEphemeralsRequest.newBuilder().setContext(context).build()));
  }

  @ParameterizedTest
  @MethodSource("callsForASession")
  void aWrongSecretIsRefusedWithAuthFailed(Function<RequestContext, Call> call) {
    RequestContext wrong = context(opened()).setSecret(ByteString.copyFrom(new byte[16])).build();

    Failure failure = failureOf(() -> call.apply(wrong).apply(grpc));

    assertThat(failure.info().getReason()).isEqualTo("AUTH_FAILED");
  }

  @ParameterizedTest
  @MethodSource("callsForASession")
  void aSessionThatIsNotThereIsRefusedWithSessionExpired(Function<RequestContext, Call> call) {
    RequestContext unknown = context(opened()).setSessionId(99).build();

    Failure failure = failureOf(() -> call.apply(unknown).apply(grpc));

    assertThat(failure.info().getReason()).isEqualTo("SESSION_EXPIRED");
  }

  static Stream<Call> watchingReads() {
    return Stream.of(
        grpc ->
            grpc.tree().getData(GetDataRequest.newBuilder().setPath("/").setWatch(true).build()),
        grpc -> grpc.tree().exists(ExistsRequest.newBuilder().setPath("/").setWatch(true).build()),
        grpc ->
            grpc.tree()
                .getChildren(GetChildrenRequest.newBuilder().setPath("/").setWatch(true).build()),
        grpc ->
            grpc.tree()
                .multiRead(
                    MultiReadRequest.newBuilder()
                        .addOperations(
                            ReadOperation.newBuilder()
                                .setExists(ExistsRequest.newBuilder().setPath("/").setWatch(true)))
                        .build()));
  }

  @ParameterizedTest
  @MethodSource("watchingReads")
  void aWatchWithoutAStreamIsRefused(Call call) {
    Failure failure = failureOf(() -> call.apply(grpc));

    assertThat(failure.info().getReason()).isEqualTo("BAD_ARGUMENTS");
  }

  private SessionStarted opened() {
    StreamClient client = StreamClient.on(grpc.channel);
    client.open();
    return client.started();
  }

  private static RequestContext.Builder context(SessionStarted session) {
    return RequestContext.newBuilder()
        .setSessionId(session.getSessionId())
        .setSecret(session.getSecret());
  }

  private static CreateRequest ephemeral(String path, RequestContext.Builder context) {
    return CreateRequest.newBuilder()
        .setContext(context)
        .setPath(path)
        .setMode(CreateMode.EPHEMERAL)
        .build();
  }
}
