package io.quoll.server.consensus;

import com.google.common.base.Ticker;
import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.FatalHandler;
import io.quoll.statemachine.codec.EntryCodec;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings proposals to the log. On the leader it merges this replica's own and those of the others
 * into entries, a few of which are in flight at a time, so that an entry holds one proposal when
 * there is little to do and a thousand when there is much. Elsewhere it forwards this replica's own
 * to the leader, in batches that grow by the same rule.
 *
 * <p>Where nothing is under way, the thread that brings a proposal does it at once; else a thread
 * of its own does, which sleeps while there is nothing to do. They take turns. The other methods
 * are thread-safe and only wake it. (ADR 0031.)
 */
final class Proposer implements AutoCloseable {
  /** How many entries the leader has in flight at most. */
  static final int ENTRIES_IN_FLIGHT_MAX = 4;

  /** The bytes that must wait before an entry is proposed while others are in flight. */
  static final int FURTHER_ENTRY_BYTES = 16 * 1024;

  /** The bytes of proposals that one entry, or one forwarded batch, is filled up to. */
  static final int BATCH_BYTES = 1024 * 1024;

  /** The bytes that are forwarded and not yet applied, beyond which nothing more is forwarded. */
  static final long FORWARDED_BYTES_MAX = 4L * BATCH_BYTES;

  private static final Logger LOG = LoggerFactory.getLogger(Proposer.class);
  private static final long EXPIRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  // Whoever has work for the thread wakes it; this is for what nobody tells.
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final ProposalLog log;
  private final int serverId;
  private final Outstanding outstanding;
  private final Inbox inbox;
  private final LeaderLink.Opener links;
  private final CommitNudge nudge;
  private final Clock clock;
  private final Ticker ticker;
  private final FatalHandler fatal;
  private final Thread thread = new Thread(this::run, "quoll-proposer");
  private final AtomicInteger entriesInFlight = new AtomicInteger();
  private final AtomicBoolean entryLost = new AtomicBoolean();
  private final ReentrantLock turn = new ReentrantLock();
  private volatile boolean idle;
  private volatile boolean closed;
  private volatile boolean leading;

  // Of whoever has the turn.
  private @Nullable LeaderLink link;
  private long nextTryNanos;
  private long progress;
  private long progressNanos;
  private long nextExpiryNanos;

  /**
   * A proposer that does nothing yet.
   *
   * @param clock stamps the entries
   * @param ticker tells how much time has passed
   * @param fatal ends the process if the thread ends by a defect
   */
  Proposer(
      ProposalLog log,
      int serverId,
      Outstanding outstanding,
      Inbox inbox,
      LeaderLink.Opener links,
      CommitNudge nudge,
      Clock clock,
      Ticker ticker,
      FatalHandler fatal) {
    this.log = log;
    this.serverId = serverId;
    this.outstanding = outstanding;
    this.inbox = inbox;
    this.links = links;
    this.nudge = nudge;
    this.clock = clock;
    this.ticker = ticker;
    this.nextTryNanos = ticker.read();
    this.progressNanos = nextTryNanos;
    this.nextExpiryNanos = nextTryNanos;
    this.fatal = fatal;
  }

  void start() {
    thread.start();
  }

  /**
   * There is something new to bring. The caller brings it if nobody is about to, which saves the
   * hand-over to the thread; where much is under way, the thread does, and finds more by then.
   */
  void bring() {
    if (!isCalm() || turn.isHeldByCurrentThread() || !turn.tryLock()) {
      wake();
      return;
    }
    boolean all;
    try {
      all = !closed && step() && !outstanding.hasUnsent();
    } catch (Throwable defect) {
      failed(defect);
      return;
    } finally {
      turn.unlock();
    }
    if (!all) {
      wake();
    }
  }

  /** Whether nothing is under way. */
  private boolean isCalm() {
    return leading ? entriesInFlight.get() == 0 : outstanding.sentBytes() == 0;
  }

  /** Something was applied: makes the thread look for what waited for that. */
  void applied() {
    if (outstanding.hasUnsent() || inbox.batchCount() > 0 || (leading && nudge.mayBeNeeded())) {
      wake();
    }
  }

