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
    Object unused = create("/a", context);

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

    Failure failure = failureOf(() -> create("bad", context(session).setCxid(1)));

    assertThat(failure.info().getReason()).isEqualTo("BAD_ARGUMENTS");
    assertThat(create("/good", context(session).setCxid(2)).getPath()).isEqualTo("/good");
  }

  @Test
  void aGapInTheNumbersIsRefusedWithCxidGap() {
    SessionStarted session = opened();

    Failure failure = failureOf(() -> create("/a", context(session).setCxid(5)));

    assertThat(failure.info().getReason()).isEqualTo("CXID_GAP");
    assertThat(failure.metadata("applied")).isEqualTo("NO");
  }

  @Test
  void aReplyThatIsNoLongerKeptTellsThatTheWriteWasApplied() {
    SessionStarted session = opened();
    RequestContext.Builder first = context(session).setCxid(1);
    Object unused = create("/a", first);
    unused = create("/b", context(session).setCxid(2).setFirstUnacknowledgedCxid(2));

    Failure failure = failureOf(() -> create("/a", first));

    assertThat(failure.info().getReason()).isEqualTo("REPLY_TRIMMED");
    assertThat(failure.metadata("applied")).isEqualTo("YES");
  }

  @Test
  void aNumberWithoutASessionIsRefused() {
    Failure failure = failureOf(() -> create("/a", RequestContext.newBuilder().setCxid(1)));

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

  private CreateResponse create(String path, RequestContext.Builder context) {
    return grpc.tree().create(CreateRequest.newBuilder().setContext(context).setPath(path).build());
  }

  private static CreateRequest ephemeral(String path, RequestContext.Builder context) {
    return CreateRequest.newBuilder()
        .setContext(context)
        .setPath(path)
        .setMode(CreateMode.EPHEMERAL)
        .build();
  }
}
