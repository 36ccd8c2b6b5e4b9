package io.quoll.statemachine.query;

import static io.quoll.statemachine.state.Tree.path;
import static io.quoll.statemachine.state.Tree.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.Tree;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodeKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListSessionsTest {
  private final StateTransaction state = new StateTransaction(tree(), 7, Tree.BIRTH_MILLIS);

  @Test
  void sessionsComeInTheOrderOfTheirIdsWithTheirEphemerals() {
    open(9, 5, 7);
    Znode owned = Znode.createdAt(7, Tree.BIRTH_MILLIS, new ZnodeKind.Ephemeral(7), null, Acl.OPEN);
    state.create(path("/owned"), owned, null, Acl.OPEN);

    Answer.Sessions page = list(new ListSessions(0, 0));

    assertThat(page.sessions())
        .extracting(found -> found.session().id())
        .containsExactly(5L, 7L, 9L);
    assertThat(page.sessions())
        .extracting(Answer.SessionFound::ephemerals)
        .containsExactly(0, 1, 0);
    assertThat(page.more()).isFalse();
  }

  @Test
  void aPageBeginsAfterAnIdAndTellsWhetherThereIsMore() {
    open(5, 7, 9);

    assertThat(ids(new ListSessions(0, 2))).containsExactly(5L, 7L);
    assertThat(list(new ListSessions(0, 2)).more()).isTrue();
    assertThat(ids(new ListSessions(7, 2))).containsExactly(9L);
    assertThat(list(new ListSessions(7, 1)).more()).isFalse();
  }

  @Test
  void aPageHasNoMoreSessionsThanItsLimit() {
    for (int id = 1; id <= ListSessions.PAGE_SESSIONS_MAX + 1; id++) {
      open(id);
    }

    assertThat(ids(new ListSessions(0, 0))).hasSize(ListSessions.PAGE_SESSIONS_MAX);
    assertThat(ids(new ListSessions(0, 1 << 30))).hasSize(ListSessions.PAGE_SESSIONS_MAX);
    assertThat(ids(new ListSessions(0, -1))).hasSize(ListSessions.PAGE_SESSIONS_MAX);
  }

  private void open(long... ids) {
    for (long id : ids) {
      state.putSession(
          Session.openedAt(id, ByteString.copyFrom(new byte[Session.SECRET_BYTES]), 1));
    }
  }

  private List<Long> ids(ListSessions query) {
    return list(query).sessions().stream().map(found -> found.session().id()).toList();
  }

  private Answer.Sessions list(ListSessions query) {
    return (Answer.Sessions) Answer.of(query, state, Identities.NONE);
  }
}
