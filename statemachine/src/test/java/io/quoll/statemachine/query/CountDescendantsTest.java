package io.quoll.statemachine.query;

import static io.quoll.statemachine.query.CountDescendants.PAGE_ZNODES;
import static io.quoll.statemachine.state.ErrorCode.NO_NODE;
import static io.quoll.statemachine.state.Tree.path;
import static io.quoll.statemachine.state.Tree.tree;
import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.Tree;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CountDescendantsTest {
  @Test
  void allDepthsAreCountedAndTheZnodeItselfIsNot() {
    Tree tree = tree("/p", "/p/a", "/p/a/b", "/p/a/b/c", "/p/d", "/pp");

    assertThat(count(tree, "/p")).isEqualTo(new Answer.Count(4, null));
  }

  @Test
  void aChildlessZnodeCountsNone() {
    assertThat(count(tree("/p"), "/p")).isEqualTo(new Answer.Count(0, null));
  }

  @Test
  void theRootCountsTheReservedSubtreeToo() {
    assertThat(count(tree(), "/")).isEqualTo(new Answer.Count(3, null));
  }

  @Test
  void aMissingZnodeIsReported() {
    assertThat(count(tree(), "/p"))
        .isEqualTo(new Answer.Rejected(NO_NODE, "/p", "there is no znode at /p"));
  }

  @Test
  void aCountGoesOnAfterTheGivenPath() {
    Tree tree = tree("/p", "/p/a", "/p/b", "/p/a/x");

    assertThat(Answer.of(new CountDescendants(path("/p"), path("/p/a")), tree, Identities.NONE))
        .isEqualTo(new Answer.Count(2, null));
  }

  @ParameterizedTest
  @ValueSource(ints = {PAGE_ZNODES - 1, PAGE_ZNODES, PAGE_ZNODES + 1, 2 * PAGE_ZNODES + 7})
  void thePartsAddUpToTheWhole(int znodes) {
    Tree tree = withDescendants(znodes);
    int sum = 0;
    int parts = 0;
    String after = "/p";
    while (after != null) {
      Answer answer =
          Answer.of(new CountDescendants(path("/p"), path(after)), tree, Identities.NONE);
      Answer.Count part = (Answer.Count) answer;
      assertThat(part.count()).isLessThanOrEqualTo(PAGE_ZNODES);
      sum += part.count();
      parts++;
      after = part.next();
    }

    assertThat(sum).isEqualTo(znodes);
    assertThat(parts).isEqualTo(znodes / PAGE_ZNODES + 1);
  }

  private static Answer count(Tree tree, String path) {
    return Answer.of(new CountDescendants(path(path), path(path)), tree, Identities.NONE);
  }

  // Every other znode is below the one before it, so that the parts end within a depth.
  private static Tree withDescendants(int count) {
    Tree tree = tree("/p");
    StateTransaction transaction = new StateTransaction(tree, 2, Tree.BIRTH_MILLIS);
    ZnodePath last = path("/p");
    for (int i = 0; i < count; i++) {
      last = (i % 2 == 0 ? path("/p") : last).child("n" + i);
      transaction.create(last, Znode.createdAt(2, 0, null, Acl.OPEN), null, Acl.OPEN);
    }
    tree.take(transaction);
    return tree;
  }
}
