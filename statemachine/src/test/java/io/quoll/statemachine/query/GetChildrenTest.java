package io.quoll.statemachine.query;

import static io.quoll.statemachine.query.GetChildren.PAGE_BYTES;
import static io.quoll.statemachine.query.GetChildren.PAGE_CHILDREN_MAX;
import static io.quoll.statemachine.state.ErrorCode.NO_NODE;
import static io.quoll.statemachine.state.Tree.bytes;
import static io.quoll.statemachine.state.Tree.path;
import static io.quoll.statemachine.state.Tree.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.query.Answer.Child;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.Tree;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GetChildrenTest {
  private static final ZnodePath P = path("/p");
  private final Tree tree = tree("/p", "/p/b", "/p/a", "/p/c", "/p/a/deep", "/pp");

  @Test
  void theNamesComeInTheirOrderWithTheStatOfTheParent() {
    assertThat(names("", 0))
        .isEqualTo(new Answer.Children(tree.stat("/p"), children("a", "b", "c"), ""));
  }

  @Test
  void aChildlessZnodeHasOneEmptyPage() {
    assertThat(Answer.of(new GetChildren(path("/pp"), "", 0, false, false), tree, Identities.NONE))
        .isEqualTo(new Answer.Children(tree.stat("/pp"), ImmutableList.of(), ""));
  }

  @Test
  void theReservedSubtreeIsAChildOfTheRoot() {
    Answer answer =
        Answer.of(new GetChildren(ZnodePath.ROOT, "", 0, false, false), tree, Identities.NONE);

    assertThat(((Answer.Children) answer).children()).isEqualTo(children("p", "pp", "zookeeper"));
  }

  @Test
  void aPageEndsAtTheLimitAndNamesWhereToGoOn() {
    assertThat(names("", 2).next()).isEqualTo("b");
    assertThat(names("", 2).children()).isEqualTo(children("a", "b"));
    assertThat(names("b", 2)).isEqualTo(new Answer.Children(tree.stat("/p"), children("c"), ""));
  }

  @Test
  void theLastPageIsTheLastEvenIfItIsFull() {
    assertThat(names("", 3).next()).isEmpty();
  }

  @Test
  void aPageMayBeginAfterANameThatIsGone() {
    assertThat(names("aa", 0).children()).isEqualTo(children("b", "c"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, PAGE_CHILDREN_MAX, PAGE_CHILDREN_MAX + 1, Integer.MAX_VALUE})
  void noPageHasMoreThanTheMostChildren(int limit) {
    Tree wide = wide(PAGE_CHILDREN_MAX + 1);

    Answer.Children page =
        (Answer.Children)
            Answer.of(new GetChildren(P, "", limit, false, false), wide, Identities.NONE);

    assertThat(page.children()).hasSize(PAGE_CHILDREN_MAX);
    assertThat(page.next()).isEqualTo("n%05d".formatted(PAGE_CHILDREN_MAX - 1));
  }

  @Test
  void childrenComeWithStatOrDataOrBothAsAsked() {
    tree.add("/p/d", bytes("data"));

    assertThat(lastChild(false, false)).isEqualTo(new Child("d", null, null));
    assertThat(lastChild(true, false)).isEqualTo(new Child("d", tree.stat("/p/d"), null));
    assertThat(lastChild(false, true)).isEqualTo(new Child("d", null, bytes("data")));
    assertThat(lastChild(true, true)).isEqualTo(new Child("d", tree.stat("/p/d"), bytes("data")));
  }

  @Test
  void aPageWithDataEndsOnceItHoldsItsBytes() {
    ByteString third = ByteString.copyFrom(new byte[PAGE_BYTES / 3]);
    List.of("a", "b", "c", "d", "e").forEach(name -> tree.add("/pp/" + name, third));

    Answer.Children first = withData(path("/pp"), "");
    Answer.Children second = withData(path("/pp"), first.next());

    assertThat(first.children()).extracting(Child::name).containsExactly("a", "b", "c");
    assertThat(second.children()).extracting(Child::name).containsExactly("d", "e");
    assertThat(second.next()).isEmpty();
  }

  @Test
  void aChildWithTheLargestDataIsAPageOfItsOwn() {
    ByteString largest = ByteString.copyFrom(new byte[Znode.DATA_BYTES_MAX]);
    List.of("a", "b").forEach(name -> tree.add("/pp/" + name, largest));

    Answer.Children first = withData(path("/pp"), "");

    assertThat(first.children()).hasSize(1);
    assertThat(first.next()).isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 100})
  void thePagesTogetherHoldEachChildOnce(int limit) {
    Tree wide = wide(50);
    List<String> found = new ArrayList<>();
    String after = "";
    do {
      Answer.Children page =
          (Answer.Children)
              Answer.of(new GetChildren(P, after, limit, false, false), wide, Identities.NONE);
      page.children().forEach(child -> found.add(child.name()));
      after = page.next();
    } while (!after.isEmpty());

    assertThat(found).hasSize(50).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aMissingZnodeIsReported() {
    assertThat(Answer.of(new GetChildren(path("/q"), "", 0, false, false), tree, Identities.NONE))
        .isEqualTo(new Answer.Rejected(NO_NODE, "/q", "there is no znode at /q"));
  }

  private Answer.Children names(String after, int limit) {
    return (Answer.Children)
        Answer.of(new GetChildren(P, after, limit, false, false), tree, Identities.NONE);
  }

  private Answer.Children withData(ZnodePath parent, String after) {
    return (Answer.Children)
        Answer.of(new GetChildren(parent, after, 0, false, true), tree, Identities.NONE);
  }

  private Child lastChild(boolean withStat, boolean withData) {
    Answer answer =
        Answer.of(new GetChildren(P, "c", 0, withStat, withData), tree, Identities.NONE);
    return ((Answer.Children) answer).children().get(0);
  }

  private static ImmutableList<Child> children(String... names) {
    return ImmutableList.copyOf(
        ImmutableList.copyOf(names).stream().map(name -> new Child(name, null, null)).toList());
  }

  private static Tree wide(int count) {
    Tree wide = tree("/p");
    StateTransaction transaction = new StateTransaction(wide, 2, Tree.BIRTH_MILLIS);
    for (int i = 0; i < count; i++) {
      ZnodePath child = P.child("n%05d".formatted(i));
      transaction.create(child, Znode.createdAt(2, 0, null, Acl.OPEN), null, Acl.OPEN);
    }
    wide.take(transaction);
    return wide;
  }
}
