package io.quoll.statemachine.command;

import static io.quoll.statemachine.command.Replica.ANY_VERSION;
import static io.quoll.statemachine.command.Replica.multi;
import static io.quoll.statemachine.command.Replica.persistent;
import static io.quoll.statemachine.command.Replica.replica;
import static io.quoll.statemachine.state.ErrorCode.BAD_ARGUMENTS;
import static io.quoll.statemachine.state.ErrorCode.BAD_VERSION;
import static io.quoll.statemachine.state.ErrorCode.INVALID_ACL;
import static io.quoll.statemachine.state.ErrorCode.NODE_EXISTS;
import static io.quoll.statemachine.state.ErrorCode.NO_AUTH;
import static io.quoll.statemachine.state.ErrorCode.NO_NODE;
import static io.quoll.statemachine.state.Tree.path;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Genesis;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Identity;
import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.Stat;
import io.quoll.statemachine.state.ZnodePath;
import org.junit.jupiter.api.Test;

/** What each command needs, and the order of its errors: that of ZooKeeper. */
class AccessTest {
  private static final Identities ADA = Identities.of(Identity.of("digest", "ada:hash"));
  private static final Identities BOB = Identities.of(Identity.of("digest", "bob:hash"));
  private static final Identities SUPER = Identities.of(Identity.SUPER);
  private static final Acl AUTH = new Acl(ImmutableList.of(new Acl.Entry(31, "auth", "")));
  private static final Acl EMPTY = new Acl(ImmutableList.of());

  private final Replica replica = replica("/open");

  /** Has ADA own the znode, and everyone else do what {@code permissions} say. */
  private void own(String path, Permission... permissions) {
    int sum = 0;
    for (Permission permission : permissions) {
      sum |= permission.bit();
    }
    Acl acl =
        new Acl(
            ImmutableList.of(
                new Acl.Entry(31, "digest", "ada:hash"), new Acl.Entry(sum, "world", "anyone")));
    assertThat(replica.applyAs(ADA, Create.at(path, false, null, acl)))
        .isInstanceOf(Result.Created.class);
  }

  private ErrorCode codeAs(Identities caller, Command command) {
    return ((Result.Rejected) replica.applyAs(caller, command)).code();
  }

  @Test
  void createNeedsCreateOnTheParent() {
    own("/a", Permission.READ, Permission.WRITE, Permission.DELETE, Permission.ADMIN);
    own("/b", Permission.CREATE);

    assertThat(codeAs(BOB, persistent("/a/x"))).isEqualTo(NO_AUTH);
    assertThat(replica.applyAs(BOB, persistent("/b/x"))).isInstanceOf(Result.Created.class);
    assertThat(replica.applyAs(ADA, persistent("/a/x"))).isInstanceOf(Result.Created.class);
  }

  @Test
  void createIsRejectedForItsAclBeforeItsParent() {
    assertThat(codeAs(BOB, Create.at("/missing/x", false, null, EMPTY))).isEqualTo(INVALID_ACL);
    assertThat(codeAs(Identities.NONE, Create.at("/missing/x", false, null, AUTH)))
        .isEqualTo(INVALID_ACL);
    assertThat(codeAs(BOB, persistent("/missing/x"))).isEqualTo(NO_NODE);
  }

  @Test
  void createIsRejectedForItsCallerBeforeItsPath() {
    own("/a");
    replica.applyAs(ADA, persistent("/a/x"));

    assertThat(codeAs(BOB, persistent("/a/x"))).isEqualTo(NO_AUTH);
    assertThat(codeAs(ADA, persistent("/a/x"))).isEqualTo(NODE_EXISTS);
  }

  @Test
  void createWithAuthIsForWhoeverTheCallerHasProvedToBe() {
    replica.applyAs(ADA, Create.at("/a", false, null, AUTH));

    assertThat(replica.tree.require(path("/a")).acl())
        .isEqualTo(new Acl(ImmutableList.of(new Acl.Entry(31, "digest", "ada:hash"))));
  }

  @Test
  void deleteNeedsDeleteOnTheParentAndNothingOnTheZnode() {
    own("/a", Permission.DELETE);
    replica.applyAs(ADA, Create.at("/a/x", false, null, AUTH));
    own("/b", Permission.READ, Permission.WRITE, Permission.CREATE, Permission.ADMIN);
    replica.applyAs(ADA, persistent("/b/x"));

    assertThat(codeAs(BOB, delete("/b/x"))).isEqualTo(NO_AUTH);
    assertThat(replica.applyAs(BOB, delete("/a/x"))).isEqualTo(new Result.Deleted(1));
  }

