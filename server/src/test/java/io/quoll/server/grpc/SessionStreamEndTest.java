package io.quoll.server.grpc;

import static io.quoll.server.grpc.StreamRequests.addWatch;
import static io.quoll.server.grpc.StreamRequests.exists;
import static io.quoll.server.grpc.StreamRequests.getData;
import static io.quoll.server.grpc.StreamRequests.setData;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.quoll.api.v1.ClientFrame;
import io.quoll.api.v1.OpenSession;
import io.quoll.api.v1.SessionStarted;
import io.quoll.api.v1.WatchMode;
import io.quoll.server.coordination.UnavailableException;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.server.grpc.GrpcHarness.Failure;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.ZnodePath;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How a session's stream ends. */
class SessionStreamEndTest {
  private static final ByteString OTHER_SECRET = ByteString.copyFrom(new byte[16]);

  private final GrpcHarness grpc = new GrpcHarness();

  @AfterEach
  void shutDown() {
    grpc.close();
  }

  @Test
  void attachingWhatIsGoneEndsWithSessionExpired() {
    StreamClient client = StreamClient.on(grpc.channel);

    client.attach(99, OTHER_SECRET, 0);

    assertEnd(client.failure(), "SESSION_EXPIRED", Status.Code.FAILED_PRECONDITION);
  }

  @Test
  void aWrongSecretEndsWithAuthFailedAndDisturbsNobody() {
    StreamClient holder = StreamClient.on(grpc.channel);
    holder.open();
    SessionStarted session = holder.started();
    StreamClient thief = StreamClient.on(grpc.channel);

    thief.attach(session.getSessionId(), OTHER_SECRET, 0);

    assertEnd(thief.failure(), "AUTH_FAILED", Status.Code.UNAUTHENTICATED);
    assertThat(holder.ask(exists(1, "/")).hasExists()).isTrue();
  }

  @Test
  void attachingAnewEndsTheFormerStreamWithSessionMoved() {
    StreamClient former = StreamClient.on(grpc.channel);
    former.open();
    SessionStarted session = former.started();
    StreamClient latter = StreamClient.on(grpc.channel);

    latter.attach(session);

    assertThat(latter.started().getEpoch()).isEqualTo(2);
    assertEnd(former.failure(), "SESSION_MOVED", Status.Code.FAILED_PRECONDITION);
    assertThat(latter.ask(StreamRequests.create(1, "/app")).hasCreate()).isTrue();
  }

  @Test
  void attachingFromBeyondTheLastZxidEndsWithBehind() {
    StreamClient first = StreamClient.on(grpc.channel);
    first.open();
    SessionStarted session = first.started();
    StreamClient client = StreamClient.on(grpc.channel);

    client.attach(session.getSessionId(), session.getSecret(), 1_000);

    assertEnd(client.failure(), "BEHIND", Status.Code.UNAVAILABLE);
  }

