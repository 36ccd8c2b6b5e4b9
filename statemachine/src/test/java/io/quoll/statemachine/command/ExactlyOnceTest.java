package io.quoll.statemachine.command;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.quoll.statemachine.command.Replica.SECRET;
import static io.quoll.statemachine.command.Replica.ephemeral;
import static io.quoll.statemachine.command.Replica.multi;
import static io.quoll.statemachine.command.Replica.persistent;
import static io.quoll.statemachine.command.Replica.sequential;
import static io.quoll.statemachine.state.ErrorCode.CXID_GAP;
import static io.quoll.statemachine.state.ErrorCode.NODE_EXISTS;
import static io.quoll.statemachine.state.ErrorCode.REPLIES_FULL;
import static io.quoll.statemachine.state.ErrorCode.REPLY_TRIMMED;
import static io.quoll.statemachine.state.ErrorCode.SESSION_EXPIRED;
import static io.quoll.statemachine.state.ErrorCode.SESSION_MOVED;
import static io.quoll.statemachine.state.Tree.path;
import static io.quoll.statemachine.state.Tree.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.codec.ReplyCodec;
import io.quoll.statemachine.command.EntryOutcome.Applied;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.Tree;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExactlyOnceTest {
  private static final Origin ORIGIN = new Origin(1, 1);
  private static final long TERM = 7;
  private static final long EPOCH = 1;
  private final Tree tree = tree("/p");
  private long nextSequence = 1;
  private long session;

  @BeforeEach
  void openSession() {
    Result opened = apply(new Proposal(Caller.ANONYMOUS, new OpenSession(SECRET, 1))).result();
    session = ((Result.SessionOpened) opened).sessionId();
  }

  @Test
  void aNumberedWriteIsAppliedAndItsReplyRecorded() {
    Applied applied = write(1, persistent("/a"));

    assertThat(applied.result()).isInstanceOf(Result.Created.class);
    assertThat(recorded(1)).isEqualTo(new RecordedReply(applied.zxid(), applied.result()));
    assertThat(session().lastCxid()).isEqualTo(1);
  }

  @Test
  void aWriteSentAgainIsAnsweredAsBeforeAndChangesNothing() {
    Applied first = write(1, sequential("/p/n-"));
    write(2, persistent("/later"));
    Object before = contentsWithoutServers();

    Applied again = write(1, sequential("/p/n-"));

    assertThat(replyOf(again)).isEqualTo(new RecordedReply(first.zxid(), first.result()));
    assertThat(again.changes()).isEmpty();
    assertThat(contentsWithoutServers()).isEqualTo(before);
  }

  @Test
  void aWriteSentAgainByAnotherServerIsAnsweredAsBefore() {
    Applied first = write(1, sequential("/p/n-"));
    Batch other =
        new Batch(new Origin(2, 1), 1, ImmutableList.of(proposal(1, sequential("/p/n-"))));

    Applied again = applyAll(other).get(0);

    assertThat(replyOf(again)).isEqualTo(new RecordedReply(first.zxid(), first.result()));
  }

  @Test
  void aWriteSentAgainWithinOneEntryIsAnsweredAlike() {
    Proposal proposal = proposal(1, sequential("/p/n-"));

    ImmutableList<Applied> applied = applyAll(batch(proposal, proposal));

    assertThat(replyOf(applied.get(1)).result()).isEqualTo(applied.get(0).result());
    assertThat(tree.children(path("/p"), "", 9)).containsExactly("n-0000000000");
  }

  @Test
  void aWriteSentAgainWithOtherContentIsAnsweredAsBefore() {
    Applied first = write(1, persistent("/a"));

    Applied again = write(1, persistent("/b"));

    assertThat(replyOf(again).result()).isEqualTo(first.result());
    assertThat(tree.contains(path("/b"))).isFalse();
  }

  @Test
  void aMultiSentAgainIsAnsweredAsBefore() {
    Applied first = write(1, multi(persistent("/a"), sequential("/a/n-")));

    Applied again = write(1, multi(persistent("/a"), sequential("/a/n-")));

    assertThat(replyOf(again).result()).isEqualTo(first.result());
    assertThat(first.result()).isInstanceOf(Result.All.class);
  }

  @Test
  void aRejectedWriteTakesItsNumberButNoZxidAndIsRejectedAgain() {
    Applied first = write(1, persistent("/p"));
    apply(new Proposal(Caller.ANONYMOUS, new DeleteRecursive(path("/p"))));

    Applied again = write(1, persistent("/p"));

    assertThat(first.zxid()).isEqualTo(session);
    assertThat(replyOf(again)).isEqualTo(new RecordedReply(session, first.result()));
    assertThat(((Result.Rejected) first.result()).code()).isEqualTo(NODE_EXISTS);
    assertThat(session().lastCxid()).isEqualTo(1);
    assertThat(tree.contains(path("/p"))).isFalse();
  }

  @Test
  void aWriteThatLeavesAGapIsRefusedAndChangesNothing() {
    write(1, persistent("/a"));
    Object before = contentsWithoutServers();

    Applied gap = write(3, persistent("/c"));

    assertThat(codeOf(gap)).isEqualTo(CXID_GAP);
    assertThat(contentsWithoutServers()).isEqualTo(before);
    assertThat(write(2, persistent("/b")).result()).isInstanceOf(Result.Created.class);
    assertThat(write(3, persistent("/c")).result()).isInstanceOf(Result.Created.class);
  }

  @Test
  void allThatFollowsAGapIsRefusedWithinOneEntry() {
    ImmutableList<Applied> applied =
        applyAll(batch(proposal(2, persistent("/b")), proposal(3, persistent("/c"))));

    assertThat(applied).extracting(ExactlyOnceTest::codeOf).containsOnly(CXID_GAP);
  }

  @Test
  void aWriteWithoutANumberIsNotRecorded() {
    write(0, sequential("/p/n-"));
    write(0, sequential("/p/n-"));

    assertThat(tree.children(path("/p"), "", 9)).hasSize(2);
    assertThat(session().lastCxid()).isZero();
  }

  @Test
  void whatASessionCreatesEphemeralIsItsOwn() {
    write(1, ephemeral("/e"));

    assertThat(tree.ephemerals(session)).containsExactly(path("/e"));
  }

  @Test
  void aWriteOfASessionThatIsGoneIsRefused() {
    write(1, persistent("/a"));
    close();

    assertThat(codeOf(write(1, persistent("/a")))).isEqualTo(SESSION_EXPIRED);
    assertThat(codeOf(write(2, ephemeral("/b")))).isEqualTo(SESSION_EXPIRED);
    assertThat(codeOf(write(0, persistent("/c")))).isEqualTo(SESSION_EXPIRED);
    assertThat(tree.contains(path("/b"))).isFalse();
  }

  @Test
  void aCreateBehindTheCloseInOneEntryLeavesNothingBehind() {
    applyAll(
        batch(
            proposal(1, ephemeral("/a")),
            new Proposal(Caller.ANONYMOUS, new CloseSession(session, EPOCH)),
            proposal(2, ephemeral("/b"))));

    assertThat(tree.contains(path("/a"))).isFalse();
    assertThat(tree.contains(path("/b"))).isFalse();
    assertThat(tree.reply(session, 1)).isEmpty();
  }

  @Test
  void aSessionThatClosesItselfLeavesNoReply() {
    Applied applied = write(1, new CloseSession(session, EPOCH));

    assertThat(applied.result()).isEqualTo(new Result.SessionClosed(session, 0));
    assertThat(tree.sessions()).isEmpty();
    assertThat(tree.reply(session, 1)).isEmpty();
  }

  @Test
  void aRefusedWriteTakesItsNumberAndIsAnsweredAlikeWhenItIsSentAgain() {
    Applied first = write(1, new Refuse(ErrorCode.BAD_ARGUMENTS, "no path", "no slash"));
    write(2, persistent("/a"));

    Applied again = write(1, persistent("/b"));

    assertThat(codeOf(first)).isEqualTo(ErrorCode.BAD_ARGUMENTS);
    assertThat(replyOf(again).result())
        .isEqualTo(new Result.Rejected(ErrorCode.BAD_ARGUMENTS, "no path", "no slash"));
    assertThat(tree.contains(path("/a"))).isTrue();
    assertThat(tree.contains(path("/b"))).isFalse();
  }

  @Test
  void whatALeaderDecidesIsDroppedOnceItsTermIsOver() {
    Caller deposed = Caller.leader(TERM - 1);
    Caller leader = Caller.leader(TERM);

    Applied late = apply(new Proposal(deposed, new CloseSession(session, EPOCH)));
    assertThat(codeOf(late)).isEqualTo(ErrorCode.RUNTIME_INCONSISTENCY);
    assertThat(tree.session(session)).isPresent();

    apply(new Proposal(leader, new CloseSession(session, EPOCH)));
    assertThat(tree.session(session)).isEmpty();
  }

  @Test
  void aWriteOfAnOlderEpochIsRefused() {
    apply(new Proposal(Caller.ANONYMOUS, new AttachSession(session, SECRET, 1)));

    assertThat(codeOf(write(1, persistent("/a")))).isEqualTo(SESSION_MOVED);
    assertThat(codeOf(write(0, persistent("/a")))).isEqualTo(SESSION_MOVED);
    assertThat(apply(proposal(2, 1, 1, persistent("/a"))).result())
        .isInstanceOf(Result.Created.class);
  }

  @Test
  void aWriteOfANewerEpochIsRefusedToo() {
    assertThat(codeOf(apply(proposal(EPOCH + 1, 1, 1, persistent("/a"))))).isEqualTo(SESSION_MOVED);
  }

  @Test
  void whatWasWrittenBeforeAMoveIsAnsweredAfterIt() {
    Applied first = write(1, sequential("/p/n-"));
    Result attached =
        apply(new Proposal(Caller.ANONYMOUS, new AttachSession(session, SECRET, 1))).result();

    Applied again = apply(proposal(2, 1, 1, sequential("/p/n-")));

    assertThat(attached).isEqualTo(new Result.SessionAttached(session, 2, 1, 1));
    assertThat(replyOf(again).result()).isEqualTo(first.result());
  }

  @Test
  void acknowledgedRepliesAreForgotten() {
    write(1, persistent("/a"));
    write(2, persistent("/b"));
    apply(proposal(EPOCH, 3, 3, persistent("/c")));

    assertThat(tree.reply(session, 1)).isEmpty();
    assertThat(tree.reply(session, 2)).isEmpty();
    assertThat(tree.reply(session, 3)).isPresent();
    assertThat(session().firstKeptCxid()).isEqualTo(3);
  }

  @Test
  void aWriteWhoseReplyIsForgottenIsRefusedAndNotAppliedAgain() {
    write(1, sequential("/p/n-"));
    apply(proposal(EPOCH, 2, 2, persistent("/b")));

    assertThat(codeOf(write(1, sequential("/p/n-")))).isEqualTo(REPLY_TRIMMED);
    assertThat(tree.children(path("/p"), "", 9)).hasSize(1);
  }

  @Test
  void acknowledgingMoreThanWasWrittenForgetsNoLaterReply() {
    apply(proposal(EPOCH, 1, Long.MAX_VALUE, persistent("/a")));

    assertThat(tree.reply(session, 1)).isPresent();
  }

  @Test
  void anAcknowledgementDoesNotGoBack() {
    write(1, persistent("/a"));
    apply(proposal(EPOCH, 2, 2, persistent("/b")));

    apply(proposal(EPOCH, 3, 1, persistent("/c")));

    assertThat(session().firstKeptCxid()).isEqualTo(2);
  }

  @Test
  void beyondTheMostRepliesAWriteIsRefusedUntilSomeAreAcknowledged() {
    for (int cxid = 1; cxid <= Session.REPLIES_MAX; cxid++) {
      write(cxid, sequential("/p/n-"));
    }
    Object before = contentsWithoutServers();

    Applied refused = write(Session.REPLIES_MAX + 1, sequential("/p/n-"));

    assertThat(codeOf(refused)).isEqualTo(REPLIES_FULL);
    assertThat(((Result.Rejected) refused.result()).detail()).contains("acknowledge");
    assertThat(contentsWithoutServers()).isEqualTo(before);
    Proposal acknowledging = proposal(EPOCH, Session.REPLIES_MAX + 1, 2, sequential("/p/n-"));
    assertThat(apply(acknowledging).result()).isInstanceOf(Result.Created.class);
    assertThat(session().repliesKept()).isEqualTo(Session.REPLIES_MAX);
  }

  private Object contentsWithoutServers() {
    ImmutableList<Object> contents = tree.contents();
    return ImmutableList.of(contents.subList(0, 4), contents.subList(5, contents.size()));
  }

  private void close() {
    apply(new Proposal(Caller.ANONYMOUS, new CloseSession(session, EPOCH)));
  }

  private Session session() {
    return tree.session(session).orElseThrow();
  }

  private RecordedReply recorded(long cxid) {
    return ReplyCodec.decode(tree.reply(session, cxid).orElseThrow());
  }

  private static RecordedReply replyOf(Applied applied) {
    return ReplyCodec.decode(((Result.Recorded) applied.result()).reply());
  }

  private static ErrorCode codeOf(Applied applied) {
    assertThat(applied.changes()).isEmpty();
    return ((Result.Rejected) applied.result()).code();
  }

  private Applied write(long cxid, Command command) {
    return apply(proposal(cxid, command));
  }

  private Proposal proposal(long cxid, Command command) {
    return proposal(EPOCH, cxid, 1, command);
  }

  private Proposal proposal(long epoch, long cxid, long firstUnacknowledged, Command command) {
    Caller caller = Caller.session(session, epoch, cxid, firstUnacknowledged, Identities.NONE);
    return new Proposal(caller, command);
  }

  private Applied apply(Proposal proposal) {
    return applyAll(batch(proposal)).get(0);
  }

  private Batch batch(Proposal... proposals) {
    Batch batch =
        new Batch(ORIGIN, nextSequence, Arrays.stream(proposals).collect(toImmutableList()));
    nextSequence += proposals.length;
    return batch;
  }

  private ImmutableList<Applied> applyAll(Batch batch) {
    LogEntry entry = new LogEntry(TERM, Replica.NOW_MILLIS, ImmutableList.of(batch));
    EntryOutcome outcome =
        EntryOutcome.of(entry, tree, ReplyCodec::encode, (origin, sequence, state) -> {});
    tree.take(outcome.transaction());
    return outcome.applied();
  }
}