  @Test
  void deleteIsRejectedForItsCallerBeforeTheMissingZnodeAndAfterTheMissingParent() {
    own("/a");

    assertThat(codeAs(BOB, delete("/a/missing"))).isEqualTo(NO_AUTH);
    assertThat(codeAs(BOB, delete("/missing/x"))).isEqualTo(NO_NODE);
    assertThat(codeAs(ADA, delete("/a/missing"))).isEqualTo(NO_NODE);
    assertThat(codeAs(BOB, delete("/"))).isEqualTo(BAD_ARGUMENTS);
  }

  @Test
  void setDataNeedsWriteAndIsRejectedForItBeforeTheVersion() {
    own("/a", Permission.READ, Permission.CREATE, Permission.DELETE, Permission.ADMIN);
    own("/b", Permission.WRITE);

    assertThat(codeAs(BOB, new SetData(path("/a"), null, 7))).isEqualTo(NO_AUTH);
    assertThat(codeAs(BOB, new SetData(path("/missing"), null, 7))).isEqualTo(NO_NODE);
    assertThat(codeAs(BOB, new SetData(path("/b"), null, 7))).isEqualTo(BAD_VERSION);
    assertThat(replica.applyAs(BOB, new SetData(path("/b"), null, 0)))
        .isInstanceOf(Result.DataSet.class);
  }

  @Test
  void checkNeedsReadAndIsRejectedForItBeforeTheVersion() {
    own("/a", Permission.WRITE, Permission.CREATE, Permission.DELETE, Permission.ADMIN);
    own("/b", Permission.READ);

    assertThat(codeAs(BOB, new Check(path("/a"), 7))).isEqualTo(NO_AUTH);
    assertThat(codeAs(BOB, new Check(path("/missing"), 7))).isEqualTo(NO_NODE);
    assertThat(codeAs(BOB, new Check(path("/b"), 7))).isEqualTo(BAD_VERSION);
    assertThat(replica.applyAs(BOB, new Check(path("/b"), 0))).isEqualTo(new Result.Done());
  }

  @Test
  void setAclNeedsAdmin() {
    own("/a", Permission.READ, Permission.WRITE, Permission.CREATE, Permission.DELETE);
    own("/b", Permission.ADMIN);

    assertThat(codeAs(BOB, new SetAcl(path("/a"), Acl.OPEN, ANY_VERSION))).isEqualTo(NO_AUTH);
    assertThat(replica.applyAs(BOB, new SetAcl(path("/b"), AUTH, ANY_VERSION)))
        .isInstanceOf(Result.AclSet.class);
    assertThat(codeAs(ADA, new SetAcl(path("/b"), AUTH, ANY_VERSION))).isEqualTo(NO_AUTH);
  }

  @Test
  void setAclIsRejectedForItsAclThenForTheZnodeThenForItsCallerThenForTheVersion() {
    own("/a");

    assertThat(codeAs(BOB, new SetAcl(path("/missing"), EMPTY, 7))).isEqualTo(INVALID_ACL);
    assertThat(codeAs(BOB, new SetAcl(path("/missing"), Acl.OPEN, 7))).isEqualTo(NO_NODE);
    assertThat(codeAs(BOB, new SetAcl(path("/a"), Acl.OPEN, 7))).isEqualTo(NO_AUTH);
    assertThat(codeAs(ADA, new SetAcl(path("/a"), Acl.OPEN, 7))).isEqualTo(BAD_VERSION);
  }

  @Test
  void setAclChangesTheAversionAloneAndIsToldByNoChange() {
    Stat before = replica.stat("/open");

    ImmutableList<Change> changes =
        replica.changesOf(new SetAcl(path("/open"), Acl.READABLE, before.aversion()));

    Stat after = replica.stat("/open");
    assertThat(changes).isEmpty();
    assertThat(after)
        .isEqualTo(
            new Stat(
                before.czxid(),
                before.mzxid(),
                before.ctime(),
                before.mtime(),
                before.version(),
                before.cversion(),
                before.aversion() + 1,
                0,
                before.dataLength(),
                before.numChildren(),
                before.pzxid()));
  }

  @Test
  void setAclTakesAZxid() {
    long before = replica.tree.zxid();

    replica.apply(new SetAcl(path("/open"), Acl.READABLE, ANY_VERSION));

    assertThat(replica.tree.zxid()).isEqualTo(before + 1);
  }

  @Test
  void oneForbiddenPartRejectsTheMulti() {
    own("/a", Permission.WRITE);

    Result result =
        replica.applyAs(
            BOB,
            multi(
                new SetData(path("/a"), null, ANY_VERSION),
                persistent("/open/x"),
                persistent("/a/x"),
                delete("/open")));

    Result.MultiRejected rejected = (Result.MultiRejected) result;
    assertThat(rejected.codeOf(2)).isEqualTo(NO_AUTH);
    assertThat(replica.tree.contains(path("/open/x"))).isFalse();
  }

