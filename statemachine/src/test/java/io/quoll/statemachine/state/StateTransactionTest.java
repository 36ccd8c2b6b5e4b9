package io.quoll.statemachine.state;

import static io.quoll.statemachine.state.Tree.bytes;
import static io.quoll.statemachine.state.Tree.path;
import static io.quoll.statemachine.state.Tree.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StateTransactionTest {
  private static final int ALL = Integer.MAX_VALUE;
  private static final ZnodePath A = path("/a");
  private final Tree tree = tree("/a", "/a/x", "/a/y", "/ab");
  private final StateTransaction state = begin(tree);

  @Test
  void readsFallThroughToTheBase() {
    tree.add("/b", bytes("data"));

    assertThat(state.find(path("/b"))).isEqualTo(tree.find(path("/b")));
    assertThat(state.data(path("/b"))).isEqualTo(bytes("data"));
    assertThat(state.takesZxid()).isFalse();
    assertThat(state.rows()).isEmpty();
  }

  @Test
  void ownChangesAreSeenAndTheBaseIsNotTouched() {
    create(state, "/a/n", bytes("new"));
    state.delete(path("/a/x"), Acl.OPEN);

    assertThat(state.data(path("/a/n"))).isEqualTo(bytes("new"));
    assertThat(state.contains(path("/a/x"))).isFalse();
    assertThat(tree.contains(path("/a/n"))).isFalse();
    assertThat(tree.contains(path("/a/x"))).isTrue();
  }

  @Test
  void theDataOfADeletedZnodeIsGone() {
    tree.add("/b", bytes("data"));

    state.delete(path("/b"), Acl.OPEN);

    assertThat(state.data(path("/b"))).isNull();
  }

  @Test
  void theDataOfARecreatedZnodeIsTheNewOneEvenIfThatIsNull() {
    tree.add("/b", bytes("old"));

    state.delete(path("/b"), Acl.OPEN);
    create(state, "/b", null);

    assertThat(state.contains(path("/b"))).isTrue();
    assertThat(state.data(path("/b"))).isNull();
  }

  @Test
  void anUpdateKeepsTheDataThatTheTransactionWrote() {
    create(state, "/b", bytes("new"));

    state.update(path("/b"), state.require(path("/b")).withNewChild(9));

    assertThat(state.data(path("/b"))).isEqualTo(bytes("new"));
    assertThat(row(state, "/b").dataWritten()).isTrue();
  }

  @Test
  void anUpdateAloneWritesNoData() {
    tree.add("/b", bytes("data"));

    state.update(path("/b"), state.require(path("/b")).withNewChild(9));

    assertThat(state.data(path("/b"))).isEqualTo(bytes("data"));
    assertThat(row(state, "/b").dataWritten()).isFalse();
  }

  @Test
  void childrenAreThoseOfTheBaseWithTheOwnOnesInOrder() {
    create(state, "/a/m", null);
    create(state, "/a/z", null);
    create(state, "/a/m/deep", null);
    create(state, "/ab/other", null);
    state.delete(path("/a/x"), Acl.OPEN);

    assertThat(state.children(A, "", ALL)).containsExactly("m", "y", "z");
  }

  @Test
  void childrenBeginAfterTheGivenNameWhetherItIsThereOrNot() {
    create(state, "/a/m", null);
    state.delete(path("/a/x"), Acl.OPEN);

    assertThat(state.children(A, "m", ALL)).containsExactly("y");
    assertThat(state.children(A, "x", ALL)).containsExactly("y");
    assertThat(state.children(A, "z", ALL)).isEmpty();
    assertThat(state.children(A, "\uffef", ALL)).isEmpty();
  }

  @Test
  void theLimitIsFilledThoughTheFirstChildrenOfTheBaseAreDeleted() {
    tree.add("/a/z", null);

    state.delete(path("/a/x"), Acl.OPEN);

    assertThat(state.children(A, "", 2)).containsExactly("y", "z");
    assertThat(state.children(A, "", 1)).containsExactly("y");
  }

  @Test
  void aChildDeletedAndCreatedAgainIsListedOnce() {
    state.delete(path("/a/x"), Acl.OPEN);
    create(state, "/a/x", null);

    assertThat(state.children(A, "", ALL)).containsExactly("x", "y");
  }

  @Test
  void aChildCreatedAndDeletedIsNotListed() {
    create(state, "/a/n", null);
    state.delete(path("/a/n"), Acl.OPEN);

    assertThat(state.children(A, "", ALL)).containsExactly("x", "y");
  }

  @Test
  void theChildrenOfTheRootAreListed() {
    create(state, "/0", null);

    assertThat(state.children(ZnodePath.ROOT, "", ALL))
        .containsExactly("0", "a", "ab", "zookeeper");
  }

  @Test
  void descendantsComeByDepthFirst() {
    create(state, "/a/x/deep", null);
    create(state, "/a/z", null);
    create(state, "/ab/other", null);
    state.delete(path("/a/y"), Acl.OPEN);

    assertThat(state.descendants(A, A, ALL))
        .containsExactly(path("/a/x"), path("/a/z"), path("/a/x/deep"));
  }

  @Test
  void descendantsGoOnAfterAnyOfThem() {
    create(state, "/a/x/deep", null);
    create(state, "/a/x/deep/er", null);

    assertThat(state.descendants(A, path("/a/y"), ALL))
        .containsExactly(path("/a/x/deep"), path("/a/x/deep/er"));
    assertThat(state.descendants(A, path("/a/x/deep"), ALL)).containsExactly(path("/a/x/deep/er"));
    assertThat(state.descendants(A, path("/a/x/deep/er"), ALL)).isEmpty();
  }

  @Test
  void descendantsFillTheLimitThoughTheFirstOnesAreDeleted() {
    create(state, "/a/y/deep", null);
    state.delete(path("/a/x"), Acl.OPEN);

    assertThat(state.descendants(A, A, 1)).containsExactly(path("/a/y"));
    assertThat(state.descendants(A, A, 2)).containsExactly(path("/a/y"), path("/a/y/deep"));
  }

  @Test
  void aNestedTransactionSeesTheOuterOneAndIsDroppedUnlessMerged() {
    create(state, "/a/n", bytes("outer"));

    StateTransaction inner = begin(state);
    assertThat(inner.data(path("/a/n"))).isEqualTo(bytes("outer"));
    inner.delete(path("/a/n"), Acl.OPEN);

    assertThat(state.contains(path("/a/n"))).isTrue();
    state.merge(inner);
    assertThat(state.contains(path("/a/n"))).isFalse();
  }

  @Test
  void aMergedTransactionHandsOnItsZxidAndItsTimeIfItChangesTheTree() {
    StateTransaction inner = new StateTransaction(state, 77, 2_000_000);
    create(inner, "/a/n", null);

    state.merge(inner);

    assertThat(state.zxid()).isEqualTo(77);
    assertThat(state.timeMillis()).isEqualTo(2_000_000);
  }

  @Test
  void aMergedTransactionThatChangesOnlyServersHandsOnNoZxid() {
    ServerRecord server = ServerRecord.unknown(3).registered("directory", "host:1");
    StateTransaction inner = new StateTransaction(state, 77, 2_000_000);
    inner.putServer(server);
    long zxid = state.zxid();

    state.merge(inner);

    assertThat(state.zxid()).isEqualTo(zxid);
    assertThat(state.server(3)).contains(server);
    assertThat(state.servers()).containsExactly(server);
  }

  @Test
  void beforeIsTheCommittedZnodeHoweverOftenItWasChanged() {
    Znode committed = tree.require(path("/a/x"));
    state.setData(path("/a/x"), committed.withData(8, 8, bytes("1")), bytes("1"));

    StateTransaction inner = begin(state);
    inner.setData(path("/a/x"), committed.withData(9, 9, bytes("2")), bytes("2"));
    state.merge(inner);

    assertThat(row(state, "/a/x").before()).isEqualTo(committed);
    assertThat(row(state, "/a/x").data()).isEqualTo(bytes("2"));
  }

  @Test
  void beforeIsTheCommittedZnodeAfterADeleteAndACreateInOtherTransactions() {
    Znode committed = tree.require(path("/a/x"));
    StateTransaction deleting = begin(state);
    deleting.delete(path("/a/x"), Acl.OPEN);
    state.merge(deleting);

    StateTransaction creating = begin(state);
    create(creating, "/a/x", bytes("again"));
    state.merge(creating);

    assertThat(row(state, "/a/x").before()).isEqualTo(committed);
    assertThat(row(state, "/a/x").data()).isEqualTo(bytes("again"));
  }

  @Test
  void beforeIsNullForWhatTheCommittedStateDoesNotHave() {
    StateTransaction creating = begin(state);
    create(creating, "/a/n", null);
    state.merge(creating);

    StateTransaction deleting = begin(state);
    deleting.delete(path("/a/n"), Acl.OPEN);
    state.merge(deleting);

    assertThat(row(state, "/a/n").before()).isNull();
    assertThat(row(state, "/a/n").after()).isNull();
  }

  @Test
  void aMergedUpdateKeepsTheDataOfTheOuterTransaction() {
    create(state, "/b", bytes("outer"));
    StateTransaction inner = begin(state);
    inner.update(path("/b"), state.require(path("/b")).withNewChild(9));

    state.merge(inner);

    assertThat(row(state, "/b").dataWritten()).isTrue();
    assertThat(state.data(path("/b"))).isEqualTo(bytes("outer"));
  }

  @Test
  void changesAreToldInTheOrderInWhichTheyHappened() {
    create(state, "/b", null);
    StateTransaction inner = begin(state);
    inner.setData(path("/b"), state.require(path("/b")).withData(9, 9, null), null);
    inner.delete(path("/b"), Acl.OPEN);
    state.merge(inner);

    assertThat(state.changes())
        .containsExactly(
            new Change.Created(path("/b"), Acl.OPEN, Acl.OPEN),
            new Change.DataSet(path("/b"), Acl.OPEN),
            new Change.Deleted(path("/b"), Acl.OPEN, Acl.OPEN));
  }

  @Test
  void dataOfTheLargestLengthIsTakenAndOneByteMoreIsRejected() {
    ByteString largest = ByteString.copyFrom(new byte[Znode.DATA_BYTES_MAX]);
    create(state, "/b", largest);

    Rejection rejection =
        catchThrowableOfType(
            Rejection.class, () -> create(state, "/c", largest.concat(bytes("1"))));

    assertThat(Objects.requireNonNull(state.data(path("/b"))).size()).isEqualTo(1024 * 1024);
    assertThat(rejection.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(rejection.detail()).isEqualTo("the data for /c is longer than 1048576 bytes");
  }

  private static StateTransaction begin(StateView base) {
    return new StateTransaction(base, base.zxid() + 1, base.timeMillis());
  }

  private static void create(StateTransaction in, String path, @Nullable ByteString data) {
    in.create(path(path), Znode.createdAt(in.zxid(), 0, data, Acl.OPEN), data, Acl.OPEN);
  }

  private static Row row(StateTransaction of, String path) {
    return of.rows().stream()
        .filter(row -> row.path().equals(path(path)))
        .findFirst()
        .orElseThrow();
  }
}
