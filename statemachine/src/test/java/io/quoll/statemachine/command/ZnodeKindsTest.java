package io.quoll.statemachine.command;

import static io.quoll.statemachine.command.Replica.ANY_VERSION;
import static io.quoll.statemachine.command.Replica.NOW_MILLIS;
import static io.quoll.statemachine.command.Replica.SECRET;
import static io.quoll.statemachine.command.Replica.container;
import static io.quoll.statemachine.command.Replica.ephemeral;
import static io.quoll.statemachine.command.Replica.multi;
import static io.quoll.statemachine.command.Replica.persistent;
import static io.quoll.statemachine.command.Replica.replica;
import static io.quoll.statemachine.command.Replica.withTtl;
import static io.quoll.statemachine.state.ErrorCode.BAD_ARGUMENTS;
import static io.quoll.statemachine.state.ErrorCode.INVALID_ACL;
import static io.quoll.statemachine.state.ErrorCode.NODE_EXISTS;
import static io.quoll.statemachine.state.ErrorCode.NO_CHILDREN_FOR_EPHEMERALS;
import static io.quoll.statemachine.state.ErrorCode.NO_NODE;
import static io.quoll.statemachine.state.Tree.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.ZnodeKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZnodeKindsTest {
  private static final long TTL = 100;

  @Test
  void anEphemeralShowsItsSessionAsItsOwner() {
    Replica replica = replica();
    long id = replica.open(SECRET);

    replica.applyAs(id, ephemeral("/e"));

    assertThat(replica.stat("/e").ephemeralOwner()).isEqualTo(id);
    assertThat(replica.tree.ephemerals(id)).containsExactly(path("/e"));
  }

  @Test
  void containersAndZnodesWithATimeToLiveShowNoOwner() {
    Replica replica = replica();
    long id = replica.open(SECRET);

    replica.applyAs(id, container("/c"));
    replica.applyAs(id, withTtl("/t", TTL));

    assertThat(replica.stat("/c").ephemeralOwner()).isZero();
    assertThat(replica.stat("/t").ephemeralOwner()).isZero();
    assertThat(replica.tree.require(path("/t")).kind()).isEqualTo(new ZnodeKind.TimeToLive(TTL));
    assertThat(replica.tree.ephemerals(id)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void everySequentialModeAppendsTheNumberAndNoOtherDoes(CreateMode mode) {
    Replica replica = replica("/p", "/p/a");
    long id = replica.open(SECRET);
    Create create = Create.at("/p/n", mode, mode.hasTimeToLive() ? TTL : 0, null, Acl.OPEN);

    Result.Created created = (Result.Created) replica.applyAs(id, create);

    assertThat(created.path()).isEqualTo(path(mode.isSequential() ? "/p/n0000000001" : "/p/n"));
    assertThat(created.stat().ephemeralOwner()).isEqualTo(mode.isEphemeral() ? id : 0);
  }

  @Test
  void anEphemeralCanBePartOfAMulti() {
    Replica replica = replica("/p");
    long id = replica.open(SECRET);

    replica.applyAs(id, multi(ephemeral("/p/a"), ephemeral("/p/b")));

    assertThat(replica.tree.ephemerals(id)).containsExactly(path("/p/a"), path("/p/b"));
  }

  @Test
  void anEphemeralThatIsDeletedByHandIsNoLongerTheSessions() {
    Replica replica = replica("/p");
    long id = replica.open(SECRET);
    replica.applyAs(id, multi(ephemeral("/a"), ephemeral("/p/b")));

    replica.apply(new Delete(path("/a"), ANY_VERSION));
    replica.apply(new DeleteRecursive(path("/p")));

    assertThat(replica.tree.ephemerals(id)).isEmpty();
    assertThat(replica.apply(new CloseSession(id, 1))).isEqualTo(new Result.SessionClosed(id, 0));
  }

  @Test
  void anEphemeralWithoutASessionIsRejected() {
    assertThat(replica().codeOf(ephemeral("/e"))).isEqualTo(BAD_ARGUMENTS);
  }

  @Test
  void theMissingSessionIsReportedBeforeInvalidAcl() {
    Acl empty = new Acl(ImmutableList.of());

    Replica replica = replica();

    assertThat(replica.codeOf(Create.at("/e", CreateMode.EPHEMERAL, 0, null, empty)))
        .isEqualTo(BAD_ARGUMENTS);
    assertThat(replica.codeOf(Create.at("/c", CreateMode.CONTAINER, 0, null, empty)))
        .isEqualTo(INVALID_ACL);
  }

  @Test
  void anEphemeralHasNoChildrenAndNodeExistsAndNoNodeAreReportedBeforeThat() {
    Replica replica = replica();
    long id = replica.open(SECRET);
    replica.applyAs(id, ephemeral("/e"));

    assertThat(replica.codeOf(persistent("/e/a"))).isEqualTo(NO_CHILDREN_FOR_EPHEMERALS);
    assertThat(replica.codeOf(persistent("/e"))).isEqualTo(NODE_EXISTS);
    assertThat(replica.codeOf(persistent("/e/a/b"))).isEqualTo(NO_NODE);
  }

  @Test
  void containersAndZnodesWithATimeToLiveMayHaveChildren() {
    Replica replica = replica();
    replica.apply(container("/c"));
    replica.apply(withTtl("/t", TTL));

    assertThat(replica.apply(persistent("/c/a"))).isInstanceOf(Result.Created.class);
    assertThat(replica.apply(persistent("/t/a"))).isInstanceOf(Result.Created.class);
  }

  @ParameterizedTest
  @CsvSource({
    "PERSISTENT_WITH_TTL, 0",
    "PERSISTENT_WITH_TTL, -1",
    "PERSISTENT_WITH_TTL, 1099511627776",
    "PERSISTENT_SEQUENTIAL_WITH_TTL, 0",
    "PERSISTENT, 1",
    "PERSISTENT_SEQUENTIAL, 1",
    "EPHEMERAL, 1",
    "EPHEMERAL_SEQUENTIAL, 1",
    "CONTAINER, 1"
  })
  void aTimeToLiveThatIsOutOfRangeOrWithoutItsModeIsRejectedBeforeAll(CreateMode mode, long ttl) {
    assertThat(codeOfAt("/a", mode, ttl)).isEqualTo(BAD_ARGUMENTS);
    assertThat(codeOfAt("/", mode, ttl)).isEqualTo(BAD_ARGUMENTS);
    assertThatThrownBy(() -> new Create(path("/"), "a", mode, ttl, null, Acl.OPEN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, ZnodeKind.TTL_MILLIS_MAX})
  void theShortestAndTheLongestTimeToLiveAreTaken(long ttl) {
    Replica replica = replica();

    replica.apply(withTtl("/t", ttl));

    assertThat(replica.tree.require(path("/t")).kind()).isEqualTo(new ZnodeKind.TimeToLive(ttl));
  }

  @Test
  void aContainerThatLostItsLastChildIsDeleted() {
    Replica replica = replica();
    replica.apply(container("/c"));
    replica.apply(persistent("/c/a"));
    replica.apply(new Delete(path("/c/a"), ANY_VERSION));

    assertThat(replica.changesOf(new DeleteIfUnused(path("/c"))))
        .containsExactly(new Change.Deleted(path("/c"), Acl.OPEN, Acl.OPEN));
    assertThat(replica.stat("/").numChildren()).isEqualTo(1);
  }

  @Test
  void aContainerThatNeverHadAChildIsKept() {
    Replica replica = replica();
    replica.apply(container("/c"));

    assertKept(replica, "/c", Long.MAX_VALUE);
  }

  @Test
  void aContainerWithAChildIsKept() {
    Replica replica = replica();
    replica.apply(container("/c"));
    replica.apply(persistent("/c/a"));

    assertKept(replica, "/c", Long.MAX_VALUE);
  }

  @Test
  void aZnodeIsDeletedOnceItsTimeToLiveHasPassedAndNotBefore() {
    Replica replica = replica();
    replica.apply(withTtl("/t", TTL));

    assertKept(replica, "/t", NOW_MILLIS + TTL);
    Result result = replica.applyAt(NOW_MILLIS + TTL + 1, new DeleteIfUnused(path("/t")));

    assertThat(result).isEqualTo(new Result.Deleted(1));
    assertThat(replica.tree.contains(path("/t"))).isFalse();
  }

  @Test
  void newDataStartsTheTimeToLiveAnew() {
    Replica replica = replica();
    replica.apply(withTtl("/t", TTL));

    replica.applyAt(NOW_MILLIS + TTL, new SetData(path("/t"), null, ANY_VERSION));

    assertKept(replica, "/t", NOW_MILLIS + 2 * TTL);
  }

  @Test
  void aLostChildDoesNotStartTheTimeToLiveAnew() {
    Replica replica = replica();
    replica.apply(withTtl("/t", TTL));
    replica.apply(persistent("/t/a"));
    assertKept(replica, "/t", NOW_MILLIS + TTL + 1);
    replica.applyAt(NOW_MILLIS + TTL + 2, new Delete(path("/t/a"), ANY_VERSION));

    Result result = replica.applyAt(NOW_MILLIS + TTL + 2, new DeleteIfUnused(path("/t")));

    assertThat(result).isEqualTo(new Result.Deleted(1));
  }

  @Test
  void anEarlierStampDoesNotTakeATimeThatHasPassedBack() {
    Replica replica = replica();
    replica.apply(withTtl("/t", TTL));
    replica.applyAt(NOW_MILLIS + 2 * TTL, persistent("/later"));

    Result result = replica.applyAt(NOW_MILLIS, new DeleteIfUnused(path("/t")));

    assertThat(result).isEqualTo(new Result.Deleted(1));
  }

  @Test
  void whatIsNeitherAContainerNorHasATimeToLiveIsKept() {
    Replica replica = replica("/p", "/p/a");
    long id = replica.open(SECRET);
    replica.applyAs(id, ephemeral("/e"));
    replica.apply(new Delete(path("/p/a"), ANY_VERSION));

    assertKept(replica, "/p", Long.MAX_VALUE);
    assertKept(replica, "/e", Long.MAX_VALUE);
    assertKept(replica, "/", Long.MAX_VALUE);
  }

  @Test
  void cleaningUpWhatIsGoneChangesNothing() {
    Replica replica = replica();
    Object before = replica.tree.contents();

    assertThat(replica.apply(new DeleteIfUnused(path("/gone")))).isEqualTo(new Result.Deleted(0));

    assertThat(replica.tree.contents()).isEqualTo(before);
  }

  private static void assertKept(Replica replica, String path, long timeMillis) {
    Object before = replica.tree.contents();
    assertThat(replica.applyAt(timeMillis, new DeleteIfUnused(path(path))))
        .isEqualTo(new Result.Deleted(0));
    assertThat(replica.tree.contents()).isEqualTo(before);
  }

  private static ErrorCode codeOfAt(String path, CreateMode mode, long ttlMillis) {
    return catchThrowableOfType(
            Rejection.class, () -> Create.at(path, mode, ttlMillis, null, Acl.OPEN))
        .code();
  }
}