  @Test
  void eachPartIsJudgedByTheAclThatThePartsBeforeItLeave() {
    Result result =
        replica.applyAs(
            ADA, multi(Create.at("/a", false, null, AUTH), persistent("/a/x"), delete("/a/x")));

    assertThat(result).isInstanceOf(Result.All.class);
  }

  @Test
  void deleteRecursiveNeedsDeleteOnTheParentOfEachZnode() {
    own("/a", Permission.DELETE);
    replica.applyAs(ADA, Create.at("/a/closed", false, null, AUTH));
    replica.applyAs(ADA, persistent("/a/closed/x"));

    Result asBob = replica.applyAs(BOB, new DeleteRecursive(path("/a")));
    Result asAda = replica.applyAs(ADA, new DeleteRecursive(path("/a")));

    Result.Rejected rejected = (Result.Rejected) asBob;
    assertThat(rejected.code()).isEqualTo(NO_AUTH);
    assertThat(rejected.path()).isEqualTo("/a");
    assertThat(rejected.detail()).doesNotContain("closed");
    assertThat(asAda).isEqualTo(new Result.Deleted(3));
  }

  @Test
  void deleteRecursiveDeletesAClosedLeafBelowAnOpenZnode() {
    own("/a", Permission.DELETE);
    replica.applyAs(ADA, Create.at("/a/closed", false, null, AUTH));

    Result result = replica.applyAs(BOB, new DeleteRecursive(path("/a")));

    assertThat(result).isEqualTo(new Result.Deleted(2));
  }

  @Test
  void deleteRecursiveIsRejectedForItsCallerBeforeTheMissingZnode() {
    own("/a");

    assertThat(codeAs(BOB, new DeleteRecursive(path("/a/missing")))).isEqualTo(NO_AUTH);
  }

  @Test
  void theServiceDeletesWhatIsUnusedWhateverTheAcls() {
    own("/a");
    replica.applyAs(ADA, Create.at("/a/c", CreateMode.CONTAINER, 0, null, AUTH));
    replica.applyAs(ADA, persistent("/a/c/x"));
    replica.applyAs(ADA, delete("/a/c/x"));

    Result result = replica.apply(new DeleteIfUnused(path("/a/c")));

    assertThat(result).isEqualTo(new Result.Deleted(1));
  }

  @Test
  void theEndOfASessionDeletesItsZnodesWhateverTheAcls() {
    own("/a", Permission.CREATE);
    long session = replica.open(Replica.SECRET);
    replica.applyAs(session, Replica.ephemeral("/a/e"));
    replica.applyAs(ADA, new SetAcl(path("/a"), AUTH, ANY_VERSION));

    Result result = replica.apply(new CloseSession(session, 1));

    assertThat(result).isEqualTo(new Result.SessionClosed(session, 1));
  }

  @Test
  void onlyTheSuperUserWritesTheConfiguration() {
    assertThat(codeAs(ADA, new SetData(Genesis.CONFIG, null, ANY_VERSION))).isEqualTo(NO_AUTH);
    assertThat(codeAs(ADA, persistent("/zookeeper/config/x"))).isEqualTo(NO_AUTH);
    assertThat(codeAs(ADA, new SetAcl(Genesis.CONFIG, Acl.OPEN, ANY_VERSION))).isEqualTo(NO_AUTH);
    assertThat(replica.applyAs(SUPER, new SetData(Genesis.CONFIG, null, ANY_VERSION)))
        .isInstanceOf(Result.DataSet.class);
  }

  @Test
  void theSuperUserMayDoEverything() {
    own("/a");
    replica.applyAs(ADA, Create.at("/a/x", false, null, AUTH));

    assertThat(replica.applyAs(SUPER, new SetAcl(path("/a/x"), Acl.OPEN, ANY_VERSION)))
        .isInstanceOf(Result.AclSet.class);
    assertThat(replica.applyAs(SUPER, new DeleteRecursive(path("/a"))))
        .isEqualTo(new Result.Deleted(2));
  }

  @Test
  void aChangeTellsTheAclOfTheParent() {
    own("/a", Permission.CREATE);
    Acl acl = replica.tree.require(path("/a")).acl();

    ImmutableList<Change> changes = replica.changesOf(persistent("/a/x"));

    assertThat(changes).containsExactly(new Change.Created(path("/a/x"), Acl.OPEN, acl));
  }

  private static Delete delete(String path) {
    return new Delete(ZnodePath.of(path), ANY_VERSION);
  }
}
