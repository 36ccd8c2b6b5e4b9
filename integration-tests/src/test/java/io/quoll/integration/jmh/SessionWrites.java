package io.quoll.integration.jmh;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.codec.ReplyCodec;
import io.quoll.statemachine.command.Batch;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.LogEntry;
import io.quoll.statemachine.command.OpenSession;
import io.quoll.statemachine.command.Origin;
import io.quoll.statemachine.command.Proposal;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.Position;
import io.quoll.statemachine.store.StateStore;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Entries of the log as a throughput test brings them: a hundred numbered setData of 100 bytes, by
 * ten sessions in turn, on a thousand znodes, each session acknowledging what it wrote by the entry
 * before. Confined to one thread.
 */
final class SessionWrites {
  /** How many writes are in an entry. */
  static final int WRITES = 100;

  private static final int SESSIONS = 10;
  private static final int ZNODES = 1_000;
  private static final Origin ORIGIN = new Origin(1, 1);
  private static final long TERM = 1;
  private static final ByteString DATA = ByteString.copyFrom(new byte[100]);
  private static final ByteString SECRET = ByteString.copyFrom(new byte[Session.SECRET_BYTES]);

  private final StateStore store;
  private final ImmutableList<ZnodePath> paths =
      IntStream.range(0, ZNODES)
          .mapToObj(i -> ZnodePath.of("/bench/znode-%04d".formatted(i)))
          .collect(toImmutableList());
  private final ImmutableList<Long> sessions;
  private long sequence = 1;
  private long firstCxid = 1;
  private long timeMillis = 1_000_000;

  /** Writes for a fresh store, which gets its znodes and sessions. */
  SessionWrites(StateStore store) {
    this.store = store;
    applyAnonymous(Create.at("/bench", false, null, Acl.OPEN));
    applyAnonymous(
        paths.stream()
            .map(path -> Create.at(path.value(), false, DATA, Acl.OPEN))
            .toArray(Command[]::new));
    this.sessions =
        applyAnonymous(
                Collections.nCopies(SESSIONS, new OpenSession(SECRET, 30_000))
                    .toArray(Command[]::new))
            .applied()
            .stream()
            .map(applied -> ((Result.SessionOpened) applied.result()).sessionId())
            .collect(toImmutableList());
  }

  private EntryOutcome applyAnonymous(Command... commands) {
    ImmutableList<Proposal> proposals =
        List.of(commands).stream()
            .map(command -> new Proposal(Caller.ANONYMOUS, command))
            .collect(toImmutableList());
    EntryOutcome outcome = apply(entry(proposals));
    commit(outcome);
    sequence += proposals.size();
    return outcome;
  }

  private LogEntry entry(ImmutableList<Proposal> proposals) {
    timeMillis++;
    return new LogEntry(TERM, timeMillis, ImmutableList.of(new Batch(ORIGIN, sequence, proposals)));
  }

  /** The znodes that are written. */
  ImmutableList<ZnodePath> paths() {
    return paths;
  }

  /** The proposals of the next entry. */
  ImmutableList<Proposal> proposals() {
    ImmutableList.Builder<Proposal> proposals = ImmutableList.builderWithExpectedSize(WRITES);
    for (int i = 0; i < WRITES; i++) {
      long session = sessions.get(i % SESSIONS);
      Caller caller =
          Caller.session(session, 1, firstCxid + i / SESSIONS, firstCxid, Identities.NONE);
      ZnodePath path = paths.get((int) ((sequence + i) % ZNODES));
      proposals.add(new Proposal(caller, new SetData(path, DATA, -1)));
    }
    return proposals.build();
  }

  /** The next entry; the same until {@link #advance}. */
  LogEntry entry() {
    return entry(proposals());
  }

  /** Applies an entry to what was committed last, and commits nothing. */
  EntryOutcome apply(LogEntry entry) {
    return EntryOutcome.of(
        entry, store.committed(), ReplyCodec::encode, (origin, number, state) -> {});
  }

  /** Commits what an entry came to, and lets readers see it. */
  void commit(EntryOutcome outcome) {
    store.commit(outcome.transaction(), new Position(TERM, store.position().index() + 1));
    store.publish();
  }

  /** The next entry was committed: the one after it comes. */
  void advance() {
    sequence += WRITES;
    firstCxid += WRITES / SESSIONS;
  }
}
