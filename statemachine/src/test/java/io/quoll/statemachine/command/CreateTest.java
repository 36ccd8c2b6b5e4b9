package io.quoll.statemachine.command;

import static io.quoll.statemachine.command.Replica.NOW_MILLIS;
import static io.quoll.statemachine.command.Replica.persistent;
import static io.quoll.statemachine.command.Replica.replica;
import static io.quoll.statemachine.state.ErrorCode.BAD_ARGUMENTS;
import static io.quoll.statemachine.state.ErrorCode.INVALID_ACL;
import static io.quoll.statemachine.state.ErrorCode.LIMIT_EXCEEDED;
import static io.quoll.statemachine.state.ErrorCode.NODE_EXISTS;
import static io.quoll.statemachine.state.ErrorCode.NO_CHILDREN_FOR_EPHEMERALS;
import static io.quoll.statemachine.state.ErrorCode.NO_NODE;
import static io.quoll.statemachine.state.Tree.BIRTH_MILLIS;
import static io.quoll.statemachine.state.Tree.bytes;
import static io.quoll.statemachine.state.Tree.path;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.Stat;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodeKind;
import org.junit.jupiter.api.Test;

class CreateTest {
  private static final Acl EMPTY = new Acl(ImmutableList.of());
  private static final ByteString TOO_LONG =
      ByteString.copyFrom(new byte[Znode.DATA_BYTES_MAX + 1]);

  @Test
  void createTellsThePathAndTheStat() {
    Replica replica = replica("/app");

    Result result = replica.apply(persistent("/app/a", bytes("abc")));

    Stat born = new Stat(2, 2, NOW_MILLIS, NOW_MILLIS, 0, 0, 0, 0, 3, 0, 2);
    assertThat(result).isEqualTo(new Result.Created(path("/app/a"), born));
    assertThat(replica.stat("/app/a")).isEqualTo(born);
    assertThat(replica.tree.data(path("/app/a"))).isEqualTo(bytes("abc"));
  }

  @Test
  void createChangesOnlyPzxidCversionAndNumChildrenOfTheParent() {
    Replica replica = replica("/app");

    replica.apply(persistent("/app/a"));

    assertThat(replica.stat("/app"))
        .isEqualTo(new Stat(1, 1, BIRTH_MILLIS, BIRTH_MILLIS, 0, 1, 0, 0, 0, 1, 2));
  }

  @Test
  void createBelowTheRootCountsFromTheRootsMinusOne() {
    Replica replica = replica();

    replica.apply(persistent("/a"));

    assertThat(replica.stat("/")).isEqualTo(new Stat(0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1));
  }

  @Test
  void createChangesNoGrandparent() {
    Replica replica = replica("/app", "/app/a");
    Stat before = replica.stat("/app");

    replica.apply(persistent("/app/a/b"));

    assertThat(replica.stat("/app")).isEqualTo(before);
  }

  @Test
  void createKeepsNullDataApartFromEmptyData() {
    Replica replica = replica();

    replica.apply(persistent("/null", null));
    replica.apply(persistent("/empty", ByteString.EMPTY));

    assertThat(replica.tree.data(path("/null"))).isNull();
    assertThat(replica.tree.data(path("/empty"))).isEqualTo(ByteString.EMPTY);
    assertThat(replica.stat("/null").dataLength()).isZero();
  }

  @Test
  void createKeepsTheAcl() {
    Replica replica = replica();

    replica.apply(Create.at("/a", false, null, Acl.READABLE));

    assertThat(replica.tree.require(path("/a")).acl()).isEqualTo(Acl.READABLE);
  }

  @Test
  void createIsToldAsOneChange() {
    assertThat(replica().changesOf(persistent("/a")))
        .containsExactly(new Change.Created(path("/a"), Acl.OPEN, Acl.OPEN));
  }

  @Test
  void createReportsAMissingParent() {
    Result result = replica().apply(persistent("/app/a"));

    assertThat(result).isEqualTo(new Result.Rejected(NO_NODE, "/app", "there is no znode at /app"));
  }

  @Test
  void createReportsATakenPath() {
    Result result = replica("/app").apply(persistent("/app"));

    assertThat(result)
        .isEqualTo(new Result.Rejected(NODE_EXISTS, "/app", "there is a znode at /app already"));
  }

  @Test
  void createReportsAnEmptyAcl() {
    assertThat(replica().codeOf(Create.at("/a", false, null, EMPTY))).isEqualTo(INVALID_ACL);
  }

  @Test
  void createReportsAnEphemeralParent() {
    Replica replica = withEphemeral("/app");

    assertThat(replica.codeOf(persistent("/app/a"))).isEqualTo(NO_CHILDREN_FOR_EPHEMERALS);
  }

  @Test
  void createReportsANameThatIsNone() {
    Create slash = new Create(path("/app"), "a/b", CreateMode.PERSISTENT, 0, null, Acl.OPEN);

    assertThat(replica("/app").codeOf(slash)).isEqualTo(BAD_ARGUMENTS);
  }

  @Test
  void createReportsDataThatIsTooLong() {
    assertThat(replica().codeOf(persistent("/a", TOO_LONG))).isEqualTo(LIMIT_EXCEEDED);
  }

  @Test
  void createReportsInvalidAclBeforeNoNode() {
    assertThat(replica().codeOf(Create.at("/app/a", false, null, EMPTY))).isEqualTo(INVALID_ACL);
  }

  @Test
  void createReportsInvalidAclBeforeNodeExists() {
    assertThat(replica("/app").codeOf(Create.at("/app", false, null, EMPTY)))
        .isEqualTo(INVALID_ACL);
  }

  @Test
  void createReportsNoNodeBeforeBadArguments() {
    Create slash = new Create(path("/app"), "a/b", CreateMode.PERSISTENT, 0, null, Acl.OPEN);

    assertThat(replica().codeOf(slash)).isEqualTo(NO_NODE);
  }

  @Test
  void createReportsNodeExistsBeforeNoChildrenForEphemerals() {
    Replica replica = replica("/app", "/app/a");
    makeEphemeral(replica, "/app");

    assertThat(replica.codeOf(persistent("/app/a"))).isEqualTo(NODE_EXISTS);
  }

  @Test
  void createReportsNodeExistsBeforeLimitExceeded() {
    assertThat(replica("/app").codeOf(persistent("/app", TOO_LONG))).isEqualTo(NODE_EXISTS);
  }

  private static Replica withEphemeral(String path) {
    Replica replica = replica(path);
    makeEphemeral(replica, path);
    return replica;
  }

  private static void makeEphemeral(Replica replica, String path) {
    replica.tree.replace(
        path,
        z ->
            new Znode(
                z.czxid(),
                z.mzxid(),
                z.pzxid(),
                z.ctime(),
                z.mtime(),
                0,
                0,
                new ZnodeKind.Ephemeral(99),
                z.childrenCreated(),
                z.numChildren(),
                -1,
                0,
                z.acl()));
  }
}
