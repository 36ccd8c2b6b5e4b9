package io.quoll.statemachine.command;

import static io.quoll.statemachine.command.Replica.ANY_VERSION;
import static io.quoll.statemachine.command.Replica.NOW_MILLIS;
import static io.quoll.statemachine.command.Replica.multi;
import static io.quoll.statemachine.command.Replica.persistent;
import static io.quoll.statemachine.command.Replica.replica;
import static io.quoll.statemachine.state.ErrorCode.BAD_VERSION;
import static io.quoll.statemachine.state.ErrorCode.LIMIT_EXCEEDED;
import static io.quoll.statemachine.state.ErrorCode.NO_NODE;
import static io.quoll.statemachine.state.ErrorCode.OK;
import static io.quoll.statemachine.state.ErrorCode.RUNTIME_INCONSISTENCY;
import static io.quoll.statemachine.state.Tree.bytes;
import static io.quoll.statemachine.state.Tree.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.Stat;
import java.util.Collections;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MultiTest {
  @Test
  void anEmptyMultiDoesNothingAndSucceeds() {
    Replica replica = replica("/a");
    Object before = replica.tree.contents();

    assertThat(replica.apply(multi())).isEqualTo(new Result.All(ImmutableList.of()));
    assertThat(replica.tree.contents()).isEqualTo(before);
  }

  @Test
  void allPartsHaveOneZxidAndTheirResultsStandInTheirOrder() {
    Replica replica = replica("/a");

    Result result =
        replica.apply(
            multi(
                new Check(path("/a"), 0),
                persistent("/b", bytes("xy")),
                new SetData(path("/a"), bytes("abc"), 0),
                new Delete(path("/a"), 1)));

    assertThat(result)
        .isEqualTo(
            new Result.All(
                ImmutableList.of(
                    new Result.Done(),
                    new Result.Created(
                        path("/b"), new Stat(2, 2, NOW_MILLIS, NOW_MILLIS, 0, 0, 0, 0, 2, 0, 2)),
                    new Result.DataSet(new Stat(1, 2, 1_000_000, NOW_MILLIS, 1, 0, 0, 0, 3, 0, 1)),
                    new Result.Deleted(1))));
    assertThat(replica.tree.zxid()).isEqualTo(2);
  }

  @Test
  void aPartSeesWhatEarlierPartsCreatedSetAndDeleted() {
    Replica replica = replica();

    Result result =
        replica.apply(
            multi(
                persistent("/a"),
                persistent("/a/b"),
                new SetData(path("/a/b"), bytes("1"), 0),
                new Check(path("/a/b"), 1),
                new Delete(path("/a/b"), 1),
                new Delete(path("/a"), 0),
                persistent("/a", bytes("again"))));

    assertThat(result).isInstanceOf(Result.All.class);
    assertThat(replica.tree.data(path("/a"))).isEqualTo(bytes("again"));
    assertThat(replica.stat("/").cversion()).isEqualTo(2);
  }

  @Test
  void eachPartIsToldAlsoIfALaterOneUndoesIt() {
    assertThat(replica().changesOf(multi(persistent("/a"), new Delete(path("/a"), ANY_VERSION))))
        .containsExactly(
            new Change.Created(path("/a"), Acl.OPEN, Acl.OPEN),
            new Change.Deleted(path("/a"), Acl.OPEN, Acl.OPEN));
  }

  @Test
  void aZnodeCreatedAndDeletedStillCountsForItsParent() {
    Replica replica = replica();

    replica.apply(multi(persistent("/a"), new Delete(path("/a"), ANY_VERSION)));

    assertThat(replica.stat("/")).isEqualTo(new Stat(0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1));
    assertThat(replica.tree.zxid()).isEqualTo(1);
  }

  @Test
  void theRejectedPartIsNamedAndThePartsAroundItReadOkAndRuntimeInconsistency() {
    Result.MultiRejected rejected =
        (Result.MultiRejected)
            replica("/a")
                .apply(
                    multi(
                        persistent("/b"),
                        new SetData(path("/a"), null, 9),
                        persistent("/missing/c"),
                        persistent("/d")));

    assertThat(rejected.index()).isEqualTo(1);
    assertThat(rejected.size()).isEqualTo(4);
    assertThat(rejected.cause())
        .isEqualTo(
            new Result.Rejected(BAD_VERSION, "/a", "/a has version 0, and the request expects 9"));
    assertThat(IntStream.range(0, 4).mapToObj(rejected::codeOf))
        .containsExactly(OK, BAD_VERSION, RUNTIME_INCONSISTENCY, RUNTIME_INCONSISTENCY);
  }

  @Test
  void thereIsNoCodeOfAPartThatThereIsNot() {
    Result.MultiRejected rejected =
        new Result.MultiRejected(0, 1, new Result.Rejected(NO_NODE, "/a", ""));

    assertThatThrownBy(() -> rejected.codeOf(1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aRejectedMultiChangesNothingAndTakesNoZxid() {
    Replica replica = replica("/a");
    Object before = replica.tree.contents();

    replica.apply(
        multi(
            persistent("/b"), new Delete(path("/a"), 0), new Check(path("/missing"), ANY_VERSION)));

    assertThat(replica.tree.contents()).isEqualTo(before);
  }

  @Test
  void aMultiOfChecksTakesNoZxid() {
    Replica replica = replica("/a");

    Result result = replica.apply(multi(new Check(path("/a"), 0), new Check(path("/a"), 0)));

    assertThat(result).isInstanceOf(Result.All.class);
    assertThat(replica.tree.zxid()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("noParts")
  void otherCommandsAreNoParts(Command command) {
    assertThatThrownBy(() -> multi(command)).isInstanceOf(IllegalArgumentException.class);
  }

  static ImmutableList<Command> noParts() {
    return ImmutableList.of(
        multi(),
        new Barrier(),
        new DeleteRecursive(path("/a")),
        new RegisterServer(1, "directory", "host:1"));
  }

  @Test
  void aMultiMayHaveItsMostPartsAndNotOneMore() {
    assertThat(replica("/a").apply(checks(Multi.PARTS_MAX))).isInstanceOf(Result.All.class);
    assertThat(replica("/a").apply(checks(Multi.PARTS_MAX + 1)))
        .isEqualTo(
            new Result.Rejected(
                LIMIT_EXCEEDED, "", "the multi has 10001 parts, and may have at most 10000"));
  }

  private static Multi checks(int count) {
    return new Multi(ImmutableList.copyOf(Collections.nCopies(count, new Check(path("/a"), 0))));
  }
}
