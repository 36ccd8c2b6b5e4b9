package io.quoll.server.coordination;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.codec.ReplyCodec;
import io.quoll.statemachine.command.Batch;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.CreateMode;
import io.quoll.statemachine.command.Delete;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.LogEntry;
import io.quoll.statemachine.command.Multi;
import io.quoll.statemachine.command.Origin;
import io.quoll.statemachine.command.Proposal;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.ratis.AppliedListener;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.HistoryLimits;
import io.quoll.statemachine.store.InMemoryStore;
import io.quoll.statemachine.store.Position;
import io.quoll.statemachine.store.StateStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A replica that applies what it is given, one log entry a call, and tells its listeners. */
final class WatchedReplica {
  static final HistoryLimits ENDLESS = new HistoryLimits(1_000_000, 1L << 40, 1L << 40);

  private static final Origin ORIGIN = new Origin(1, 1);

  final StateStore store;
  private final List<AppliedListener> listeners = new ArrayList<>();
  private long index;
  private long sequence;

  WatchedReplica() {
    this(ENDLESS);
  }

  WatchedReplica(HistoryLimits limits) {
    this(new InMemoryStore(limits));
  }

  WatchedReplica(StateStore store) {
    this.store = store;
  }

  void tell(AppliedListener listener) {
    listeners.add(listener);
  }

  /** Applies {@code commands} as one log entry; returns the last zxid then. */
  long apply(Command... commands) {
    return apply(ImmutableList.copyOf(commands));
  }

  long apply(List<Command> commands) {
    EntryOutcome outcome = commit(Caller.ANONYMOUS, commands);
    publish(outcome);
    return store.publishedZxid();
  }

  /** Applies {@code command} on behalf of a session. */
  EntryOutcome.Applied applyAs(Caller caller, Command command) {
    EntryOutcome outcome = commit(caller, ImmutableList.of(command));
    publish(outcome);
    return outcome.applied().get(0);
  }

  EntryOutcome commit(Caller caller, List<Command> commands) {
    ImmutableList<Proposal> proposals =
        commands.stream().map(command -> new Proposal(caller, command)).collect(toImmutableList());
    Batch batch = new Batch(ORIGIN, sequence + 1, proposals);
    sequence += proposals.size();
    LogEntry entry = new LogEntry(1, 1_000 + ++index, ImmutableList.of(batch));
    EntryOutcome outcome =
        EntryOutcome.of(
            entry, store.committed(), ReplyCodec::encode, (origin, sequence, state) -> {});
    store.commit(outcome.transaction(), new Position(1, index));
    listeners.forEach(listener -> listener.onCommitted(outcome));
    return outcome;
  }

  void publish(EntryOutcome outcome) {
    store.publish();
    listeners.forEach(listener -> listener.onPublished(outcome));
  }

  /** Takes over the state of {@code other} by a snapshot. */
  void restoreFrom(WatchedReplica other, Path directory) {
    other.store.checkpoint(directory);
    store.install(
        directory, snapshot -> listeners.forEach(listener -> listener.onRestoring(snapshot)));
    index = other.index;
    sequence = other.sequence;
    listeners.forEach(listener -> listener.onRestored(store.publishedZxid()));
  }

  static ZnodePath path(String value) {
    return ZnodePath.of(value);
  }

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  static Create createZnode(String path) {
    return Create.at(path, false, null, Acl.OPEN);
  }

  static Create ephemeral(String path) {
    return Create.at(path, CreateMode.EPHEMERAL, 0, null, Acl.OPEN);
  }

  static Delete delete(String path) {
    return new Delete(path(path), -1);
  }

  static SetData setData(String path) {
    return new SetData(path(path), bytes("x"), -1);
  }

  static Multi multi(Command... parts) {
    return new Multi(ImmutableList.copyOf(parts));
  }
}
