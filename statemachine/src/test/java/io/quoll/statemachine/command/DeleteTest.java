package io.quoll.statemachine.command;

import static io.quoll.statemachine.command.Replica.ANY_VERSION;
import static io.quoll.statemachine.command.Replica.persistent;
import static io.quoll.statemachine.command.Replica.replica;
import static io.quoll.statemachine.state.ErrorCode.BAD_ARGUMENTS;
import static io.quoll.statemachine.state.ErrorCode.BAD_VERSION;
import static io.quoll.statemachine.state.ErrorCode.NOT_EMPTY;
import static io.quoll.statemachine.state.ErrorCode.NO_NODE;
import static io.quoll.statemachine.state.Tree.BIRTH_MILLIS;
import static io.quoll.statemachine.state.Tree.bytes;
import static io.quoll.statemachine.state.Tree.path;
import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeleteTest {
  @Test
  void deleteRemovesTheZnodeAndItsData() {
    Replica replica = replica("/app");
    replica.apply(persistent("/app/a", bytes("data")));

    Result result = replica.apply(new Delete(path("/app/a"), 0));

    assertThat(result).isEqualTo(new Result.Deleted(1));
    assertThat(replica.tree.contains(path("/app/a"))).isFalse();
    assertThat(replica.tree.data(path("/app/a"))).isNull();
  }

  @Test
  void deleteChangesOnlyPzxidCversionAndNumChildrenOfTheParent() {
    Replica replica = replica("/app", "/app/a");

    replica.apply(new Delete(path("/app/a"), ANY_VERSION));

    assertThat(replica.stat("/app"))
        .isEqualTo(new Stat(1, 1, BIRTH_MILLIS, BIRTH_MILLIS, 0, 2, 0, 0, 0, 0, 3));
  }

  @Test
  void cversionIsFiveAfterThreeCreatesAndTwoDeletes() {
    Replica replica = replica("/app", "/app/a", "/app/b", "/app/c");

    replica.apply(delete("/app/a"));
    replica.apply(delete("/app/b"));

    assertThat(replica.stat("/app").cversion()).isEqualTo(5);
    assertThat(replica.stat("/app").numChildren()).isEqualTo(1);
  }

  @Test
  void deleteIsToldAsOneChange() {
    assertThat(replica("/a").changesOf(delete("/a")))
        .containsExactly(new Change.Deleted(path("/a"), Acl.OPEN, Acl.OPEN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/zookeeper", "/zookeeper/config", "/zookeeper/quota"})
  void deleteReportsAProtectedZnode(String path) {
    assertThat(replica().apply(delete(path)))
        .isEqualTo(new Result.Rejected(BAD_ARGUMENTS, path, path + " cannot be deleted"));
  }

  @Test
  void deleteReportsAMissingZnode() {
    assertThat(replica("/app").apply(delete("/app/a")))
        .isEqualTo(new Result.Rejected(NO_NODE, "/app/a", "there is no znode at /app/a"));
  }

  @Test
  void deleteReportsAMissingParent() {
    assertThat(replica().apply(delete("/app/a")))
        .isEqualTo(new Result.Rejected(NO_NODE, "/app", "there is no znode at /app"));
  }

  @Test
  void deleteReportsAnotherVersion() {
    assertThat(replica("/app").codeOf(new Delete(path("/app"), 1))).isEqualTo(BAD_VERSION);
  }

  @Test
  void deleteReportsChildren() {
    assertThat(replica("/app", "/app/a", "/app/b").apply(delete("/app")))
        .isEqualTo(
            new Result.Rejected(NOT_EMPTY, "/app", "/app has 2 children, and must have none"));
  }

  @Test
  void deleteReportsBadArgumentsBeforeBadVersionAndNotEmpty() {
    assertThat(replica().codeOf(new Delete(path("/zookeeper"), 9))).isEqualTo(BAD_ARGUMENTS);
  }

  @Test
  void deleteReportsNoNodeBeforeBadVersion() {
    assertThat(replica().codeOf(new Delete(path("/app"), 9))).isEqualTo(NO_NODE);
  }

  @Test
  void deleteReportsBadVersionBeforeNotEmpty() {
    assertThat(replica("/app", "/app/a").codeOf(new Delete(path("/app"), 9)))
        .isEqualTo(BAD_VERSION);
  }

  @Test
  void aDeletedZnodeMayBeCreatedAgainAndIsNewThen() {
    Replica replica = replica("/app", "/app/a");

    replica.apply(delete("/app/a"));
    replica.apply(persistent("/app/a"));

    assertThat(replica.stat("/app/a").czxid()).isEqualTo(4);
    assertThat(replica.stat("/app").cversion()).isEqualTo(3);
  }

  private static Delete delete(String path) {
    return new Delete(path(path), ANY_VERSION);
  }
}