  static Stream<Arguments> badFirstFrames() {
    return Stream.of(
        arguments("a frame without a start", ClientFrame.newBuilder().setPing(1)),
        arguments(
            "a start with requests",
            ClientFrame.newBuilder()
                .setOpen(OpenSession.getDefaultInstance())
                .addRequests(getData(1, "/"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badFirstFrames")
  void aFirstFrameThatBreaksTheRulesEndsWithBadArguments(String what, ClientFrame.Builder frame) {
    StreamClient client = StreamClient.on(grpc.channel);

    client.send(frame);

    assertEnd(client.failure(), "BAD_ARGUMENTS", Status.Code.INVALID_ARGUMENT);
  }

  static Stream<Arguments> badLaterFrames() {
    return Stream.of(
        arguments(
            "a second start", ClientFrame.newBuilder().setOpen(OpenSession.getDefaultInstance())),
        arguments(
            "a write without its cxid",
            ClientFrame.newBuilder().addRequests(StreamRequests.create(0, "/app"))),
        arguments(
            "a request without its kind",
            ClientFrame.newBuilder().addRequests(StreamRequests.xid(1))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badLaterFrames")
  void aLaterFrameThatBreaksTheRulesEndsWithBadArguments(String what, ClientFrame.Builder frame) {
    StreamClient client = StreamClient.opened(grpc.channel);

    client.send(frame);

    assertEnd(client.failure(), "BAD_ARGUMENTS", Status.Code.INVALID_ARGUMENT);
    await().atMost(Duration.ofSeconds(10)).until(() -> !grpc.sessions.isHeld(1));
  }

  @Test
  void aFrameBeforeTheSessionIsAttachedEndsWithBadArgumentsAndNobodyHoldsTheSession() {
    StreamClient client = StreamClient.on(grpc.channel);
    grpc.consensus.holdReplies();
    client.open();

    client.send(ClientFrame.newBuilder().setPing(1));

    assertEnd(client.failure(), "BAD_ARGUMENTS", Status.Code.INVALID_ARGUMENT);
    grpc.consensus.releaseReplies();
    assertThat(grpc.sessions.isHeld(1)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"NO_QUORUM", "OVERLOADED", "NOT_SERVING"})
  void aSessionThatCannotBeOpenedEndsTheStreamWithTheReason(Reason reason) {
    grpc.consensus.failWith(new UnavailableException(reason, null, "not now"));
    StreamClient client = StreamClient.on(grpc.channel);

    client.open();

    Failure failure = client.failure();
    assertThat(failure.info().getReason()).isEqualTo(reason.name());
    assertThat(failure.metadata("leader")).isEqualTo("two:7181");
    assertThat(failure.retry()).isPresent();
  }

  @Test
  void aServerThatStopsEndsItsStreamsWithNotServing() {
    StreamClient client = StreamClient.opened(grpc.channel);

    grpc.sessions.close();

    assertEnd(client.failure(), "NOT_SERVING", Status.Code.UNAVAILABLE);
  }

  @Test
  void aWriteThatIsNotServedEndsTheStreamForItMayBeAppliedYet() {
    StreamClient client = StreamClient.opened(grpc.channel);
    grpc.consensus.failWith(
        new UnavailableException(
            Reason.NO_QUORUM, UnavailableException.Applied.UNKNOWN, "no leader"));

    client.send(StreamRequests.create(1, "/app"));

    assertEnd(client.failure(), "NO_QUORUM", Status.Code.UNAVAILABLE);
  }

  @Test
  void aDefectEndsTheStreamOnWhichItShowsAndNoOther() {
    StreamClient one = StreamClient.opened(grpc.channel);
    StreamClient other = StreamClient.opened(grpc.channel);
    grpc.consensus.failWith(new IllegalStateException("a defect"));

    one.send(StreamRequests.create(1, "/app"));

    assertEnd(one.failure(), "SYSTEM_ERROR", Status.Code.INTERNAL);
    grpc.consensus.failWith(null);
    assertThat(other.ask(StreamRequests.create(1, "/app")).hasCreate()).isTrue();
  }

  @Test
  void aClientThatNeverReadsIsCutOffAndTheOthersGoOn() {
    StreamClient slow = StreamClient.openedSlow(grpc.channel);
    slow.send(addWatch(1, "/", WatchMode.WATCH_MODE_PERSISTENT_RECURSIVE));
    await().atMost(Duration.ofSeconds(10)).until(() -> grpc.sessions.watches(1) == 1);
    StreamClient other = StreamClient.opened(grpc.channel);

    changeOften("/" + "x".repeat(30_000), 600);

    await().atMost(Duration.ofSeconds(10)).until(() -> !grpc.sessions.isHeld(1));
    assertThat(other.ask(exists(1, "/")).hasExists()).isTrue();
    slow.read(1_000);
    assertEnd(slow.failure(), "OVERLOADED", Status.Code.RESOURCE_EXHAUSTED);
  }

  private void changeOften(String path, int times) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    ZnodePath znode = ZnodePath.of(path);
    Object unused =
        grpc.consensus
            .submit(Caller.ANONYMOUS, Create.at(path, false, null, Acl.OPEN), deadline)
            .join();
    for (int i = 0; i < times; i++) {
      unused =
          grpc.consensus.submit(Caller.ANONYMOUS, new SetData(znode, null, -1), deadline).join();
    }
  }

  @Test
  void aFrameOverTheLimitEndsItsStreamAndNoOther() {
    try (GrpcFrontEnd frontEnd =
        GrpcFrontEnd.listeningOn(
            "127.0.0.1", 0, Optional.empty(), FrontEndLimits.NONE, grpc.core)) {
      frontEnd.start();
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", frontEnd.port()).usePlaintext().build();
      StreamClient large = StreamClient.opened(channel);
      StreamClient other = StreamClient.opened(channel);

      large.send(
          setData(1, "/", ByteString.copyFrom(new byte[GrpcFrontEnd.MESSAGE_BYTES_MAX + 1])));

      await().atMost(Duration.ofSeconds(10)).until(() -> !grpc.sessions.isHeld(1));
      assertThat(other.ask(exists(1, "/")).hasExists()).isTrue();
      channel.shutdownNow();
    }
  }

  private static void assertEnd(Failure failure, String reason, Status.Code code) {
    assertThat(failure.info().getReason()).isEqualTo(reason);
    assertThat(failure.info().getDomain()).isEqualTo("quoll.v1");
    assertThat(failure.code()).isEqualTo(code);
  }
}
