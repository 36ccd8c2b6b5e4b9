package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import io.quoll.server.coordination.UnavailableException.Applied;
import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.statemachine.codec.ReplyCodec;
import io.quoll.statemachine.command.Batch;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.LogEntry;
import io.quoll.statemachine.command.Origin;
import io.quoll.statemachine.command.Proposal;
import io.quoll.statemachine.command.RecordedReply;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.ratis.AppliedListener;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.store.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An ensemble of three in one object: what is submitted is applied at once on the caller's thread,
 * unless it is told to be silent or to fail. Thread-safe.
 */
public final class FakeConsensus implements Consensus {
  private static final Origin ORIGIN = new Origin(1, 1);

  private final FakeStore store;
  private final AppliedListener listener;
  private final Map<Integer, CompletableFuture<Standing>> others = new HashMap<>();
  private final List<CompletableFuture<Reply>> unanswered = new ArrayList<>();
  private long index;
  private long submitted;
  private long barriers;
  private final List<Runnable> held = new ArrayList<>();
  private final List<Runnable> delayed = new ArrayList<>();
  private boolean delaying;
  private long wallMillis = 1_000;
  private boolean holding;
  private final List<Command> commands = new ArrayList<>();
  private final List<TouchReport> reports = new ArrayList<>();
  private boolean reportsFail;
  private @Nullable TouchReceiver touchReceiver;
  private @Nullable HeldSnapshot snapshot;
  private Role role = Role.FOLLOWER;
  private long term = 7;
  private boolean silent;
  private boolean quorum = true;
  private @Nullable RuntimeException failure;

  /** Applies to {@code store} and tells {@code listener}. */
  public FakeConsensus(FakeStore store, AppliedListener listener) {
    this.store = store;
    this.listener = listener;
    this.index = Math.max(0, store.position().index());
    others.put(2, CompletableFuture.completedFuture(standing(2, Role.LEADER)));
    others.put(3, CompletableFuture.failedFuture(new IllegalStateException("unreachable")));
  }

  /** Answers neither writes nor barriers from now on. */
  public synchronized void fallSilent() {
    silent = true;
  }

  /** Applies what comes from now on, and keeps the replies until {@link #releaseReplies}. */
  public synchronized void holdReplies() {
    holding = true;
  }

  /** Takes what comes from now on, and applies it only when {@link #submitDelayed} is called. */
  public synchronized void delaySubmissions() {
    delaying = true;
  }

  /** Applies what comes from now on at once, before what was delayed. */
  public synchronized void endDelay() {
    delaying = false;
  }

  /** Applies what was delayed, and from now on what comes. */
  public synchronized void submitDelayed() {
    delaying = false;
    List<Runnable> due = List.copyOf(delayed);
    delayed.clear();
    due.forEach(Runnable::run);
  }

  /** Puts the clock forward, or back, that entries are stamped with. */
  public synchronized void stepWallClock(Duration step) {
    wallMillis += step.toMillis();
  }

  /** Gives the replies that were kept, and those to come at once. */
  public void releaseReplies() {
    List<Runnable> released;
    synchronized (this) {
      holding = false;
      released = List.copyOf(held);
      held.clear();
    }
    released.forEach(Runnable::run);
  }

  /** Takes {@code role} from now on, in {@code term}. */
  public synchronized void become(Role role, long term) {
    this.role = role;
    this.term = term;
  }

  /** The commands that were submitted. */
  public synchronized List<Command> commands() {
    return List.copyOf(commands);
  }

  /** Lets go of {@link #commands} and {@link #reports}. */
  public synchronized void forgetCommands() {
    commands.clear();
    reports.clear();
  }

  /** The reports of signs of life that were taken, or would have been. */
  public synchronized List<TouchReport> reports() {
    return List.copyOf(reports);
  }

  /** Lets reports of signs of life fail from now on, or be taken. */
  public synchronized void setReportsFail(boolean fail) {
    reportsFail = fail;
  }

  /** Fails writes and barriers from now on; null ends that. */
  public synchronized void failWith(@Nullable RuntimeException why) {
    failure = why;
  }

  /** Says from now on that there is a quorum, or that there is none. */
  public synchronized void setQuorum(boolean present) {
    quorum = present;
  }

  /** Lets the member {@code serverId} answer with {@code standing}, maybe never. */
  public synchronized void setStanding(int serverId, CompletableFuture<Standing> standing) {
    others.put(serverId, standing);
  }

  /** How many commands were submitted. */
  public synchronized long submitted() {
    return submitted;
  }

  /** How many barriers were asked for. */
  public synchronized long barriers() {
    return barriers;
  }

