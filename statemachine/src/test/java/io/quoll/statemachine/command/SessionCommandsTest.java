package io.quoll.statemachine.command;

import static io.quoll.statemachine.command.Replica.SECRET;
import static io.quoll.statemachine.command.Replica.TIMEOUT_MILLIS;
import static io.quoll.statemachine.command.Replica.ephemeral;
import static io.quoll.statemachine.command.Replica.persistent;
import static io.quoll.statemachine.command.Replica.replica;
import static io.quoll.statemachine.command.Replica.secret;
import static io.quoll.statemachine.state.ErrorCode.AUTH_FAILED;
import static io.quoll.statemachine.state.ErrorCode.SESSION_EXPIRED;
import static io.quoll.statemachine.state.ErrorCode.SESSION_MOVED;
import static io.quoll.statemachine.state.Tree.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.Session;
import org.junit.jupiter.api.Test;

class SessionCommandsTest {
  private static final ByteString WRONG = secret(9);
  private static final long NEVER_OPENED = 77;

  @Test
  void openingTellsTheZxidAsTheId() {
    Replica replica = replica("/a");

    Result result = replica.apply(new OpenSession(SECRET, TIMEOUT_MILLIS));

    assertThat(result).isEqualTo(new Result.SessionOpened(2, 1, TIMEOUT_MILLIS));
    assertThat(replica.tree.session(2)).contains(new Session(2, SECRET, TIMEOUT_MILLIS, 1, 0, 1));
    assertThat(replica.tree.zxid()).isEqualTo(2);
  }

  @Test
  void everySessionHasAnIdOfItsOwnAlsoAfterOthersWereClosed() {
    Replica replica = replica();

    long first = replica.open(SECRET);
    replica.apply(new CloseSession(first, 1));
    long second = replica.open(SECRET);

    assertThat(second).isGreaterThan(first);
  }

  @Test
  void openingIsNoChangeOfTheTree() {
    assertThat(replica().changesOf(new OpenSession(SECRET, 1))).isEmpty();
  }