  /** Makes the thread look for work. */
  void wake() {
    if (idle) {
      idle = false;
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    try {
      while (!closed) {
        idle = true;
        long rest = inTurn(() -> step() ? 0 : restNanos());
        expire();
        if (rest > 0 && idle) { // Nobody woke the thread since it began to look.
          LockSupport.parkNanos(this, rest);
        }
      }
      long unused = inTurn(this::end);
    } catch (Throwable defect) { // Without this thread the replica would only look alive.
      failed(defect);
    }
  }

  private void failed(Throwable defect) {
    fatal.halt(ExitCode.REPLICA_FAILED, "proposing failed", defect);
  }

  private long inTurn(LongSupplier task) {
    turn.lock();
    try {
      return task.getAsLong();
    } finally {
      turn.unlock();
    }
  }

  private long end() {
    closeLink();
    return 0;
  }

  private long restNanos() {
    if (leading && nudge.isDue()) {
      return nudge.delayNanos();
    }
    if (ticker.read() - nextTryNanos < 0) {
      return RETRY_NANOS;
    }
    return outstanding.isEmpty() ? IDLE_NANOS : EXPIRY_NANOS;
  }

  private void expire() {
    long now = ticker.read();
    if (now - nextExpiryNanos >= 0) {
      nextExpiryNanos = now + EXPIRY_NANOS;
      outstanding.expire(now);
    }
  }

  /** Does what there is to do; whether that was anything. Called by whoever has the turn. */
  boolean step() {
    if (log.isLeaderReady()) {
      return lead();
    }
    if (leading) {
      leading = false;
      inbox.close();
      outstanding.rewind();
    }
    int leader = log.leaderId();
    if (leader == 0 || leader == serverId) {
      closeLink();
      return false;
    }
    return forward(leader);
  }

  private boolean lead() {
    if (!leading) {
      leading = true;
      closeLink();
      outstanding.rewind();
      inbox.open();
      entryLost.set(false);
    }
    if (entryLost.getAndSet(false)) {
      inbox.reset();
      outstanding.rewind();
      nextTryNanos = ticker.read() + RETRY_NANOS;
    }
    if (ticker.read() - nextTryNanos < 0) {
      return false;
    }
    if (mayPropose() && propose()) {
      return true;
    }
    nudge.perhaps(entriesInFlight.get() == 0);
    return false;
  }

  /**
   * An entry beside others costs as much as they do, so it is filled while they are in flight; what
   * comes meanwhile loses little, for the log takes entries one after another in any case.
   */
  private boolean mayPropose() {
    int inFlight = entriesInFlight.get();
    return inFlight == 0
        || (inFlight < ENTRIES_IN_FLIGHT_MAX
            && outstanding.unsentBytes() + inbox.bytes() >= FURTHER_ENTRY_BYTES);
  }

  private boolean propose() {
    ImmutableList.Builder<ByteString> batches = ImmutableList.builder();
    int bytes = 0;
    Optional<Outstanding.Taken> own = outstanding.take(BATCH_BYTES);
    if (own.isPresent()) {
      batches.add(own.get().batch());
      bytes += own.get().batch().size();
    }
    boolean any = own.isPresent();
    for (Optional<ByteString> next = inbox.poll(BATCH_BYTES - bytes, !any); next.isPresent(); ) {
      any = true;
      batches.add(next.get());
      bytes += next.get().size();
      next = inbox.poll(BATCH_BYTES - bytes, false);
    }
    if (any) {
      append(EntryCodec.encodeEntry(clock.millis(), batches.build()));
    }
    return any;
  }

  private void append(ByteString entry) {
    entriesInFlight.incrementAndGet();
    var unused =
        log.append(entry.toByteArray())
            .whenComplete(
                (done, failure) -> {
                  entriesInFlight.decrementAndGet();
                  if (failure != null) {
                    LOG.debug("An entry was not appended, or may be lost", failure);
                    entryLost.set(true);
                    wake();
                  }
                  applied();
                });
  }

  /** How many entries this replica, as leader, appended that are not committed yet. */
  int entriesInFlight() {
    return entriesInFlight.get();
  }

  private boolean forward(int leader) {
    LeaderLink current = linkTo(leader);
    if (isStalled()) {
      closeLink();
      return false;
    }
    if (current == null || outstanding.sentBytes() >= FORWARDED_BYTES_MAX) {
      return false;
    }
    Optional<Outstanding.Taken> taken = outstanding.take(BATCH_BYTES);
    taken.ifPresent(batch -> current.send(batch.batch().toByteArray()));
    return taken.isPresent();
  }

  /** Whether what was sent has been without effect for so long that the link may be dead. */
  private boolean isStalled() {
    long now = ticker.read();
    long unapplied = outstanding.firstUnapplied();
    if (outstanding.sentBytes() == 0 || unapplied != progress) {
      progress = unapplied;
      progressNanos = now;
    }
    return now - progressNanos > STALLED_NANOS;
  }

  private @Nullable LeaderLink linkTo(int leader) {
    LeaderLink current = link;
    if (current != null && current.leaderId() == leader && !current.isBroken()) {
      return current;
    }
    closeLink();
    if (!outstanding.hasUnsent() || ticker.read() - nextTryNanos < 0) {
      return null;
    }
    nextTryNanos = ticker.read() + RETRY_NANOS;
    link = links.open(leader, this::wake);
    return link;
  }

  private void closeLink() {
    if (link != null) {
      link.close();
      link = null;
      outstanding.rewind();
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
