package io.quoll.server.coordination;

import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.server.coordination.Consensus.Submission;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.DeleteRecursive;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.query.Answer;
import io.quoll.statemachine.query.Exists;
import io.quoll.statemachine.query.GetAcl;
import io.quoll.statemachine.query.GetData;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.ZnodePath;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * Does the requests of one attachment when their turn has come. Confined to the attachment's
 * executor.
 */
final class SessionWork {
  /** How long a write may take; one that was not applied by then ends the attachment. */
  static final Duration WRITE_WITHIN = Duration.ofSeconds(60);

  /** How long a read or a sync may wait for what it has to include. */
  static final Duration READ_WITHIN = Duration.ofSeconds(30);

  private final SessionHold hold;
  private final Coordinator coordinator;
  private final Sessions sessions;
  private final Watches watches;
  private final Outbox outbox;
  private final Authentication authentication;
  private long firstUnacknowledgedCxid;
  private volatile boolean abandoned;

  SessionWork(
      SessionHold hold,
      Coordinator coordinator,
      Sessions sessions,
      Watches watches,
      Outbox outbox,
      Authentication authentication) {
    this.hold = hold;
    this.coordinator = coordinator;
    this.sessions = sessions;
    this.watches = watches;
    this.outbox = outbox;
    this.authentication = authentication;
  }

  /** A request has come; when that was, by {@link System#nanoTime}. */
  long arrived() {
    hold.traffic().arrived();
    coordinator.requestTimes().arrived();
    return System.nanoTime();
  }

  /** A request that came at {@code arrivedNanos} is replied to. */
  void replied(SessionRequest request, SessionItem.Reply reply, long arrivedNanos) {
    long now = System.nanoTime();
    RequestTimes times = coordinator.requestTimes();
    times.replied(request, now - arrivedNanos);
    hold.traffic().replied(request, reply.zxid(), now - arrivedNanos, now);
    times.ended(reply.reply());
  }

  /** The client has the replies to its writes below {@code cxid}. */
  void acknowledge(long cxid) {
    firstUnacknowledgedCxid = Math.max(firstUnacknowledgedCxid, cxid);
  }

  /**
   * Submits a write.
   *
   * @param whenRoom run later if the server takes no more writes for now
   * @return empty in that case
   */
  Optional<Submission> write(SessionRequest.Write write, Runnable whenRoom) {
    Caller caller =
        Caller.session(
            hold.sessionId(),
            hold.epoch(),
            write.cxid(),
            firstUnacknowledgedCxid,
            outbox.identities());
    return coordinator.trySubmit(caller, write.command(), within(WRITE_WITHIN), whenRoom);
  }

  /** The reply to a write that was submitted. */
  static CompletableFuture<SessionItem.Reply> replyTo(
      SessionRequest.Write write, Submission submission) {
    boolean recursive = write.command() instanceof DeleteRecursive;
    return submission.reply().thenApply(done -> wrote(write.xid(), recursive, done));
  }

  private static SessionItem.Reply wrote(long xid, boolean recursive, Reply done) {
    requireHeld(done.result());
    return new SessionItem.Reply(
        xid, done.zxid(), new SessionReply.Wrote(done.result(), recursive));
  }

  // Of no use to a client: the attachment is over, and a reply would say that the write is done.
  private static void requireHeld(Result result) {
    if (result instanceof Result.Rejected rejected
        && (rejected.code() == ErrorCode.SESSION_EXPIRED
            || rejected.code() == ErrorCode.SESSION_MOVED)) {
      throw new Rejection(rejected.code(), rejected.path(), rejected.detail());
    }
  }

  /** Whether what is published answers {@code read}; else others wait until it is answered. */
  boolean isAnsweredByNow(SessionRequest.Read read) {
    return coordinator.isFresh(read.options());
  }

  /** Answers a read, from the state as it is now if that is fresh enough. */
  CompletableFuture<SessionItem.Reply> read(SessionRequest.Read read) {
    CompletableFuture<Answered> answered =
        coordinator.isFresh(read.options())
            ? coordinator.askNow(read.query(), outbox.identities())
            : coordinator.ask(
                read.query(), outbox.identities(), read.options(), within(READ_WITHIN));
    CompletableFuture<SessionItem.Reply> reply =
        answered.thenApply(
            found ->
                new SessionItem.Reply(
                    read.xid(), found.zxid(), new SessionReply.Read(found.answer())));
    if (!reply.isDone()) { // Given up together.
      var unused = reply.whenComplete((done, failure) -> answered.cancel(false));
    }
    return reply;
  }

  /**
   * Answers a read from what {@code write} leaves, the last of the session's writes that have no
   * reply yet; only one of one znode, which is read while entries are applied.
   *
   * @return the answer, which comes before the reply to the write; empty if the read is another, or
   *     if it is too late, so that it has to wait for that reply
   */
  Optional<CompletableFuture<SessionItem.Reply>> readBehind(
      SessionRequest.Read read, Submission write) {
    boolean isOfOneZnode =
        read.query() instanceof GetData
            || read.query() instanceof Exists
            || read.query() instanceof GetAcl;
    if (!isOfOneZnode || !isAnsweredByNow(read)) {
      return Optional.empty();
    }
    CompletableFuture<SessionItem.Reply> reply = new CompletableFuture<>();
    Identities caller = outbox.identities();
    return write.readBehind(state -> answer(read, state, caller, reply))
        ? Optional.of(reply)
        : Optional.empty();
  }