  @Test
  void aSecretOfAnotherLengthIsABug() {
    ByteString tooShort = ByteString.copyFrom(new byte[15]);

    assertThatThrownBy(() -> new OpenSession(tooShort, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new AttachSession(1, tooShort, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void attachingRaisesTheEpochAndTakesTheNewTimeout() {
    Replica replica = replica();
    long id = replica.open(SECRET);

    Result result = replica.apply(new AttachSession(id, SECRET, 5_000));

    assertThat(result).isEqualTo(new Result.SessionAttached(id, 2, 5_000, 0));
    assertThat(replica.tree.session(id)).contains(new Session(id, SECRET, 5_000, 2, 0, 1));
    assertThat(replica.tree.zxid()).isEqualTo(2);
  }

  @Test
  void attachingWithoutATimeoutKeepsTheOneThatWasAgreed() {
    Replica replica = replica();
    long id = replica.open(SECRET);
    replica.apply(new AttachSession(id, SECRET, 5_000));

    Result result = replica.apply(new AttachSession(id, SECRET, 0));

    assertThat(result).isEqualTo(new Result.SessionAttached(id, 3, 5_000, 0));
  }

  @Test
  void attachingReportsASessionThatIsGone() {
    assertThat(replica().codeOf(new AttachSession(NEVER_OPENED, SECRET, 1)))
        .isEqualTo(SESSION_EXPIRED);
  }

  @Test
  void attachingReportsAWrongSecretAndDisturbsNobody() {
    Replica replica = replica();
    long id = replica.open(SECRET);
    Object before = replica.tree.contents();

    assertThat(replica.codeOf(new AttachSession(id, WRONG, 1))).isEqualTo(AUTH_FAILED);

    assertThat(replica.tree.contents()).isEqualTo(before);
  }

  @Test
  void attachingReportsSessionExpiredBeforeAuthFailed() {
    assertThat(replica().codeOf(new AttachSession(NEVER_OPENED, WRONG, 1)))
        .isEqualTo(SESSION_EXPIRED);
  }

  @Test
  void closingDeletesTheEphemeralsOfTheSessionAtOneZxidInTheOrderOfTheirPaths() {
    Replica replica = replica("/b", "/b/b");
    long id = replica.open(SECRET);
    replica.applyAs(id, ephemeral("/b/b/e"));
    replica.applyAs(id, ephemeral("/b/e"));
    replica.applyAs(id, ephemeral("/a"));

    assertThat(replica.changesOf(new CloseSession(id, 1)))
        .containsExactly(
            new Change.Deleted(path("/a"), Acl.OPEN, Acl.OPEN),
            new Change.Deleted(path("/b/e"), Acl.OPEN, Acl.OPEN),
            new Change.Deleted(path("/b/b/e"), Acl.OPEN, Acl.OPEN));
    assertThat(replica.tree.zxid()).isEqualTo(7);
    assertThat(replica.stat("/b").pzxid()).isEqualTo(7);
    assertThat(replica.stat("/b").numChildren()).isEqualTo(1);
    assertThat(replica.stat("/b/b").numChildren()).isZero();
    Soundness.check(replica.tree);
  }

  @Test
  void closingTellsHowManyEphemeralsItDeleted() {
    Replica replica = replica();
    long id = replica.open(SECRET);
    replica.applyAs(id, ephemeral("/a"));

    assertThat(replica.apply(new CloseSession(id, 1))).isEqualTo(new Result.SessionClosed(id, 1));
    assertThat(replica.tree.session(id)).isEmpty();
  }

  @Test
  void closingLeavesWhatIsNotTheSessions() {
    Replica replica = replica("/p");
    long id = replica.open(SECRET);
    long other = replica.open(secret(2));
    replica.applyAs(id, ephemeral("/mine"));
    replica.applyAs(id, persistent("/kept"));
    replica.applyAs(other, ephemeral("/p/other"));

    replica.apply(new CloseSession(id, 1));

    assertThat(replica.tree.contains(path("/mine"))).isFalse();
    assertThat(replica.tree.contains(path("/kept"))).isTrue();
    assertThat(replica.tree.ephemerals(other)).containsExactly(path("/p/other"));
    assertThat(replica.tree.sessions()).extracting(Session::id).containsExactly(other);
  }

  @Test
  void closingTakesAZxidThoughTheSessionOwnsNothing() {
    Replica replica = replica();
    long id = replica.open(SECRET);

    replica.apply(new CloseSession(id, 1));

    assertThat(replica.tree.zxid()).isEqualTo(2);
  }

  @Test
  void closingReportsASessionThatIsGone() {
    Replica replica = replica();
    long id = replica.open(SECRET);
    replica.apply(new CloseSession(id, 1));

    assertThat(replica.codeOf(new CloseSession(id, 1))).isEqualTo(SESSION_EXPIRED);
  }

  @Test
  void closingForAnOlderEpochDoesNotEndASessionThatWasAttachedSince() {
    Replica replica = replica();
    long id = replica.open(SECRET);
    replica.applyAs(id, ephemeral("/a"));
    replica.apply(new AttachSession(id, SECRET, 1));

    assertThat(replica.codeOf(new CloseSession(id, 1))).isEqualTo(SESSION_MOVED);

    assertThat(replica.tree.ephemerals(id)).containsExactly(path("/a"));
    assertThat(replica.apply(new CloseSession(id, 2))).isEqualTo(new Result.SessionClosed(id, 1));
  }

  @Test
  void closingForANewerEpochIsRefusedToo() {
    Replica replica = replica();
    long id = replica.open(SECRET);

    assertThat(replica.codeOf(new CloseSession(id, 2))).isEqualTo(SESSION_MOVED);
  }
}
