package io.quoll.server.grpc;

import static io.quoll.server.grpc.GrpcHarness.failureOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quoll.api.v1.CountDescendantsRequest;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.DeleteRecursiveRequest;
import io.quoll.api.v1.DeleteRequest;
import io.quoll.api.v1.ExistsRequest;
import io.quoll.api.v1.GetChildrenRequest;
import io.quoll.api.v1.GetDataRequest;
import io.quoll.api.v1.MultiOperation;
import io.quoll.api.v1.MultiReadRequest;
import io.quoll.api.v1.MultiRequest;
import io.quoll.api.v1.ReadOperation;
import io.quoll.api.v1.RequestContext;
import io.quoll.api.v1.SetDataRequest;
import io.quoll.api.v1.SyncRequest;
import io.quoll.api.v1.TreeServiceGrpc.TreeServiceBlockingStub;
import io.quoll.server.coordination.UnavailableException;
import io.quoll.server.coordination.UnavailableException.Applied;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.server.grpc.GrpcHarness.Failure;
import io.quoll.statemachine.state.ErrorCode;
import java.util.Collections;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RejectionsTest {
  private interface Call extends Function<TreeServiceBlockingStub, Object> {}

  private final GrpcHarness grpc = new GrpcHarness();

  @AfterEach
  void close() {
    grpc.close();
  }

  static Stream<Arguments> rejectedWrites() {
    return Stream.of(
        write("create below nothing", create("/missing/a"), "NO_NODE"),
        write("create what exists", create("/app"), "NODE_EXISTS"),
        write("create the root", create("/"), "NODE_EXISTS"),
        write("create at a bad path", create("app"), "BAD_ARGUMENTS"),
        write(
            "create at a path that is too long",
            create("/" + "x".repeat(40_000)),
            "LIMIT_EXCEEDED"),
        write("create with an unknown mode", createInMode(9), "BAD_ARGUMENTS"),
        write("create with too much data", createWith(1_048_577), "LIMIT_EXCEEDED"),
        write("delete nothing", delete("/missing", -1), "NO_NODE"),
        write("delete another version", delete("/app", 5), "BAD_VERSION"),
        write("delete what has children", delete("/app", 0), "NOT_EMPTY"),
        write("delete what is protected", delete("/zookeeper", -1), "BAD_ARGUMENTS"),
        write("delete at a bad path", delete("/app/", -1), "BAD_ARGUMENTS"),
        write("delete a missing subtree", deleteRecursive("/missing"), "NO_NODE"),
        write("delete a protected subtree", deleteRecursive("/"), "BAD_ARGUMENTS"),
        write("set the data of nothing", setData("/missing", -1), "NO_NODE"),
        write("set the data of another version", setData("/app", 5), "BAD_VERSION"),
        write("set data at a bad path", setData("/a//b", -1), "BAD_ARGUMENTS"),
        write("multi with an empty operation", multi(1), "BAD_ARGUMENTS"),
        write("multi with too many operations", multi(10_001), "LIMIT_EXCEEDED"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("rejectedWrites")
  void aRejectedWriteTellsItsErrorAndThatItWasNotApplied(String what, Call call, String reason) {
    grpc.tree("/app", "/app/child");

    Failure failure = failureOf(() -> call.apply(grpc.tree()));

    assertThat(failure.info().getDomain()).isEqualTo("quoll.v1");
    assertThat(failure.info().getReason()).isEqualTo(reason);
    assertThat(failure.metadata("code")).isEqualTo(number(reason));
    assertThat(failure.metadata("applied")).isEqualTo("NO");
    assertThat(failure.metadata("zxid")).isEqualTo("2");
    assertThat(failure.metadata("server")).isEqualTo("1");
    assertThat(failure.code()).isEqualTo(grpcCode(reason));
    assertThat(failure.retry()).isEmpty();
  }

  static Stream<Arguments> rejectedReads() {
    return Stream.of(
        read("data of nothing", getData("/missing"), "NO_NODE"),
        read("data at a bad path", getData(""), "BAD_ARGUMENTS"),
        read("existence at a bad path", exists("/a/../b"), "BAD_ARGUMENTS"),
        read("children of nothing", children("/missing"), "NO_NODE"),
        read("children at a bad path", children("/a\u0000"), "BAD_ARGUMENTS"),
        read("count below nothing", count("/missing", ""), "NO_NODE"),
        read("count with the token of another", count("/app", "/other"), "BAD_ARGUMENTS"),
        read("sync of a bad path", sync("app"), "BAD_ARGUMENTS"),
        read("multi-read with an empty operation", multiRead(1), "BAD_ARGUMENTS"),
        read("multi-read with too many operations", multiRead(1_001), "LIMIT_EXCEEDED"),
        read("read with an unknown consistency", getDataWithConsistency(9), "BAD_ARGUMENTS"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("rejectedReads")
  void aRejectedReadTellsItsErrorAndNothingOfApplication(String what, Call call, String reason) {
    grpc.tree("/app", "/app/child");

    Failure failure = failureOf(() -> call.apply(grpc.tree()));

    assertThat(failure.info().getReason()).isEqualTo(reason);
    assertThat(failure.metadata("code")).isEqualTo(number(reason));
    assertThat(failure.metadata("applied")).isEqualTo("(absent)");
    assertThat(failure.code()).isEqualTo(grpcCode(reason));
  }

  @Test
  void theErrorTellsThePathAtFault() {
    Failure failure = failureOf(() -> getData("/missing").apply(grpc.tree()));

    assertThat(failure.metadata("path")).isEqualTo("/missing");
    assertThat(failure.message()).contains("/missing");
  }

  @Test
  void aLongPathIsCutOffSoThatTheErrorFitsIntoTheTrailers() {
    String name = "é".repeat(10_000);

    Failure failure = failureOf(() -> getData("/" + name).apply(grpc.tree()));

    assertThat(failure.metadata("path")).startsWith("/éé").endsWith("…").hasSizeLessThan(1_024);
    assertThat(failure.message().getBytes(UTF_8)).hasSizeLessThan(1_100);
  }

  @Test
  void anErrorInAPartOfAMultiTellsWhichPart() {
    MultiOperation good = MultiOperation.newBuilder().setCreate(request("/ok")).build();
    MultiOperation bad = MultiOperation.newBuilder().setCreate(request("bad")).build();

    Failure failure =
        failureOf(
            () ->
                grpc.tree()
                    .multi(
                        MultiRequest.newBuilder().addOperations(good).addOperations(bad).build()));

    assertThat(failure.message()).startsWith("operation 1: ");
    assertThat(failure.metadata("path")).isEqualTo("bad");
  }

  static Stream<Arguments> reads() {
    return Stream.of(
        arguments("getData", getData("/app")),
        arguments("exists", exists("/app")),
        arguments("getChildren", children("/app")),
        arguments("countDescendants", count("/app", "")),
        arguments("multiRead", multiReadOf("/app")));
  }

  static Stream<Arguments> writes() {
    return Stream.of(
        arguments("create", create("/new")),
        arguments("delete", delete("/app", -1)),
        arguments("deleteRecursive", deleteRecursive("/app")),
        arguments("setData", setData("/app", -1)),
        arguments("multi", multi(0)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("reads")
  void aDefectIsToldByAnIdAndNotByItsCause(String rpc, Call call) {
    grpc.store.failReads();

    Failure failure = failureOf(() -> call.apply(grpc.tree()));

    assertThat(failure.code()).isEqualTo(Status.Code.INTERNAL);
    assertThat(failure.info().getReason()).isEqualTo("SYSTEM_ERROR");
    assertThat(failure.metadata("code")).isEqualTo("1");
    assertThat(failure.message()).doesNotContain("disk").containsPattern("[0-9a-f]{8}$");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("writes")
  void aWriteThatMetADefectMayHaveBeenApplied(String rpc, Call call) {
    grpc.consensus.failWith(new IllegalStateException("a defect"));

    Failure failure = failureOf(() -> call.apply(grpc.tree()));

    assertThat(failure.code()).isEqualTo(Status.Code.INTERNAL);
    assertThat(failure.metadata("applied")).isEqualTo("UNKNOWN");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("writes")
  void aWriteWithoutAQuorumTellsWhereTheLeaderIsAndWhenToTryAgain(String rpc, Call call) {
    grpc.consensus.failWith(new UnavailableException(Reason.NO_QUORUM, Applied.NO, "no leader"));

    Failure failure = failureOf(() -> call.apply(grpc.tree()));

    assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(failure.info().getReason()).isEqualTo("NO_QUORUM");
    assertThat(failure.metadata("code")).isEqualTo("1003");
    assertThat(failure.metadata("applied")).isEqualTo("NO");
    assertThat(failure.metadata("leader")).isEqualTo("two:7181");
    assertThat(failure.retry()).isPresent();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("writes")
  void aWriteThatMayHaveBeenAppliedIsNotToBeTriedAgainAsItIs(String rpc, Call call) {
    grpc.consensus.failWith(
        new UnavailableException(Reason.NO_QUORUM, Applied.UNKNOWN, "the leader was lost"));

    Failure failure = failureOf(() -> call.apply(grpc.tree()));

    assertThat(failure.metadata("applied")).isEqualTo("UNKNOWN");
    assertThat(failure.retry()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("writes")
  void aWriteAtAServerThatIsStoppingIsNotServed(String rpc, Call call) {
    grpc.coordinator.close();

    Failure failure = failureOf(() -> call.apply(grpc.tree()));

    assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(failure.info().getReason()).isEqualTo("NOT_SERVING");
    assertThat(failure.metadata("applied")).isEqualTo("NO");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("reads")
  void aReadAtAServerThatIsStoppingIsNotServed(String rpc, Call call) {
    grpc.coordinator.close();

    Failure failure = failureOf(() -> call.apply(grpc.tree()));

    assertThat(failure.info().getReason()).isEqualTo("NOT_SERVING");
    assertThat(failure.metadata("applied")).isEqualTo("(absent)");
  }

  @Test
  void anOverloadedServerSaysResourceExhausted() {
    grpc.consensus.failWith(new UnavailableException(Reason.OVERLOADED, Applied.NO, "too much"));

    Failure failure = failureOf(() -> create("/app").apply(grpc.tree()));

    assertThat(failure.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(failure.info().getReason()).isEqualTo("OVERLOADED");
    assertThat(failure.retry()).isPresent();
  }

  @Test
  void syncAndLinearizableReadsWithoutAQuorumFailWithoutSayingApplied() {
    grpc.consensus.failWith(new UnavailableException(Reason.NO_QUORUM, Applied.NO, "no leader"));

    for (Call call : ImmutableList.of(sync("/"), getDataWithConsistency(2))) {
      Failure failure = failureOf(() -> call.apply(grpc.tree()));

      assertThat(failure.info().getReason()).isEqualTo("NO_QUORUM");
      assertThat(failure.metadata("applied")).isEqualTo("(absent)");
    }
  }

  @Test
  void aReadThatWouldBeOlderThanAskedFailsAsBehind() {
    UnavailableException behind =
        new UnavailableException(Reason.BEHIND, null, "zxid 9 is not here");

    Failure failure =
        failureOf(
            () -> {
              throw new Rejections(grpc.consensus).ofRead(new CompletionException(behind));
            });

    assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(failure.info().getReason()).isEqualTo("BEHIND");
    assertThat(failure.metadata("code")).isEqualTo("1004");
    assertThat(failure.retry()).isPresent();
  }

  @Test
  void aReadOfAZxidThatNobodyHasSeenIsBehindAfterTenSecondsHoweverLateItsDeadline() {
    GetDataRequest request =
        GetDataRequest.newBuilder()
            .setPath("/")
            .setContext(RequestContext.newBuilder().setMinZxid(-1)) // The largest unsigned number.
            .build();

    Failure failure =
        failureOf(() -> grpc.tree().withDeadlineAfter(60, TimeUnit.SECONDS).getData(request));

    assertThat(failure.info().getReason()).isEqualTo("BEHIND");
    assertThat(failure.metadata("applied")).isEqualTo("(absent)");
  }

  @Test
  void aCallThatIsNotAnsweredEndsAtTheDeadlineOfItsClient() {
    grpc.consensus.fallSilent();

    assertThatThrownBy(
            () -> grpc.tree().withDeadlineAfter(200, TimeUnit.MILLISECONDS).create(request("/app")))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            thrown ->
                assertThat(thrown.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
  }

  @ParameterizedTest
  @EnumSource
  void everyErrorOfTheCoreIsInTheContractWithZooKeepersNumber(ErrorCode code) {
    assertThat(Rejections.code(code).getNumber()).isEqualTo(-code.number());
  }

  private static Arguments write(String what, Call call, String reason) {
    return arguments(what, call, reason);
  }

  private static Arguments read(String what, Call call, String reason) {
    return arguments(what, call, reason);
  }

  private static String number(String reason) {
    return Integer.toString(io.quoll.api.v1.ErrorCode.valueOf("ERROR_CODE_" + reason).getNumber());
  }

  private static Status.Code grpcCode(String reason) {
    return switch (reason) {
      case "NO_NODE" -> Status.Code.NOT_FOUND;
      case "NODE_EXISTS" -> Status.Code.ALREADY_EXISTS;
      case "BAD_VERSION", "NOT_EMPTY" -> Status.Code.FAILED_PRECONDITION;
      default -> Status.Code.INVALID_ARGUMENT;
    };
  }

  private static CreateRequest request(String path) {
    return CreateRequest.newBuilder().setPath(path).build();
  }

  private static Call create(String path) {
    return tree -> tree.create(request(path));
  }

  private static Call createInMode(int mode) {
    return tree -> tree.create(request("/new").toBuilder().setModeValue(mode).build());
  }

  private static Call createWith(int bytes) {
    ByteString data = ByteString.copyFrom(new byte[bytes]);
    return tree -> tree.create(request("/new").toBuilder().setData(data).build());
  }

  private static Call delete(String path, int version) {
    return tree ->
        tree.delete(DeleteRequest.newBuilder().setPath(path).setExpectedVersion(version).build());
  }

  private static Call deleteRecursive(String path) {
    return tree -> tree.deleteRecursive(DeleteRecursiveRequest.newBuilder().setPath(path).build());
  }

  private static Call setData(String path, int version) {
    return tree ->
        tree.setData(SetDataRequest.newBuilder().setPath(path).setExpectedVersion(version).build());
  }

  private static Call multi(int emptyOperations) {
    return tree ->
        tree.multi(
            MultiRequest.newBuilder()
                .addAllOperations(
                    Collections.nCopies(emptyOperations, MultiOperation.getDefaultInstance()))
                .build());
  }

  private static Call getData(String path) {
    return tree -> tree.getData(GetDataRequest.newBuilder().setPath(path).build());
  }

  private static Call getDataWithConsistency(int consistency) {
    return tree ->
        tree.getData(
            GetDataRequest.newBuilder()
                .setPath("/app")
                .setContext(RequestContext.newBuilder().setConsistencyValue(consistency))
                .build());
  }

  private static Call exists(String path) {
    return tree -> tree.exists(ExistsRequest.newBuilder().setPath(path).build());
  }

  private static Call children(String path) {
    return tree -> tree.getChildren(GetChildrenRequest.newBuilder().setPath(path).build());
  }

  private static Call count(String path, String token) {
    return tree ->
        tree.countDescendants(
            CountDescendantsRequest.newBuilder().setPath(path).setPageToken(token).build());
  }

  private static Call multiRead(int emptyOperations) {
    return tree ->
        tree.multiRead(
            MultiReadRequest.newBuilder()
                .addAllOperations(
                    Collections.nCopies(emptyOperations, ReadOperation.getDefaultInstance()))
                .build());
  }

  private static Call multiReadOf(String path) {
    return tree ->
        tree.multiRead(
            MultiReadRequest.newBuilder()
                .addOperations(
                    ReadOperation.newBuilder()
                        .setGetData(GetDataRequest.newBuilder().setPath(path)))
                .build());
  }

  private static Call sync(String path) {
    return tree -> tree.sync(SyncRequest.newBuilder().setPath(path).build());
  }
}
