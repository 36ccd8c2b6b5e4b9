package io.quoll.statemachine.store;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
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
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.ZnodePath;
import java.util.Arrays;

/** Log entries of one origin that numbers its proposals as it should, and their application. */
final class Entries {
  static final int SERVER_ID = 1;
  static final ByteString SECRET = ByteString.copyFrom(new byte[Session.SECRET_BYTES]);
  private static final Origin ORIGIN = new Origin(SERVER_ID, 1);

  private long nextSequence = 1;

  LogEntry of(long timeMillis, ImmutableList<Command> commands) {
    return ofProposals(
        timeMillis,
        commands.stream()
            .map(command -> new Proposal(Caller.ANONYMOUS, command))
            .collect(toImmutableList()));
  }

  LogEntry ofProposals(long timeMillis, ImmutableList<Proposal> proposals) {
    Batch batch = new Batch(ORIGIN, nextSequence, proposals);
    nextSequence += proposals.size();
    return new LogEntry(1, timeMillis, ImmutableList.of(batch));
  }

  /** Applies {@code commands} of one session in one entry, and publishes it. */
  void applyAs(StateStore store, Caller caller, Command... commands) {
    ImmutableList<Proposal> proposals =
        Arrays.stream(commands)
            .map(command -> new Proposal(caller, command))
            .collect(toImmutableList());
    apply(store, ofProposals(1000 + nextSequence, proposals));
    store.publish();
  }

  /** Opens a session, and tells its id. */
  long open(StateStore store) {
    apply(store, new OpenSession(SECRET, 30_000));
    return store.publishedZxid();
  }

  /** Applies {@code commands} in one entry after the last, and publishes it. */
  void apply(StateStore store, Command... commands) {
    commit(store, commands);
    store.publish();
  }

  /** Applies {@code commands} in one entry after the last. */
  void commit(StateStore store, Command... commands) {
    ImmutableList<Command> list = Arrays.stream(commands).collect(toImmutableList());
    apply(store, of(1000 + nextSequence, list));
  }

  @CanIgnoreReturnValue
  static EntryOutcome apply(StateStore store, LogEntry entry) {
    EntryOutcome outcome =
        EntryOutcome.of(
            entry, store.committed(), ReplyCodec::encode, (origin, sequence, state) -> {});
    Position next = new Position(2, store.position().index() + 1);
    store.commit(outcome.transaction(), next);
    return outcome;
  }

  static ZnodePath path(String path) {
    return ZnodePath.of(path);
  }

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  static Create newZnode(String path) {
    return Create.at(path, false, bytes(path), Acl.OPEN);
  }

  static SetData set(String path, String data) {
    return new SetData(path(path), bytes(data), -1);
  }
}
