package io.quoll.server.consensus;

import static io.quoll.server.coordination.UnavailableException.Applied.NO;
import static io.quoll.server.coordination.UnavailableException.Applied.UNKNOWN;
import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.server.coordination.RequestLimits;
import io.quoll.server.coordination.UnavailableException;
import io.quoll.statemachine.codec.EntryCodec;
import io.quoll.statemachine.codec.ReplyCodec;
import io.quoll.statemachine.command.Barrier;
import io.quoll.statemachine.command.Batch;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.CreateMode;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.LogEntry;
import io.quoll.statemachine.command.Multi;
import io.quoll.statemachine.command.OpenSession;
import io.quoll.statemachine.command.Origin;
import io.quoll.statemachine.command.Proposal;
import io.quoll.statemachine.command.RecordedReply;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.store.InMemoryStore;
import io.quoll.statemachine.store.Position;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OutstandingTest {
  private static final Origin ORIGIN = new Origin(1, 7);
  private static final long LATER = System.nanoTime() + (1L << 40);

  private static final ByteString SECRET = ByteString.copyFrom(new byte[16]);

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

  static Stream<String> largestMultisOfCreates() {
    int each = RequestLimits.MULTI_BYTES_MAX / Multi.PARTS_MAX;
    return Stream.of("/" + "a".repeat(each - 1), "/" + "\u4e16".repeat((each - 1) / 3));
  }

  @ParameterizedTest
  @MethodSource("largestMultisOfCreates")
  void whateverPassesTheDoorIsTaken(String path) {
    Create part = Create.at(path, CreateMode.PERSISTENT_WITH_TTL, (1L << 40) - 1, null, Acl.OPEN);
    Multi multi = new Multi(ImmutableList.copyOf(nCopies(Multi.PARTS_MAX, part)));
    RequestLimits.check(multi);

    CompletableFuture<Reply> reply =
        outstanding.add(new Proposal(Caller.ANONYMOUS, multi), LATER).reply();

    assertThat(reply).isNotDone();
  }

  @Test
  void afterRewindTheSameNumbersAreTakenAgainWithWhatIsNewBehindThem() {
    addSome(2);
    take(1000);
    AppliedEntries.tell(outstanding, ImmutableList.of(applied(1)));
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
        AppliedEntries.tell(
            outstanding,
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

    assertThat(outstanding.appliedUnseen(1, new InMemoryStore().committed())).isEmpty();
    outstanding.rewind();

    assertThat(failureOf(first).applied()).isEqualTo(UNKNOWN);
    assertThat(second).isNotDone();
    assertThat(take(1000).firstSequence()).isEqualTo(2);
  }

  @Test
  void aWriteThatWasAppliedBeforeIsAnsweredByItsFirstReply() {
    CompletableFuture<Reply> reply = add(LATER);
    take(1000);
    ByteString first = ReplyCodec.encode(new RecordedReply(3, new Result.Deleted(1)));

    List<Outstanding.Completion> completions =
        AppliedEntries.tell(
            outstanding,
            ImmutableList.of(
                new EntryOutcome.Applied(
                    ORIGIN, 1, 9, new Result.Recorded(first), ImmutableList.of())));

    assertThat(completions)
        .containsExactly(new Outstanding.Completion(reply, new Reply(3, new Result.Deleted(1))));
  }

  @Test
  void aNumberedWriteThatASnapshotJumpedOverIsAnsweredFromTheState() {
    InMemoryStore store = new InMemoryStore();
    long session = writeNumbered(store);
    CompletableFuture<Reply> answered = addNumbered(session, 1);
    CompletableFuture<Reply> unknown = addNumbered(session, 2);
    take(1000);

    List<Outstanding.Completion> completions = outstanding.appliedUnseen(2, store.committed());

    assertThat(completions)
        .containsExactly(new Outstanding.Completion(answered, new Reply(1, new Result.Done())));
    assertThat(failureOf(unknown).applied()).isEqualTo(UNKNOWN);
    assertThat(outstanding.isEmpty()).isTrue();
  }

  private CompletableFuture<Reply> addNumbered(long session, long cxid) {
    Caller caller = Caller.session(session, 1, cxid, 1, Identities.NONE);
    return outstanding.add(new Proposal(caller, new Barrier()), LATER).reply();
  }

  /** Opens a session in {@code store} that did its first write, and tells its id. */
  private static long writeNumbered(InMemoryStore store) {
    commit(store, new Proposal(Caller.ANONYMOUS, new OpenSession(SECRET, 5_000)));
    Caller caller = Caller.session(1, 1, 1, 1, Identities.NONE);
    commit(store, new Proposal(caller, new Barrier()));
    return 1;
  }

  private static void commit(InMemoryStore store, Proposal proposal) {
    long index = store.position().index() + 1;
    Batch batch = new Batch(new Origin(5, 1 + index), 1, ImmutableList.of(proposal));
    EntryOutcome outcome =
        EntryOutcome.of(
            new LogEntry(1, 1, ImmutableList.of(batch)),
            store.committed(),
            ReplyCodec::encode,
            (origin, sequence, state) -> {});
    store.commit(outcome.transaction(), new Position(1, index));
    store.publish();
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

    AppliedEntries.tell(outstanding, ImmutableList.of(applied(1)));

    assertThat(outstanding.sentBytes()).isEqualTo(proposalBytes());
  }

  @Test
  void theBytesThatWaitAreCounted() {
    addSome(3);
    assertThat(outstanding.unsentBytes()).isEqualTo(3L * proposalBytes());

    take(2 * proposalBytes());
    assertThat(outstanding.unsentBytes()).isEqualTo(proposalBytes());

    AppliedEntries.tell(outstanding, ImmutableList.of(applied(1)));
    assertThat(outstanding.unsentBytes()).isEqualTo(proposalBytes());

    outstanding.rewind();
    assertThat(outstanding.unsentBytes()).isEqualTo(2L * proposalBytes());

    outstanding.expire(LATER + 1);
    assertThat(outstanding.unsentBytes()).isEqualTo(proposalBytes());
  }

  private void addSome(int count) {
    for (int i = 0; i < count; i++) {
      var unused = add(LATER);
    }
  }

  private CompletableFuture<Reply> add(long deadlineNanos) {
    return outstanding.add(proposal(), deadlineNanos).reply();
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
