package io.quoll.server.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.CheckRequest;
import io.quoll.api.v1.Child;
import io.quoll.api.v1.Consistency;
import io.quoll.api.v1.CountDescendantsRequest;
import io.quoll.api.v1.CreateMode;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.CreateResponse;
import io.quoll.api.v1.DeleteRecursiveRequest;
import io.quoll.api.v1.DeleteRequest;
import io.quoll.api.v1.ErrorCode;
import io.quoll.api.v1.ExistsRequest;
import io.quoll.api.v1.GetChildrenRequest;
import io.quoll.api.v1.GetChildrenResponse;
import io.quoll.api.v1.GetDataRequest;
import io.quoll.api.v1.GetDataResponse;
import io.quoll.api.v1.MultiOperation;
import io.quoll.api.v1.MultiReadRequest;
import io.quoll.api.v1.MultiReadResponse;
import io.quoll.api.v1.MultiRequest;
import io.quoll.api.v1.MultiResponse;
import io.quoll.api.v1.MultiResult;
import io.quoll.api.v1.ReadOperation;
import io.quoll.api.v1.ReadResult;
import io.quoll.api.v1.RequestContext;
import io.quoll.api.v1.ResponseHeader;
import io.quoll.api.v1.SetDataRequest;
import io.quoll.api.v1.SetDataResponse;
import io.quoll.api.v1.SyncRequest;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TreeServiceTest {
  private static final ByteString DATA = ByteString.copyFromUtf8("data");

  private final GrpcHarness grpc = new GrpcHarness();

  @AfterEach
  void close() {
    grpc.close();
  }

  @Test
  void createTellsThePathTheStatAndTheZxidOfTheWrite() {
    CreateResponse created =
        grpc.tree().create(CreateRequest.newBuilder().setPath("/app").setData(DATA).build());

    assertThat(created.getPath()).isEqualTo("/app");
    assertThat(created.getStat().getCzxid()).isEqualTo(1);
    assertThat(created.getStat().getDataLength()).isEqualTo(4);
    assertThat(created.getHeader())
        .isEqualTo(
            ResponseHeader.newBuilder()
                .setClusterId(UUID.nameUUIDFromBytes("quoll:test".getBytes(UTF_8)).toString())
                .setServerId(1)
                .setTerm(7)
                .setZxid(1)
                .build());
  }

  @Test
  void aSequentialCreateTellsThePathWithItsNumber() {
    CreateResponse created =
        grpc.tree()
            .create(
                CreateRequest.newBuilder()
                    .setPath("/job-")
                    .setMode(CreateMode.PERSISTENT_SEQUENTIAL)
                    .build());

    assertThat(created.getPath()).isEqualTo("/job-0000000000");
  }

  @Test
  void nullDataIsNotEmptyData() {
    grpc.tree("/null");
    grpc.tree()
        .create(CreateRequest.newBuilder().setPath("/empty").setData(ByteString.EMPTY).build());

    assertThat(data("/null").hasData()).isFalse();
    assertThat(data("/empty").hasData()).isTrue();
    assertThat(data("/empty").getData()).isEmpty();
  }

  @Test
  void setDataTellsTheStatAfterIt() {
    grpc.tree("/app");

    SetDataResponse set =
        grpc.tree()
            .setData(
                SetDataRequest.newBuilder()
                    .setPath("/app")
                    .setData(DATA)
                    .setExpectedVersion(0)
                    .build());

    assertThat(set.getStat().getVersion()).isEqualTo(1);
    assertThat(set.getHeader().getZxid()).isEqualTo(2);
    assertThat(data("/app").getData()).isEqualTo(DATA);
  }

  @Test
  void deleteRemovesTheZnode() {
    grpc.tree("/app");

    long zxid =
        grpc.tree()
            .delete(DeleteRequest.newBuilder().setPath("/app").build())
            .getHeader()
            .getZxid();

    assertThat(zxid).isEqualTo(2);
    assertThat(exists("/app")).isFalse();
  }

  @Test
  void deleteRecursiveTellsHowManyItDeleted() {
    grpc.tree("/app", "/app/a", "/app/a/b");

    int deleted =
        grpc.tree()
            .deleteRecursive(DeleteRecursiveRequest.newBuilder().setPath("/app").build())
            .getDeleted();

    assertThat(deleted).isEqualTo(3);
    assertThat(exists("/app")).isFalse();
  }

  @Test
  void aMultiThatTakesPlaceTellsTheResultsOfItsParts() {
    MultiResponse response =
        grpc.tree().multi(multi(create("/app"), create("/app/a"), setData("/app"), check("/app")));

    assertThat(response.getCommitted()).isTrue();
    assertThat(response.getResultsList())
        .extracting(MultiResult::getError)
        .containsOnly(ErrorCode.ERROR_CODE_OK);
    assertThat(response.getResults(1).getPath()).isEqualTo("/app/a");
    assertThat(response.getResults(2).getStat().getVersion()).isEqualTo(1);
    assertThat(response.getResults(3)).isEqualTo(MultiResult.getDefaultInstance());
    assertThat(response.getHeader().getZxid()).isEqualTo(1);
  }

  @Test
  void aMultiThatDoesNotTakePlaceIsNoErrorOfTheCall() {
    MultiResponse response =
        grpc.tree().multi(multi(create("/app"), delete("/missing"), create("/other")));

    assertThat(response.getCommitted()).isFalse();
    assertThat(response.getResultsList())
        .extracting(MultiResult::getError)
        .containsExactly(
            ErrorCode.ERROR_CODE_OK,
            ErrorCode.ERROR_CODE_NO_NODE,
            ErrorCode.ERROR_CODE_RUNTIME_INCONSISTENCY);
    assertThat(response.getResults(1).getMessage()).contains("/missing");
    assertThat(exists("/app")).isFalse();
  }

  @Test
  void existsLeavesTheStatOutWhereThereIsNoZnode() {
    grpc.tree("/app");

    assertThat(exists("/app")).isTrue();
    assertThat(exists("/missing")).isFalse();
  }

  @Test
  void childrenComeInPagesEachWithTheTokenOfTheNext() {
    grpc.tree("/app", "/app/a", "/app/b", "/app/c");
    GetChildrenRequest request =
        GetChildrenRequest.newBuilder().setPath("/app").setLimit(2).setWithStat(true).build();

    GetChildrenResponse first = grpc.tree().getChildren(request);
    GetChildrenResponse second =
        grpc.tree().getChildren(request.toBuilder().setPageToken(first.getNextPageToken()).build());

    assertThat(first.getStat().getNumChildren()).isEqualTo(3);
    assertThat(first.getChildrenList()).extracting(Child::getName).containsExactly("a", "b");
    assertThat(first.getChildren(0).getStat().getCzxid()).isEqualTo(2);
    assertThat(second.getChildrenList()).extracting(Child::getName).containsExactly("c");
    assertThat(second.getNextPageToken()).isEmpty();
  }

  @Test
  void childrenComeWithTheirDataIfAsked() {
    grpc.tree("/app");
    grpc.tree().create(CreateRequest.newBuilder().setPath("/app/a").setData(DATA).build());

    GetChildrenResponse page =
        grpc.tree()
            .getChildren(GetChildrenRequest.newBuilder().setPath("/app").setWithData(true).build());

    assertThat(page.getChildrenList()).extracting(Child::getData).containsExactly(DATA);
  }

  @Test
  void aMultiReadAnswersEachPartAndItsRejectionsAreNoErrorsOfTheCall() {
    grpc.tree("/app");

    MultiReadResponse response =
        grpc.tree()
            .multiRead(
                MultiReadRequest.newBuilder()
                    .addOperations(readData("/app"))
                    .addOperations(readData("/missing"))
                    .addOperations(
                        ReadOperation.newBuilder()
                            .setExists(ExistsRequest.newBuilder().setPath("/missing")))
                    .addOperations(
                        ReadOperation.newBuilder()
                            .setGetChildren(GetChildrenRequest.newBuilder().setPath("/")))
                    .build());

    assertThat(response.getResultsList())
        .extracting(ReadResult::getResultCase)
        .containsExactly(
            ReadResult.ResultCase.GET_DATA,
            ReadResult.ResultCase.RESULT_NOT_SET,
            ReadResult.ResultCase.EXISTS,
            ReadResult.ResultCase.GET_CHILDREN);
    assertThat(response.getResults(1).getError()).isEqualTo(ErrorCode.ERROR_CODE_NO_NODE);
    assertThat(response.getHeader().getZxid()).isEqualTo(1);
  }

  @Test
  void aMultiReadEndsOnceItsResultsHoldAMebibyte() {
    ByteString large = ByteString.copyFrom(new byte[1_048_576]);
    Object unused =
        grpc.tree().create(CreateRequest.newBuilder().setPath("/large").setData(large).build());

    MultiReadResponse response =
        grpc.tree()
            .multiRead(
                MultiReadRequest.newBuilder()
                    .addOperations(readData("/large"))
                    .addOperations(readData("/large"))
                    .build());

    assertThat(response.getResultsList())
        .extracting(ReadResult::getError)
        .containsExactly(ErrorCode.ERROR_CODE_OK, ErrorCode.ERROR_CODE_LIMIT_EXCEEDED);
  }

  @Test
  void countDescendantsCountsAllBelowAPath() {
    grpc.tree("/app", "/app/a", "/app/a/b", "/other");

    var count =
        grpc.tree().countDescendants(CountDescendantsRequest.newBuilder().setPath("/app").build());

    assertThat(count.getCount()).isEqualTo(2);
    assertThat(count.getNextPageToken()).isEmpty();
  }

  @Test
  void aCountGoesOnAfterItsPageToken() {
    grpc.tree("/app", "/app/a", "/app/b");

    var count =
        grpc.tree()
            .countDescendants(
                CountDescendantsRequest.newBuilder()
                    .setPath("/app")
                    .setPageToken("/app/a")
                    .build());

    assertThat(count.getCount()).isEqualTo(1);
  }

  @Test
  void syncGoesThroughABarrier() {
    grpc.tree("/app");

    ResponseHeader header =
        grpc.tree().sync(SyncRequest.newBuilder().setPath("/missing").build()).getHeader();

    assertThat(header.getZxid()).isEqualTo(1);
    assertThat(grpc.consensus.barriers()).isEqualTo(1);
  }

  @Test
  void aLinearizableReadGoesThroughABarrierAndALocalOneDoesNot() {
    grpc.tree("/app");
    data("/app");
    assertThat(grpc.consensus.barriers()).isZero();

    Object unused =
        grpc.tree()
            .getData(
                GetDataRequest.newBuilder()
                    .setPath("/app")
                    .setContext(
                        RequestContext.newBuilder().setConsistency(Consistency.LINEARIZABLE))
                    .build());

    assertThat(grpc.consensus.barriers()).isEqualTo(1);
  }

  private GetDataResponse data(String path) {
    return grpc.tree().getData(GetDataRequest.newBuilder().setPath(path).build());
  }

  private boolean exists(String path) {
    return grpc.tree().exists(ExistsRequest.newBuilder().setPath(path).build()).hasStat();
  }

  private static MultiRequest multi(MultiOperation... operations) {
    return MultiRequest.newBuilder().addAllOperations(Arrays.asList(operations)).build();
  }

  private static MultiOperation create(String path) {
    return MultiOperation.newBuilder().setCreate(CreateRequest.newBuilder().setPath(path)).build();
  }

  private static MultiOperation delete(String path) {
    return MultiOperation.newBuilder().setDelete(DeleteRequest.newBuilder().setPath(path)).build();
  }

  private static MultiOperation setData(String path) {
    return MultiOperation.newBuilder()
        .setSetData(SetDataRequest.newBuilder().setPath(path).setData(DATA))
        .build();
  }

  private static MultiOperation check(String path) {
    return MultiOperation.newBuilder().setCheck(CheckRequest.newBuilder().setPath(path)).build();
  }

  private static ReadOperation readData(String path) {
    return ReadOperation.newBuilder().setGetData(GetDataRequest.newBuilder().setPath(path)).build();
  }
}
