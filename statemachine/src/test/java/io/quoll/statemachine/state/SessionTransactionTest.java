package io.quoll.statemachine.state;

import static io.quoll.statemachine.state.Tree.bytes;
import static io.quoll.statemachine.state.Tree.path;
import static io.quoll.statemachine.state.Tree.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionTransactionTest {
  private static final ByteString SECRET = ByteString.copyFrom(new byte[Session.SECRET_BYTES]);
  private static final Session OLD = Session.openedAt(1, SECRET, 10);
  private static final Session NEW = Session.openedAt(2, SECRET, 20);
  private final Tree tree = tree();

  @BeforeEach
  void openTheOldSession() {
    StateTransaction opening = begin(tree, 1);
    opening.putSession(OLD);
    opening.recordReply(OLD.id(), 1, bytes("first"));
    createEphemeral(opening, "/old", OLD);
    tree.take(opening);
  }

  @Test
  void sessionsAreThoseOfTheBaseWithTheOwnOnesInOrder() {
    StateTransaction state = begin(tree, 2);
    state.putSession(NEW);

    assertThat(state.sessions()).extracting(Session::id).containsExactly(1L, 2L);
    assertThat(state.session(2)).contains(NEW);
    assertThat(tree.session(2)).isEmpty();

    state.removeSession(1);
    assertThat(state.sessions()).containsExactly(NEW);
    assertThat(state.session(1)).isEmpty();
    assertThat(tree.session(1)).isPresent();
  }

  @Test
  void openingAndRemovingTakeAZxidAndRecordingAReplyDoesNot() {
    StateTransaction recording = begin(tree, 2);
    recording.recordReply(OLD.id(), 1, bytes("second"));
    StateTransaction opening = begin(tree, 2);
    opening.putSession(NEW);
    StateTransaction removing = begin(tree, 2);
    removing.removeSession(OLD.id());

    assertThat(recording.takesZxid()).isFalse();
    assertThat(opening.takesZxid()).isTrue();
    assertThat(removing.takesZxid()).isTrue();
  }

  @Test
  void repliesAreThoseOfTheBaseWithTheOwnOnes() {
    StateTransaction state = begin(tree, 2);

    state.recordReply(OLD.id(), 1, bytes("second"));

    assertThat(state.reply(1, 1)).contains(bytes("first"));
    assertThat(state.reply(1, 2)).contains(bytes("second"));
    assertThat(state.replies()).containsExactly(new SessionReply(1, 2, bytes("second")));
  }

  @Test
  void acknowledgedRepliesAreNotSeenThoughTheBaseHasThem() {
    StateTransaction state = begin(tree, 2);

    state.recordReply(OLD.id(), 2, bytes("second"));

    assertThat(state.reply(1, 1)).isEmpty();
    assertThat(state.reply(1, 2)).isPresent();
  }

  @Test
  void ownRepliesThatAreAcknowledgedByTheEndAreNotLeftForTheStore() {
    StateTransaction state = begin(tree, 2);
    state.recordReply(OLD.id(), 1, bytes("second"));
    state.recordReply(OLD.id(), 3, bytes("third"));

    assertThat(state.replies()).extracting(SessionReply::cxid).containsExactly(3L);
  }

  @Test
  void theRepliesOfARemovedSessionAreGone() {
    StateTransaction state = begin(tree, 2);
    state.recordReply(OLD.id(), 1, bytes("second"));

    state.removeSession(OLD.id());
    state.recordReply(OLD.id(), 1, bytes("third"));

    assertThat(state.reply(1, 1)).isEmpty();
    assertThat(state.replies()).isEmpty();
    assertThat(state.sessionRows())
        .containsExactly(new SessionRow(1, tree.session(1).orElseThrow(), null));
  }

  @Test
  void whatASessionOwnsFollowsTheOwnChanges() {
    StateTransaction state = begin(tree, 2);
    createEphemeral(state, "/b", OLD);
    createEphemeral(state, "/a", OLD);
    state.delete(path("/old"), Acl.OPEN);

    assertThat(state.ephemerals(1)).containsExactly(path("/a"), path("/b"));
    assertThat(tree.ephemerals(1)).containsExactly(path("/old"));
  }

  @Test
  void aMergeTakesOverSessionsRepliesAndWhatTheyOwn() {
    StateTransaction entry = begin(tree, 1);
    StateTransaction first = begin(entry, 2);
    first.putSession(NEW);
    createEphemeral(first, "/new", NEW);
    first.recordReply(OLD.id(), 1, bytes("second"));
    entry.merge(first);
    StateTransaction second = begin(entry, 3);
    second.delete(path("/new"), Acl.OPEN);
    second.delete(path("/old"), Acl.OPEN);
    second.removeSession(NEW.id());
    entry.merge(second);

    assertThat(entry.zxid()).isEqualTo(3);
    assertThat(entry.sessionRows())
        .containsExactly(
            new SessionRow(1, tree.session(1).orElseThrow(), entry.session(1).orElseThrow()),
            new SessionRow(2, null, null));
    assertThat(entry.session(1).orElseThrow().lastCxid()).isEqualTo(2);
    assertThat(entry.ephemerals(1)).isEmpty();
    assertThat(entry.ephemerals(2)).isEmpty();
  }

  @Test
  void eventsKeepTheZxidAndTheTimeOfTheirTransaction() {
    StateTransaction entry = begin(tree, 1);
    for (int zxid = 2; zxid <= 3; zxid++) {
      StateTransaction inner = new StateTransaction(entry, zxid, Tree.BIRTH_MILLIS + zxid);
      createEphemeral(inner, "/" + zxid, OLD);
      entry.merge(inner);
    }

    assertThat(entry.events())
        .containsExactly(
            new Event(2, Tree.BIRTH_MILLIS + 2, new Change.Created(path("/2"), Acl.OPEN, Acl.OPEN)),
            new Event(
                3, Tree.BIRTH_MILLIS + 3, new Change.Created(path("/3"), Acl.OPEN, Acl.OPEN)));
  }

  private static StateTransaction begin(StateView base, long zxid) {
    return new StateTransaction(base, zxid, Tree.BIRTH_MILLIS);
  }

  private static void createEphemeral(StateTransaction state, String path, Session owner) {
    ZnodeKind kind = new ZnodeKind.Ephemeral(owner.id());
    Znode znode = Znode.createdAt(state.zxid(), state.timeMillis(), kind, null, Acl.OPEN);
    state.create(path(path), znode, null, Acl.OPEN);
  }
}
