package io.quoll.statemachine.query;

import static io.quoll.statemachine.state.ErrorCode.LIMIT_EXCEEDED;
import static io.quoll.statemachine.state.ErrorCode.NO_NODE;
import static io.quoll.statemachine.state.Tree.path;
import static io.quoll.statemachine.state.Tree.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Tree;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class MultiReadTest {
  private final Tree tree = tree("/a");

  @Test
  void aRejectedPartLeavesTheOthersUntouched() {
    Query missing = new GetData(path("/b"));
    Query present = new GetData(path("/a"));
    Query children = new GetChildren(path("/a"), "", 0, false, false);

    Answer answer = Answer.of(multiRead(missing, present, children), tree, Identities.NONE);

    assertThat(answer)
        .isEqualTo(
            new Answer.All(
                ImmutableList.of(
                    new Answer.Rejected(NO_NODE, "/b", "there is no znode at /b"),
                    Answer.of(present, tree, Identities.NONE),
                    Answer.of(children, tree, Identities.NONE))));
  }

  @Test
  void anEmptyMultiReadIsAnswered() {
    assertThat(Answer.of(multiRead(), tree, Identities.NONE))
        .isEqualTo(new Answer.All(ImmutableList.of()));
  }

  @Test
  void multiReadsDoNotNest() {
    assertThatThrownBy(() -> multiRead(multiRead())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aMultiReadMayHaveItsMostPartsAndNotOneMore() {
    assertThat(Answer.of(exists(MultiRead.PARTS_MAX), tree, Identities.NONE))
        .isInstanceOf(Answer.All.class);
    assertThat(Answer.of(exists(MultiRead.PARTS_MAX + 1), tree, Identities.NONE))
        .isEqualTo(
            new Answer.Rejected(
                LIMIT_EXCEEDED, "", "the multi-read has 1001 parts, and may have at most 1000"));
  }

  private static MultiRead multiRead(Query... parts) {
    return new MultiRead(ImmutableList.copyOf(parts));
  }

  private static MultiRead exists(int count) {
    return new MultiRead(ImmutableList.copyOf(Collections.nCopies(count, new Exists(path("/a")))));
  }
}
