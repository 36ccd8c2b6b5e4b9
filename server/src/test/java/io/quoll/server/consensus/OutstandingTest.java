package io.quoll.server.consensus;

import static io.quoll.server.coordination.UnavailableException.Applied.NO;
import static io.quoll.server.coordination.UnavailableException.Applied.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.server.coordination.UnavailableException;
import io.quoll.statemachine.codec.EntryCodec;
import io.quoll.statemachine.command.Barrier;
import io.quoll.statemachine.command.Batch;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.Origin;
import io.quoll.statemachine.command.Proposal;
import io.quoll.statemachine.command.Result;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OutstandingTest {
  private static final Origin ORIGIN = new Origin(1, 7);
  private static final long LATER = System.nanoTime() + (1L << 40);

  private final Outstanding outstanding = new Outstanding(ORIGIN);

  @Test
  void proposalsAreNumberedFromOneInTheirOrder() {
    addSome(3);

    Batch first = take(2 * proposalBytes());
    Batch second = take(1000);

    assertThat(first.firstSequence()).isEqualTo(1);
    assertThat(first.proposals()).hasSize(2);
    assertThat(second.firstSequence()).isEqualTo(3);
    assertThat(outstanding.hasUnsent()).isFalse();
  }

  @Test
  void aProposalLargerThanABatchGoesAlone() {
    addSome(2);

    assertThat(take(1).proposals()).hasSize(1);
  }

  @Test
  void afterRewindTheSameNumbersAreTakenAgainWithWhatIsNewBehindThem() {
    addSome(2);
    take(1000);
    outstanding.applied(ImmutableList.of(applied(1)));
    addSome(1);

    outstanding.rewind();
    Batch again = take(1000);

    assertThat(again.firstSequence()).isEqualTo(2);
    assertThat(again.proposals()).hasSize(2);
  }

  @Test
  void theReplyIsThatOfTheSameNumberAndOfThisOriginOnly() {
    CompletableFuture<Reply> first = add(LATER);
    CompletableFuture<Reply> second = add(LATER);
    take(1000);

    ImmutableList<Outstanding.Completion> completions =
        outstanding.applied(
            ImmutableList.of(
                new EntryOutcome.Applied(
                    new Origin(2, 7), 1, 4, new Result.Done(), ImmutableList.of()),
                applied(1)));

    assertThat(completions).extracting(Outstanding.Completion::reply).containsExactly(first);
    assertThat(second).isNotDone();
  }

  @Test
  void whatWasNeverSentByItsDeadlineIsNotApplied() {
    CompletableFuture<Reply> reply = add(System.nanoTime() - 1);

    outstanding.expire(System.nanoTime());

    assertThat(failureOf(reply).applied()).isEqualTo(NO);
    assertThat(outstanding.isEmpty()).isTrue();
  }

  @Test
  void whatWasSentByItsDeadlineIsUnknownAndIsSentAgain() {
    CompletableFuture<Reply> reply = add(System.nanoTime() - 1);
    take(1000);

    outstanding.expire(System.nanoTime());
    outstanding.rewind();

    assertThat(failureOf(reply).applied()).isEqualTo(UNKNOWN);
    assertThat(take(1000).firstSequence()).isEqualTo(1);
  }

  @Test
  void whatASnapshotJumpedOverIsUnknownAndIsNotSentAgain() {
    CompletableFuture<Reply> first = add(LATER);
    CompletableFuture<Reply> second = add(LATER);
    take(1000);

    outstanding.appliedUnseen(1);
    outstanding.rewind();

    assertThat(failureOf(first).applied()).isEqualTo(UNKNOWN);
    assertThat(second).isNotDone();
    assertThat(take(1000).firstSequence()).isEqualTo(2);
  }

  @Test
  void afterCloseNothingIsTaken() {
    CompletableFuture<Reply> before = add(LATER);

    outstanding.close();

    assertThat(failureOf(before).applied()).isEqualTo(NO);
    assertThat(failureOf(add(LATER)).applied()).isEqualTo(NO);
  }

  @Test
  void theBytesThatAreUnderWayAreCounted() {
    addSome(2);
    take(1000);

    outstanding.applied(ImmutableList.of(applied(1)));

    assertThat(outstanding.sentBytes()).isEqualTo(proposalBytes());
  }

  private void addSome(int count) {
    for (int i = 0; i < count; i++) {
      var unused = add(LATER);
    }
  }

  private CompletableFuture<Reply> add(long deadlineNanos) {
    return outstanding.add(proposal(), deadlineNanos);
  }

  private static Proposal proposal() {
    return new Proposal(Caller.ANONYMOUS, new Barrier());
  }

  private static int proposalBytes() {
    return EntryCodec.encode(proposal()).size();
  }

  private Batch take(int bytesMax) {
    ByteString batch = outstanding.take(bytesMax).orElseThrow().batch();
    ByteString entry = EntryCodec.encodeEntry(0, ImmutableList.of(batch));
    return EntryCodec.decode(entry.asReadOnlyByteBuffer(), 1).batches().get(0);
  }

  private static EntryOutcome.Applied applied(long sequence) {
    return new EntryOutcome.Applied(ORIGIN, sequence, 5, new Result.Done(), ImmutableList.of());
  }

  private static UnavailableException failureOf(CompletableFuture<Reply> reply) {
    assertThat(reply).isCompletedExceptionally();
    return (UnavailableException) reply.handle((value, failure) -> failure).join();
  }
}
