package io.quoll.statemachine.query;

import static io.quoll.statemachine.state.Tree.path;
import static io.quoll.statemachine.state.Tree.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.Tree;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodeKind;
import org.junit.jupiter.api.Test;

class GetEphemeralsTest {
  private static final long SESSION = 5;
  private static final long OTHER = 6;

  private final StateTransaction state = state();

  @Test
  void thePathsOfTheSessionsOwnEphemeralsComeInTheOrderOfTheirCharacters() {
    assertThat(Answer.of(new GetEphemerals(SESSION, ""), state, Identities.NONE))
        .isEqualTo(new Answer.Paths(ImmutableList.of("/a/b/c", "/ab", "/b")));
  }

  @Test
  void thePrefixNeedNotEndAtASlash() {
    assertThat(Answer.of(new GetEphemerals(SESSION, "/a"), state, Identities.NONE))
        .isEqualTo(new Answer.Paths(ImmutableList.of("/a/b/c", "/ab")));
  }

  @Test
  void aSessionThatIsGoneHasNone() {
    assertThat(Answer.of(new GetEphemerals(99, ""), state, Identities.NONE))
        .isEqualTo(new Answer.Paths(ImmutableList.of()));
  }

  private static StateTransaction state() {
    Tree tree = tree("/a", "/a/b");
    StateTransaction state = new StateTransaction(tree, 7, Tree.BIRTH_MILLIS);
    for (long session : new long[] {SESSION, OTHER}) {
      state.putSession(
          Session.openedAt(session, ByteString.copyFrom(new byte[Session.SECRET_BYTES]), 1));
    }
    own(state, "/b", SESSION);
    own(state, "/ab", SESSION);
    own(state, "/a/b/c", SESSION);
    own(state, "/a/other", OTHER);
    return state;
  }

  private static void own(StateTransaction state, String path, long session) {
    Znode znode =
        Znode.createdAt(7, Tree.BIRTH_MILLIS, new ZnodeKind.Ephemeral(session), null, Acl.OPEN);
    state.create(path(path), znode, null, Acl.OPEN);
  }
}
