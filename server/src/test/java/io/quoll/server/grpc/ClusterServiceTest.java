package io.quoll.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.grpc.Status;
import io.quoll.api.v1.EndSessionRequest;
import io.quoll.api.v1.EndSessionResponse;
import io.quoll.api.v1.ListSessionsRequest;
import io.quoll.api.v1.ListSessionsResponse;
import io.quoll.api.v1.MemberStatus;
import io.quoll.api.v1.Role;
import io.quoll.api.v1.SessionInfo;
import io.quoll.api.v1.StatusRequest;
import io.quoll.api.v1.StatusResponse;
import io.quoll.server.coordination.SessionHold;
import io.quoll.server.coordination.SessionHolder;
import io.quoll.server.coordination.UnavailableException;
import io.quoll.server.grpc.GrpcHarness.Failure;
import io.quoll.statemachine.state.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterServiceTest {
  private static final int WATCHES = 3;

  private final GrpcHarness grpc = new GrpcHarness();
  private final List<RuntimeException> ends = new ArrayList<>();

  @AfterEach
  void close() {
    grpc.close();
  }

  @Test
  void statusTellsOfAllMembersAlsoOfThoseThatCannotBeReached() {
    grpc.tree("/app");

    StatusResponse status = grpc.cluster().status(StatusRequest.getDefaultInstance());

    assertThat(status.getMembersList())
        .extracting(MemberStatus::getId, MemberStatus::getReachable, MemberStatus::getRole)
        .containsExactly(
            tuple(1, true, Role.FOLLOWER),
            tuple(2, true, Role.LEADER),
            tuple(3, false, Role.ROLE_UNSPECIFIED));
    assertThat(status.getHeader().getZxid()).isEqualTo(1);
    assertThat(status.getHeader().getServerId()).isEqualTo(1);
  }

  @Test
  void aMemberIsToldWithAllThatIsKnownOfIt() {
    grpc.tree("/app");

    MemberStatus self = grpc.cluster().status(local()).getMembers(0);

    assertThat(self)
        .isEqualTo(
            MemberStatus.newBuilder()
                .setId(1)
                .setClientAddress("one:7181")
                .setPeerAddress("one:7281")
                .setReachable(true)
                .setRole(Role.FOLLOWER)
                .setTerm(7)
                .setZxid(1)
                .setAppliedIndex(5)
                .setCommitIndex(6)
                .setTreeDigest(grpc.store.digest().value())
                .setLeaderId(2)
                .setVersion("1.2.3")
                .build());
  }

  @Test
  void aLocalStatusAsksNoOtherMember() {
    assertThat(grpc.cluster().status(local()).getMembersList())
        .extracting(MemberStatus::getId)
        .containsExactly(1);
  }

  @Test
  void aMemberThatNeverAnswersIsToldAsUnreachableAfterAShortWait() {
    grpc.consensus.setStanding(2, new CompletableFuture<>());

    StatusResponse status = grpc.cluster().status(StatusRequest.getDefaultInstance());

    assertThat(status.getMembers(1).getReachable()).isFalse();
    assertThat(status.getMembers(1).getClientAddress()).isEqualTo("two:7181");
  }

  @Test
  void aPageOfSessionsTellsAllThatTheTreeAndThisServerKnowOfEach() {
    SessionHold held = open();
    SessionHold elsewhere = open();
    grpc.sessions.release(elsewhere);

    ListSessionsResponse page =
        grpc.cluster().listSessions(ListSessionsRequest.getDefaultInstance());

    SessionInfo.Builder common = SessionInfo.newBuilder().setTimeoutMillis(5_000).setEpoch(1);
    assertThat(page.getSessionsList())
        .containsExactly(
            common.setSessionId(held.sessionId()).setAttachedHere(true).setWatches(WATCHES).build(),
            common
                .setSessionId(elsewhere.sessionId())
                .setAttachedHere(false)
                .setWatches(0)
                .build());
    assertThat(page.getMore()).isFalse();
    assertThat(page.getHeader().getZxid()).isEqualTo(2);
  }

  @Test
  void theNextPageOfSessionsBeginsAfterTheLastIdOfTheOneBefore() {
    long first = open().sessionId();
    long second = open().sessionId();
    ListSessionsRequest.Builder one = ListSessionsRequest.newBuilder().setLimit(1);

    ListSessionsResponse page = grpc.cluster().listSessions(one.build());
    ListSessionsResponse next = grpc.cluster().listSessions(one.setAfterSessionId(first).build());

    assertThat(page.getSessionsList()).extracting(SessionInfo::getSessionId).containsExactly(first);
    assertThat(page.getMore()).isTrue();
    assertThat(next.getSessionsList())
        .extracting(SessionInfo::getSessionId)
        .containsExactly(second);
    assertThat(next.getMore()).isFalse();
  }

  @Test
  void aSessionThatIsEndedIsGoneAndItsHolderIsTold() {
    SessionHold hold = open();

    EndSessionResponse reply = grpc.cluster().endSession(end(hold.sessionId()));

    assertThat(reply.getHeader().getZxid()).isEqualTo(hold.zxid() + 1);
    assertThat(grpc.cluster().listSessions(ListSessionsRequest.getDefaultInstance()))
        .extracting(ListSessionsResponse::getSessionsCount)
        .isEqualTo(0);
    assertThat(ends).singleElement().isInstanceOf(Rejection.class);
  }

  @Test
  void theEndOfASessionThatIsNotThereIsRefused() {
    Failure failure = GrpcHarness.failureOf(() -> grpc.cluster().endSession(end(99)));

    assertThat(failure.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(failure.info().getReason()).isEqualTo("SESSION_EXPIRED");
    assertThat(failure.metadata("applied")).isEqualTo("NO");
  }

  @Test
  void noSessionIsEndedWithoutAMajority() {
    SessionHold hold = open();
    grpc.consensus.failWith(
        new UnavailableException(UnavailableException.Reason.NO_QUORUM, null, "nobody"));

    Failure failure = GrpcHarness.failureOf(() -> grpc.cluster().endSession(end(hold.sessionId())));

    assertThat(failure.info().getReason()).isEqualTo("NO_QUORUM");
    assertThat(grpc.sessions.isHeld(hold.sessionId())).isTrue();
  }

  private static EndSessionRequest end(long sessionId) {
    return EndSessionRequest.newBuilder().setSessionId(sessionId).build();
  }

  private SessionHold open() {
    SessionHolder holder =
        new SessionHolder() {
          @Override
          public void onEnd(RuntimeException reason) {
            ends.add(reason);
          }

          @Override
          public int watches() {
            return WATCHES;
          }
        };
    return grpc.sessions.open(5_000, holder, System.nanoTime() + (1L << 40)).join();
  }

  private static StatusRequest local() {
    return StatusRequest.newBuilder().setLocal(true).build();
  }
}
