package io.quoll.statemachine.query;

import static io.quoll.statemachine.state.ErrorCode.NO_NODE;
import static io.quoll.statemachine.state.Tree.bytes;
import static io.quoll.statemachine.state.Tree.path;
import static io.quoll.statemachine.state.Tree.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Tree;
import org.junit.jupiter.api.Test;

class GetDataTest {
  private final Tree tree = tree();

  @Test
  void theDataComesWithTheStat() {
    tree.add("/a", bytes("abc"));

    assertThat(Answer.of(new GetData(path("/a")), tree, Identities.NONE))
        .isEqualTo(new Answer.Data(bytes("abc"), tree.stat("/a")));
  }

  @Test
  void nullDataStaysNullAndEmptyDataEmpty() {
    tree.add("/null", null);
    tree.add("/empty", ByteString.EMPTY);

    assertThat(Answer.of(new GetData(path("/null")), tree, Identities.NONE))
        .isEqualTo(new Answer.Data(null, tree.stat("/null")));
    assertThat(Answer.of(new GetData(path("/empty")), tree, Identities.NONE))
        .isEqualTo(new Answer.Data(ByteString.EMPTY, tree.stat("/empty")));
  }

  @Test
  void aMissingZnodeIsReported() {
    assertThat(Answer.of(new GetData(path("/a")), tree, Identities.NONE))
        .isEqualTo(new Answer.Rejected(NO_NODE, "/a", "there is no znode at /a"));
  }
}
