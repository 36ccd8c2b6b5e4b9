package io.quoll.statemachine.query;

import static io.quoll.statemachine.state.Tree.path;
import static io.quoll.statemachine.state.Tree.tree;
import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Tree;
import org.junit.jupiter.api.Test;

class ExistsTest {
  private final Tree tree = tree("/a");

  @Test
  void theStatIsFound() {
    assertThat(Answer.of(new Exists(path("/a")), tree, Identities.NONE))
        .isEqualTo(new Answer.Found(tree.stat("/a")));
  }

  @Test
  void aMissingZnodeIsAnAnswerAndNoRejection() {
    assertThat(Answer.of(new Exists(path("/b/c")), tree, Identities.NONE))
        .isEqualTo(new Answer.Found(null));
  }
}
