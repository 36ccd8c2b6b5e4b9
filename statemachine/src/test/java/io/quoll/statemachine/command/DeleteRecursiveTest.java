package io.quoll.statemachine.command;

import static io.quoll.statemachine.command.DeleteRecursive.ZNODES_MAX;
import static io.quoll.statemachine.command.Replica.persistent;
import static io.quoll.statemachine.command.Replica.replica;
import static io.quoll.statemachine.state.ErrorCode.BAD_ARGUMENTS;
import static io.quoll.statemachine.state.ErrorCode.LIMIT_EXCEEDED;
import static io.quoll.statemachine.state.ErrorCode.NO_NODE;
import static io.quoll.statemachine.state.Tree.BIRTH_MILLIS;
import static io.quoll.statemachine.state.Tree.path;
import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.Stat;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.ZnodePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeleteRecursiveTest {
  @Test
  void theZnodeAndAllBelowItAreDeletedAtOneZxid() {
    Replica replica = replica("/app", "/app/a", "/app/a/x", "/app/b", "/appendix");

    Result result = replica.apply(new DeleteRecursive(path("/app")));

    assertThat(result).isEqualTo(new Result.Deleted(4));
    assertThat(replica.tree.children(ZnodePath.ROOT, "", 10))
        .containsExactly("appendix", "zookeeper");
    assertThat(replica.tree.znodes()).hasSize(5);
    assertThat(replica.tree.zxid()).isEqualTo(6);
  }

  @Test
  void theParentLosesOneChild() {
    Replica replica = replica("/app", "/app/a", "/app/a/x");

    replica.apply(new DeleteRecursive(path("/app/a")));

    assertThat(replica.stat("/app"))
        .isEqualTo(new Stat(1, 1, BIRTH_MILLIS, BIRTH_MILLIS, 0, 2, 0, 0, 0, 0, 4));
  }

  @Test
  void aChildIsToldBeforeItsParent() {
    Replica replica = replica("/app", "/app/b", "/app/a", "/app/a/x");

    assertThat(replica.changesOf(new DeleteRecursive(path("/app"))))
        .containsExactly(
            new Change.Deleted(path("/app/a/x"), Acl.OPEN, Acl.OPEN),
            new Change.Deleted(path("/app/b"), Acl.OPEN, Acl.OPEN),
            new Change.Deleted(path("/app/a"), Acl.OPEN, Acl.OPEN),
            new Change.Deleted(path("/app"), Acl.OPEN, Acl.OPEN));
  }

  @Test
  void whatTheSameEntryCreatedIsDeletedTooAndWhatItDeletedIsNotCountedAgain() {
    Replica replica = replica("/app", "/app/a", "/app/b");
    StateTransaction entry =
        new StateTransaction(replica.tree, replica.tree.zxid(), replica.tree.timeMillis());
    entry.merge(Outcome.of(persistent("/app/a/new"), Caller.ANONYMOUS, entry, 0).transaction());
    entry.merge(
        Outcome.of(new Delete(path("/app/b"), -1), Caller.ANONYMOUS, entry, 0).transaction());

    Outcome outcome = Outcome.of(new DeleteRecursive(path("/app")), Caller.ANONYMOUS, entry, 0);

    assertThat(outcome.result()).isEqualTo(new Result.Deleted(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/zookeeper", "/zookeeper/config", "/zookeeper/quota"})
  void aProtectedZnodeIsNotDeleted(String path) {
    assertThat(replica().codeOf(new DeleteRecursive(path(path)))).isEqualTo(BAD_ARGUMENTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/missing", "/missing/a", "/app/missing"})
  void aMissingZnodeIsReported(String path) {
    assertThat(replica("/app").codeOf(new DeleteRecursive(path(path)))).isEqualTo(NO_NODE);
  }

  @Test
  void asManyZnodesAsTheLimitAreDeletedAtOnce() {
    Replica replica = withChildren(ZNODES_MAX - 1);

    assertThat(replica.apply(new DeleteRecursive(path("/app"))))
        .isEqualTo(new Result.Deleted(ZNODES_MAX));
  }

  @Test
  void oneZnodeMoreThanTheLimitIsRejectedWithTheWayOnAndNothingIsDeleted() {
    Replica replica = withChildren(ZNODES_MAX);

    Result result = replica.apply(new DeleteRecursive(path("/app")));

    assertThat(result)
        .isEqualTo(
            new Result.Rejected(
                LIMIT_EXCEEDED,
                "/app",
                "/app has 10000 or more znodes below it, and one transaction deletes at most 10000;"
                    + " delete the subtrees of its children first"));
    assertThat(replica.stat("/app").numChildren()).isEqualTo(ZNODES_MAX);
  }

  private static Replica withChildren(int count) {
    Replica replica = replica("/app");
    for (int i = 0; i < count; i++) {
      replica.apply(persistent("/app/" + i));
    }
    return replica;
  }
}
