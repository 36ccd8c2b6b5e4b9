package io.quoll.statemachine.command;

import static com.google.common.base.Preconditions.checkState;
import static io.quoll.statemachine.state.Tree.tree;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.QuotaAlarm;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.Stat;
import io.quoll.statemachine.state.Tree;
import org.jspecify.annotations.Nullable;

/** A replica for tests: applies one command after the other to a tree, and objects to half ones. */
final class Replica {
  static final int ANY_VERSION = -1;

  /** The time of all commands but those of {@link #applyAt}. */
  static final long NOW_MILLIS = Tree.BIRTH_MILLIS + 5;

  /** The timeout of the sessions of {@link #open}. */
  static final long TIMEOUT_MILLIS = 30_000;

  static final ByteString SECRET = secret(1);

  final Tree tree;

  /** A secret that differs from those of other {@code seed}s. */
  static ByteString secret(int seed) {
    byte[] secret = new byte[Session.SECRET_BYTES];
    secret[0] = (byte) seed;
    return ByteString.copyFrom(secret);
  }

  private Replica(Tree tree) {
    this.tree = tree;
  }

  static Replica replica(String... paths) {
    return new Replica(tree(paths));
  }

  static Create persistent(String path) {
    return Create.at(path, false, null, Acl.OPEN);
  }

  static Create persistent(String path, @Nullable ByteString data) {
    return Create.at(path, false, data, Acl.OPEN);
  }

  static Create ephemeral(String path) {
    return Create.at(path, CreateMode.EPHEMERAL, 0, null, Acl.OPEN);
  }

  static Create container(String path) {
    return Create.at(path, CreateMode.CONTAINER, 0, null, Acl.OPEN);
  }

  static Create withTtl(String path, long ttlMillis) {
    return Create.at(path, CreateMode.PERSISTENT_WITH_TTL, ttlMillis, null, Acl.OPEN);
  }

  static Create sequential(String path) {
    return Create.at(path, true, null, Acl.OPEN);
  }

  static Multi multi(Command... parts) {
    return new Multi(ImmutableList.copyOf(parts));
  }

  Result apply(Command command) {
    return outcomeOf(command, Caller.ANONYMOUS, NOW_MILLIS).result();
  }

  Result applyAt(long timeMillis, Command command) {
    return outcomeOf(command, Caller.ANONYMOUS, timeMillis).result();
  }

  Result applyAs(long callerSession, Command command) {
    Caller caller = Caller.session(callerSession, 1, 0, 0, Identities.NONE);
    return outcomeOf(command, caller, NOW_MILLIS).result();
  }

  Result applyAs(Identities identities, Command command) {
    return outcomeOf(command, Caller.unattached(identities), NOW_MILLIS).result();
  }

  /** The id of a session that is opened with {@code secret}. */
  long open(ByteString secret) {
    return ((Result.SessionOpened) apply(new OpenSession(secret, TIMEOUT_MILLIS))).sessionId();
  }

  ImmutableList<Change> changesOf(Command command) {
    return outcomeOf(command, Caller.ANONYMOUS, NOW_MILLIS).transaction().changes();
  }

  ImmutableList<QuotaAlarm> alarmsOf(Command command) {
    return outcomeOf(command, Caller.ANONYMOUS, NOW_MILLIS).transaction().quotaAlarms();
  }

  /** The path of the znode that {@code create} created. */
  String pathOf(Create create) {
    return ((Result.Created) apply(create)).path().value();
  }

  /** The code that {@code command} is rejected with, outside any part. */
  ErrorCode codeOf(Command command) {
    return ((Result.Rejected) apply(command)).code();
  }

  Stat stat(String path) {
    return tree.stat(path);
  }

  private Outcome outcomeOf(Command command, Caller caller, long timeMillis) {
    Outcome outcome = Outcome.of(command, caller, tree, timeMillis);
    boolean rejected =
        outcome.result() instanceof Result.Rejected
            || outcome.result() instanceof Result.MultiRejected;
    checkState(!rejected || !outcome.transaction().takesZxid(), "a rejected command changed");
    checkState(!rejected || outcome.transaction().changes().isEmpty(), "a rejection has changes");
    tree.take(outcome.transaction());
    return outcome;
  }
}