  // On the thread that applies, which no reader's failure may reach.
  private static void answer(
      SessionRequest.Read read,
      StateView state,
      Identities caller,
      CompletableFuture<SessionItem.Reply> reply) {
    if (reply.isDone()) {
      return; // Given up.
    }
    try {
      SessionReply answer = new SessionReply.Read(Answer.of(read.query(), state, caller));
      reply.complete(new SessionItem.Reply(read.xid(), state.zxid(), answer));
    } catch (RuntimeException failure) {
      reply.completeExceptionally(failure);
    }
  }

  /** Leaves the watch of a read that was answered by {@code reply}; what it says in the end. */
  SessionItem.Reply leaveWatch(SessionRequest.Read read, SessionItem.Reply reply) {
    Optional<WatchedRead> watched = WatchedRead.of(read, reply);
    if (watched.isEmpty()) {
      return reply;
    }
    try {
      watches.add(watched.get().path(), watched.get().mode(), outbox, reply.zxid());
      return reply;
    } catch (Rejection tooMany) {
      return failed(read.xid(), reply.zxid(), tooMany);
    }
  }

  /** Waits for all that was acknowledged anywhere. */
  CompletableFuture<SessionItem.Reply> sync(SessionRequest.Sync sync) {
    return coordinator
        .sync(within(READ_WITHIN))
        .thenApply(zxid -> new SessionItem.Reply(sync.xid(), zxid, new SessionReply.Synced()));
  }

  /** What a reply may show whose turn it is: all events up to this zxid are in the outbox. */
  long shownZxid() {
    return coordinator.publishedZxid();
  }

  /** Sets a watch for what happens after {@code zxid}, which the reply shows. */
  SessionItem.Reply addWatch(SessionRequest.AddWatch add, long zxid) {
    try {
      watches.add(add.path(), add.mode(), outbox, zxid);
      return new SessionItem.Reply(add.xid(), zxid, new SessionReply.WatchAdded());
    } catch (Rejection tooMany) {
      return failed(add.xid(), zxid, tooMany);
    }
  }

  /** Removes watches. */
  SessionItem.Reply removeWatches(SessionRequest.RemoveWatches remove) {
    EnumSet<WatchMode> modes = EnumSet.copyOf(remove.modes());
    return found(
        remove.xid(),
        remove.path(),
        () -> watches.remove(remove.path(), modes, outbox),
        new SessionReply.WatchesRemoved());
  }

  /** Asks for watches. */
  SessionItem.Reply checkWatches(SessionRequest.CheckWatches check) {
    EnumSet<WatchMode> modes = EnumSet.copyOf(check.modes());
    return found(
        check.xid(),
        check.path(),
        () -> watches.has(check.path(), modes, outbox),
        new SessionReply.WatchesFound());
  }

  private SessionItem.Reply found(
      long xid, ZnodePath path, BooleanSupplier found, SessionReply reply) {
    return found.getAsBoolean()
        ? new SessionItem.Reply(xid, coordinator.publishedZxid(), reply)
        : failed(
            xid,
            new Rejection(ErrorCode.NO_WATCHER, path, "the session has no such watch on " + path));
  }

  /** Sets watches again, on a thread that may wait. */
  CompletableFuture<SessionItem.Reply> setWatches(SessionRequest.SetWatches set) {
    return coordinator
        .onWorker(() -> watches.rearm(set.rearmed(), outbox))
        .whenComplete((trimmed, failure) -> removeIfAbandoned())
        .thenApply(
            trimmed ->
                new SessionItem.Reply(
                    set.xid(), coordinator.publishedZxid(), new SessionReply.WatchesSet(trimmed)));
  }

  private void removeIfAbandoned() {
    if (abandoned) {
      watches.removeAll(outbox);
    }
  }

  /**
   * Proves to be somebody more, for what comes after.
   *
   * @throws Rejection {@code AUTH_FAILED}, which ends the attachment
   */
  SessionItem.Reply addAuth(SessionRequest.AddAuth add) {
    outbox.setIdentities(
        authentication.prove(outbox.identities(), add.scheme(), add.credentials()));
    return new SessionItem.Reply(add.xid(), shownZxid(), new SessionReply.AuthAdded());
  }

  /** Tells who the client has proved to be. */
  SessionItem.Reply whoAmI(SessionRequest.WhoAmI who) {
    return new SessionItem.Reply(
        who.xid(), shownZxid(), new SessionReply.Identified(outbox.identities()));
  }

  /** Ends the session. */
  CompletableFuture<SessionItem.Reply> close(SessionRequest.Close close) {
    return sessions
        .close(hold, within(WRITE_WITHIN))
        .thenApply(
            done -> {
              requireHeld(done.result());
              return new SessionItem.Reply(close.xid(), done.zxid(), new SessionReply.Closed());
            });
  }

  /** The reply to a request that is no write and was not done. */
  SessionItem.Reply failed(long xid, Throwable failure) {
    return failed(xid, shownZxid(), failure);
  }

  private static SessionItem.Reply failed(long xid, long zxid, Throwable failure) {
    return new SessionItem.Reply(xid, zxid, new SessionReply.Failed(failure));
  }

  /** The attachment is over: its watches go. */
  void abandon() {
    abandoned = true; // Before they go, for a worker may be setting some.
    watches.removeAll(outbox);
  }

  private static long within(Duration time) {
    return System.nanoTime() + time.toNanos();
  }
}
