package io.quoll.statemachine.command;

import static io.quoll.statemachine.command.Replica.ANY_VERSION;
import static io.quoll.statemachine.command.Replica.multi;
import static io.quoll.statemachine.command.Replica.persistent;
import static io.quoll.statemachine.command.Replica.replica;
import static io.quoll.statemachine.command.Replica.sequential;
import static io.quoll.statemachine.state.ErrorCode.BAD_ARGUMENTS;
import static io.quoll.statemachine.state.ErrorCode.LIMIT_EXCEEDED;
import static io.quoll.statemachine.state.ErrorCode.NODE_EXISTS;
import static io.quoll.statemachine.state.Tree.path;
import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodeKind;
import io.quoll.statemachine.state.ZnodePath;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequentialCreateTest {
  @Test
  void theFirstChildHasTheNumberZero() {
    assertThat(replica("/p").pathOf(sequential("/p/n-"))).isEqualTo("/p/n-0000000000");
  }

  @Test
  void createsThatAreNotSequentialCountToo() {
    Replica replica = replica("/p", "/p/a", "/p/b");

    assertThat(replica.pathOf(sequential("/p/n-"))).isEqualTo("/p/n-0000000002");
  }

  @Test
  void theCountIsTheParentsWhateverTheName() {
    Replica replica = replica("/p");

    assertThat(replica.pathOf(sequential("/p/a"))).isEqualTo("/p/a0000000000");
    assertThat(replica.pathOf(sequential("/p/b"))).isEqualTo("/p/b0000000001");
  }

  @Test
  void deletesGiveNoNumberBack() {
    Replica replica = replica("/p", "/p/a", "/p/b", "/p/c");

    replica.apply(new Delete(path("/p/a"), ANY_VERSION));
    replica.apply(new Delete(path("/p/c"), ANY_VERSION));

    assertThat(replica.pathOf(sequential("/p/"))).isEqualTo("/p/0000000003");
  }

  @Test
  void rejectedCreatesTakeNoNumber() {
    Replica replica = replica("/p", "/p/a");

    replica.apply(persistent("/p/a"));

    assertThat(replica.pathOf(sequential("/p/"))).isEqualTo("/p/0000000001");
  }

  @Test
  void aRecreatedParentCountsFromZeroAgain() {
    Replica replica = replica("/p", "/p/a");

    replica.apply(new DeleteRecursive(path("/p")));
    replica.apply(persistent("/p"));

    assertThat(replica.pathOf(sequential("/p/"))).isEqualTo("/p/0000000000");
  }

  @Test
  void theRootNumbersItsChildrenAndDoesNotCountTheReservedOne() {
    Replica replica = replica("/app");

    assertThat(replica.pathOf(sequential("/"))).isEqualTo("/0000000001");
    assertThat(replica.pathOf(sequential("/n"))).isEqualTo("/n0000000002");
  }

  @ParameterizedTest
  @CsvSource({
    "2147483646,/p/2147483646",
    "2147483647,/p/2147483647",
    "2147483648,/p/2147483648",
    "9999999999,/p/9999999999",
    "10000000000,/p/10000000000",
    "123456789012,/p/123456789012"
  })
  void numbersGoOnPastTheLargestIntAndPastTenDigits(long created, String expected) {
    Replica replica = replica("/p");
    countTo(replica, "/p", created);

    assertThat(replica.pathOf(sequential("/p/"))).isEqualTo(expected);
    assertThat(replica.tree.require(path("/p")).childrenCreated()).isEqualTo(created + 1);
  }

  @Test
  void twoInOneMultiGetConsecutiveNumbers() {
    Replica replica = replica("/p", "/p/a");

    replica.apply(multi(sequential("/p/x"), sequential("/p/x")));

    assertThat(replica.tree.children(path("/p"), "", 10))
        .containsExactly("a", "x0000000001", "x0000000002");
  }

  @Test
  void aRejectedMultiGivesItsNumbersBack() {
    Replica replica = replica("/p");

    replica.apply(multi(sequential("/p/x"), persistent("/missing/x")));

    assertThat(replica.pathOf(sequential("/p/x"))).isEqualTo("/p/x0000000000");
  }

  @Test
  void aNumberThatIsTakenByHandIsReportedAsTaken() {
    Replica replica = replica("/p", "/p/n0000000001");

    assertThat(replica.codeOf(sequential("/p/n"))).isEqualTo(NODE_EXISTS);
  }

  @Test
  void theNameIsCheckedWithItsNumber() {
    Replica replica = replica("/p");

    assertThat(
            replica.codeOf(
                new Create(path("/p"), "a/", CreateMode.PERSISTENT_SEQUENTIAL, 0, null, Acl.OPEN)))
        .isEqualTo(BAD_ARGUMENTS);
    assertThat(replica.pathOf(sequential("/p/.."))).isEqualTo("/p/..0000000000");
  }

  @Test
  void aPathThatIsTooLongWithItsNumberIsRejected() {
    String start = "/p/" + "a".repeat(ZnodePath.PATH_BYTES_MAX - 5);

    assertThat(replica("/p").codeOf(sequential(start))).isEqualTo(LIMIT_EXCEEDED);
  }

  @Test
  void numbersDoNotDependOnTheLocaleOfTheMachine() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat(replica("/p").pathOf(sequential("/p/n"))).isEqualTo("/p/n0000000000");
    } finally {
      Locale.setDefault(before);
    }
  }

  private static void countTo(Replica replica, String path, long created) {
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
                ZnodeKind.PERSISTENT,
                created,
                z.numChildren(),
                -1,
                0,
                z.acl()));
  }
}
