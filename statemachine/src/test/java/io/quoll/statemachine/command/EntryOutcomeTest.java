package io.quoll.statemachine.command;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.quoll.statemachine.command.Replica.persistent;
import static io.quoll.statemachine.state.ErrorCode.NODE_EXISTS;
import static io.quoll.statemachine.state.Tree.path;
import static io.quoll.statemachine.state.Tree.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.codec.ReplyCodec;
import io.quoll.statemachine.command.EntryOutcome.Applied;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.state.Tree;
import io.quoll.statemachine.state.ZnodePath;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EntryOutcomeTest {
  private static final Origin SERVER_1 = new Origin(1, 100);
  private static final Origin SERVER_2 = new Origin(2, 200);
  private final Tree tree = tree();

  @Test
  void proposalsAreAppliedInTheirOrderEachSeeingThoseBeforeIt() {
    EntryOutcome outcome = apply(batch(SERVER_1, 1, persistent("/a"), persistent("/a/b")));

    assertThat(sequencesOf(outcome)).containsExactly(1L, 2L);
    assertThat(tree.stat("/a/b").czxid()).isEqualTo(2);
    assertThat(tree.zxid()).isEqualTo(2);
  }

  @Test
  void batchesAreAppliedInTheirOrder() {
    EntryOutcome outcome =
        apply(
            batch(SERVER_1, 1, persistent("/a")),
            batch(SERVER_2, 1, persistent("/a"), persistent("/b")));

    assertThat(outcome.applied().get(0).result()).isInstanceOf(Result.Created.class);
    assertThat(((Result.Rejected) outcome.applied().get(1).result()).code()).isEqualTo(NODE_EXISTS);
    assertThat(outcome.applied().get(1).origin()).isEqualTo(SERVER_2);
  }

  @Test
  void eachProposalIsToldWithItsOwnZxidAndChanges() {
    EntryOutcome outcome = apply(batch(SERVER_1, 1, persistent("/a"), persistent("/b")));

    Applied second = outcome.applied().get(1);
    assertThat(second.zxid()).isEqualTo(2);
    assertThat(second.changes())
        .containsExactly(new Change.Created(path("/b"), Acl.OPEN, Acl.OPEN));
  }

  @Test
  void aProposalThatChangesNothingIsToldWithTheZxidBeforeIt() {
    EntryOutcome outcome =
        apply(
            batch(
                SERVER_1, 1, persistent("/a"), persistent("/a"), new Barrier(), persistent("/b")));

    assertThat(outcome.applied()).extracting(Applied::zxid).containsExactly(1L, 1L, 1L, 2L);
    assertThat(outcome.applied().get(1).changes()).isEmpty();
  }

  @Test
  void theEntryHoldsTheChangesOfAllItsProposals() {
    EntryOutcome outcome =
        apply(batch(SERVER_1, 1, persistent("/a")), batch(SERVER_2, 1, persistent("/b")));

    assertThat(outcome.transaction().changes())
        .containsExactly(
            new Change.Created(path("/a"), Acl.OPEN, Acl.OPEN),
            new Change.Created(path("/b"), Acl.OPEN, Acl.OPEN));
    assertThat(outcome.transaction().rows())
        .extracting(row -> row.path())
        .containsExactly(ZnodePath.ROOT, path("/a"), path("/b"));
  }

  @Test
  void anEntryThatChangesNothingTakesNoZxid() {
    apply(batch(SERVER_1, 1, persistent("/a")));

    EntryOutcome outcome = apply(batch(SERVER_1, 2, persistent("/a"), new Barrier()));

    assertThat(outcome.transaction().takesZxid()).isFalse();
    assertThat(outcome.transaction().zxid()).isEqualTo(1);
  }

  @Test
  void theOriginsLastSequenceIsRemembered() {
    apply(batch(SERVER_1, 1, persistent("/a"), persistent("/b")));

    assertThat(tree.server(1)).contains(new ServerRecord(1, "", "", 100, 2));
  }

  @Test
  void rejectedProposalsAreRememberedToo() {
    apply(batch(SERVER_1, 1, persistent("/a"), persistent("/a")));

    assertThat(tree.server(1).orElseThrow().lastSequence()).isEqualTo(2);
  }

  @Test
  void aBatchSentAgainIsSkipped() {
    apply(batch(SERVER_1, 1, persistent("/a"), persistent("/b")));
    Object before = tree.contents();

    EntryOutcome outcome = apply(batch(SERVER_1, 1, persistent("/a"), persistent("/b")));

    assertThat(outcome.applied()).isEmpty();
    assertThat(tree.contents()).isEqualTo(before);
  }

  @Test
  void aBatchSentAgainWithinOneEntryIsSkipped() {
    EntryOutcome outcome =
        apply(batch(SERVER_1, 1, persistent("/a")), batch(SERVER_1, 1, persistent("/a")));

    assertThat(sequencesOf(outcome)).containsExactly(1L);
  }

  @Test
  void anEarlierBatchSentAgainDoesNotTakeTheSequenceBack() {
    apply(batch(SERVER_1, 1, persistent("/a"), persistent("/b")));

    apply(batch(SERVER_1, 1, persistent("/a")));

    assertThat(tree.server(1).orElseThrow().lastSequence()).isEqualTo(2);
  }

  @Test
  void ofAPartlyAppliedBatchOnlyTheTailIsApplied() {
    apply(batch(SERVER_1, 1, persistent("/a"), persistent("/b")));

    EntryOutcome outcome =
        apply(batch(SERVER_1, 2, persistent("/b"), persistent("/c"), persistent("/d")));

    assertThat(sequencesOf(outcome)).containsExactly(3L, 4L);
    assertThat(outcome.applied())
        .allSatisfy(applied -> assertThat(applied.result()).isInstanceOf(Result.Created.class));
    assertThat(tree.server(1).orElseThrow().lastSequence()).isEqualTo(4);
  }

  @Test
  void aBatchThatLeavesAGapIsSkippedWhole() {
    apply(batch(SERVER_1, 1, persistent("/a")));
    Object before = tree.contents();

    EntryOutcome outcome = apply(batch(SERVER_1, 3, persistent("/c"), persistent("/d")));

    assertThat(outcome.applied()).isEmpty();
    assertThat(tree.contents()).isEqualTo(before);
  }

  @Test
  void aSkippedBatchIsAppliedOnceWhatWasMissingHasCome() {
    apply(batch(SERVER_1, 2, persistent("/b")));

    EntryOutcome outcome =
        apply(batch(SERVER_1, 1, persistent("/a")), batch(SERVER_1, 2, persistent("/b")));

    assertThat(sequencesOf(outcome)).containsExactly(1L, 2L);
  }

  @Test
  void aGapOfOneOriginDoesNotHinderAnother() {
    EntryOutcome outcome =
        apply(batch(SERVER_1, 2, persistent("/a")), batch(SERVER_2, 1, persistent("/b")));

    assertThat(outcome.applied()).extracting(Applied::origin).containsExactly(SERVER_2);
  }

  @Test
  void aNewIncarnationStartsAtOne() {
    apply(batch(SERVER_1, 1, persistent("/a"), persistent("/b")));

    EntryOutcome outcome = apply(batch(new Origin(1, 101), 1, persistent("/c")));

    assertThat(sequencesOf(outcome)).containsExactly(1L);
    assertThat(tree.server(1)).contains(new ServerRecord(1, "", "", 101, 1));
  }

  @Test
  void aNewIncarnationThatDoesNotStartAtOneIsSkippedAndNotRemembered() {
    apply(batch(SERVER_1, 1, persistent("/a")));

    EntryOutcome outcome = apply(batch(new Origin(1, 101), 2, persistent("/c")));

    assertThat(outcome.applied()).isEmpty();
    assertThat(tree.server(1).orElseThrow().incarnation()).isEqualTo(100);
  }

  @Test
  void anEarlierIncarnationIsIgnored() {
    apply(batch(new Origin(1, 101), 1, persistent("/a")));

    EntryOutcome outcome =
        apply(batch(SERVER_1, 1, persistent("/b")), batch(SERVER_1, 2, persistent("/c")));

    assertThat(outcome.applied()).isEmpty();
    assertThat(tree.server(1)).contains(new ServerRecord(1, "", "", 101, 1));
  }

  @Test
  void aServerMayRegisterInItsFirstBatch() {
    apply(batch(SERVER_1, 1, new RegisterServer(1, "directory", "host:1"), persistent("/a")));

    assertThat(tree.server(1)).contains(new ServerRecord(1, "directory", "host:1", 100, 2));
  }

  @Test
  void theTimeNeverGoesBack() {
    applyAt(5_000, batch(SERVER_1, 1, persistent("/a")));
    applyAt(4_000, batch(SERVER_1, 2, persistent("/b")));

    assertThat(tree.stat("/b").ctime()).isEqualTo(5_000);
    assertThat(tree.timeMillis()).isEqualTo(5_000);
  }

  @Test
  void theCommittedStateIsNotTouched() {
    Object before = tree.contents();

    EntryOutcome.of(
        entry(0, batch(SERVER_1, 1, persistent("/a"))),
        tree,
        ReplyCodec::encode,
        (origin, sequence, state) -> {});

    assertThat(tree.contents()).isEqualTo(before);
  }

  private EntryOutcome apply(Batch... batches) {
    return applyAt(1_000, batches);
  }

  private EntryOutcome applyAt(long timeMillis, Batch... batches) {
    EntryOutcome outcome =
        EntryOutcome.of(
            entry(timeMillis, batches), tree, ReplyCodec::encode, (origin, sequence, state) -> {});
    tree.take(outcome.transaction());
    return outcome;
  }

  private static LogEntry entry(long timeMillis, Batch... batches) {
    return new LogEntry(1, timeMillis, ImmutableList.copyOf(batches));
  }

  private static Batch batch(Origin origin, long firstSequence, Command... commands) {
    return new Batch(
        origin,
        firstSequence,
        Arrays.stream(commands)
            .map(command -> new Proposal(Caller.ANONYMOUS, command))
            .collect(toImmutableList()));
  }

  private static ImmutableList<Long> sequencesOf(EntryOutcome outcome) {
    return outcome.applied().stream().map(Applied::sequence).collect(toImmutableList());
  }
}
