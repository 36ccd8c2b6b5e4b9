package io.quoll.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.quoll.api.v1.MemberStatus;
import io.quoll.api.v1.Role;
import io.quoll.api.v1.StatusRequest;
import io.quoll.api.v1.StatusResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterServiceTest {
  private final GrpcHarness grpc = new GrpcHarness();

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

  private static StatusRequest local() {
    return StatusRequest.newBuilder().setLocal(true).build();
  }
}