  @Override
  public synchronized Submission propose(Caller caller, Command command, long deadlineNanos) {
    submitted++;
    commands.add(command);
    FakeSubmission submission = new FakeSubmission();
    if (failure != null) {
      submission.reply().completeExceptionally(failure);
    } else if (silent) {
      unanswered.add(submission.reply());
    } else if (delaying) {
      delayed.add(() -> submission.reply().complete(apply(caller, command, submission)));
    } else {
      Reply applied = apply(caller, command, submission);
      if (holding) {
        held.add(() -> submission.reply().complete(applied));
      } else {
        submission.reply().complete(applied);
      }
    }
    return submission;
  }

  /** A command that is applied by the one who submits it, or when it was delayed. */
  private static final class FakeSubmission implements Submission {
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private final List<Consumer<StateView>> behind = new ArrayList<>();
    private boolean applied;

    @Override
    public CompletableFuture<Reply> reply() {
      return reply;
    }

    @Override
    public boolean readBehind(Consumer<StateView> read) {
      if (!applied) {
        behind.add(read);
      }
      return !applied;
    }

    void onApplied(StateView state) {
      applied = true;
      behind.forEach(read -> read.accept(state));
    }
  }

  /** Answers what was not answered, and all that comes. */
  public synchronized void endSilence() {
    silent = false;
    unanswered.forEach(reply -> reply.complete(new Reply(0, new Result.Done())));
    unanswered.clear();
  }

  private Reply apply(Caller caller, Command command, FakeSubmission submission) {
    Batch batch = new Batch(ORIGIN, index + 1, ImmutableList.of(new Proposal(caller, command)));
    LogEntry entry = new LogEntry(term, wallMillis++, ImmutableList.of(batch));
    EntryOutcome outcome =
        EntryOutcome.of(
            entry,
            store.committed(),
            ReplyCodec::encode,
            (origin, sequence, state) -> submission.onApplied(state));
    store.commit(outcome.transaction(), new Position(1, ++index));
    listener.onCommitted(outcome);
    store.publish();
    listener.onPublished(outcome);
    EntryOutcome.Applied applied = outcome.applied().get(0);
    if (applied.result() instanceof Result.Recorded recorded) {
      RecordedReply first = ReplyCodec.decode(recorded.reply());
      return new Reply(first.zxid(), first.result());
    }
    return new Reply(applied.zxid(), applied.result());
  }

  @Override
  public synchronized CompletableFuture<Void> barrier(long deadlineNanos) {
    barriers++;
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    return silent ? new CompletableFuture<>() : CompletableFuture.completedFuture(null);
  }

  @Override
  public synchronized CompletableFuture<HeldSnapshot> snapshot(boolean fresh, long deadlineNanos) {
    HeldSnapshot held = snapshot;
    return held == null
        ? CompletableFuture.failedFuture(
            new UnavailableException(UnavailableException.Reason.OVERLOADED, null, "no snapshot"))
        : CompletableFuture.completedFuture(held);
  }

  /** Gives this snapshot from now on. */
  public synchronized void setSnapshot(HeldSnapshot held) {
    snapshot = held;
  }

  @Override
  public synchronized Standing standing() {
    return standing(1, role);
  }

  private Standing standing(int serverId, Role serverRole) {
    long zxid = store.publishedZxid();
    return new Standing(serverId, serverRole, term, 2, 5, 6, zxid, store.digest().value(), "1.2.3");
  }

  @Override
  public synchronized CompletableFuture<Standing> standingOf(int serverId) {
    return others.getOrDefault(
        serverId,
        CompletableFuture.failedFuture(
            new UnavailableException(Reason.NO_QUORUM, Applied.NO, "nobody")));
  }

  @Override
  public ImmutableList<Member> members() {
    return ImmutableList.of(
        new Member(1, "one:7281", "one:7181", false),
        new Member(2, "two:7281", "two:7181", false),
        new Member(3, "three:7281", "", false));
  }

  @Override
  public synchronized boolean hasQuorum() {
    return quorum;
  }

  @Override
  public synchronized CompletableFuture<Long> reportTouches(
      TouchReport report, long timeoutMillis) {
    reports.add(report);
    if (reportsFail) {
      return CompletableFuture.failedFuture(new IllegalStateException("unreachable"));
    }
    return CompletableFuture.completedFuture(
        touchReceiver == null ? term : touchReceiver.onTouches(report));
  }

  @Override
  public synchronized void setTouchReceiver(TouchReceiver receiver) {
    touchReceiver = receiver;
  }

  @Override
  public CompletableFuture<MemberOutcome> administer(MemberRequest request, long deadlineNanos) {
    return CompletableFuture.completedFuture(
        new MemberOutcome(new Membership(ImmutableList.of()), 0, ImmutableList.of()));
  }
}
