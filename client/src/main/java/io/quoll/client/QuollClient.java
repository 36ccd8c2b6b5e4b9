package io.quoll.client;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import io.quoll.client.backup.BackupFile;
import io.quoll.client.backup.BackupInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client of an ensemble. Its methods wait for the answer; those of {@link #async} do not.
 *
 * <p>The client talks to one server at a time and moves to the next of its list when that one
 * cannot be reached, does not answer or cannot serve. Reads, and writes that no server can have
 * acted on, are then tried again within the request timeout, unnoticed by the caller. A write whose
 * outcome is not known is not: it fails with {@link Applied#UNKNOWN}.
 *
 * <p>Each read asks for a tree at least as new as all that this client has been told before, so a
 * client reads its own writes and never sees time go back, whichever server it moves to.
 *
 * <p>Every method throws {@link QuollException}; beside the codes named at each, any may fail with
 * those of the servers and of the connection ({@code OVERLOADED} and after), with {@code NO_AUTH}
 * where an ACL does not let the caller do that, with {@code AUTH_FAILED} if the credentials are
 * refused and with {@code AUTH_REQUIRED} if the ensemble wants some.
 *
 * <p>Each client has one connection and one thread that serves it, a daemon, which completes
 * futures and must not be made to wait; both end when it is closed. A program needs no more than
 * one client.
 *
 * <p>Thread-safe.
 */
public final class QuollClient implements AutoCloseable {
  private final Caller caller;
  private final AsyncQuollClient async;

  private final ClientOptions options;

  @GuardedBy("this")
  private @Nullable QuollRuntime runtime;

  private QuollClient(Caller caller, AsyncQuollClient async, ClientOptions options) {
    this.caller = caller;
    this.async = async;
    this.options = options;
  }

  /** Opens a client. This waits for nothing: the first call makes the connection. */
  public static QuollClient open(ClientOptions options) {
    Chroot chroot = new Chroot(options.chroot());
    Caller caller = new Caller(options, chroot);
    return new QuollClient(
        caller, new AsyncQuollClient(caller, chroot, options.consistency()), options);
  }

  /** The same calls, as futures. */
  public AsyncQuollClient async() {
    return async;
  }

  /**
   * Creates a znode. {@code NO_NODE}: the parent is missing. {@code NODE_EXISTS}: the path is
   * taken. {@code BAD_ARGUMENTS}: the path is none.
   *
   * @param data the data, or null
   */
  public Created create(String path, @Nullable ByteString data, CreateMode mode) {
    return Waiting.on(async.create(path, data, mode));
  }

  /**
   * As {@link #create(String, ByteString, CreateMode)}, with a time to live. {@code BAD_ARGUMENTS}:
   * it is not from 1 ms to about 34 years, or the mode has none, or the znode would be ephemeral.
   *
   * @param ttl the time to live in whole milliseconds, or zero
   */
  public Created create(String path, @Nullable ByteString data, CreateMode mode, Duration ttl) {
    return Waiting.on(async.create(path, data, mode, ttl));
  }

  /**
   * As {@link #create(String, ByteString, CreateMode, Duration)}, with an ACL. {@code INVALID_ACL}:
   * it is not well formed, or names whoever the caller has proved to be, who is nobody.
   */
  public Created create(
      String path, @Nullable ByteString data, CreateMode mode, Duration ttl, Acl acl) {
    return Waiting.on(async.create(path, data, mode, ttl, acl));
  }

  /**
   * Deletes a znode that has no children. {@code NO_NODE}, {@code BAD_VERSION}, {@code NOT_EMPTY}.
   *
   * @param expectedVersion the version that it must have, or {@link Write#ANY_VERSION}
   */
  public void delete(String path, int expectedVersion) {
    Waiting.on(async.delete(path, expectedVersion));
  }

  /**
   * Deletes a znode and all below it as one transaction, and tells how many that were. {@code
   * NO_NODE}; {@code LIMIT_EXCEEDED} if there are too many for one, and none was deleted.
   */
  public int deleteRecursive(String path) {
    return Waiting.on(async.deleteRecursive(path));
  }

  /**
   * Replaces a znode's data and tells its stat. {@code NO_NODE}, {@code BAD_VERSION}.
   *
   * @param data the data, or null
   * @param expectedVersion the version that it must have, or {@link Write#ANY_VERSION}
   */
  public Stat setData(String path, @Nullable ByteString data, int expectedVersion) {
    return Waiting.on(async.setData(path, data, expectedVersion));
  }

  /** Does all of the writes as one transaction or none of them, which is not an exception. */
  public MultiOutcome multi(List<Write> writes) {
    return Waiting.on(async.multi(writes));
  }

  /** A znode's data and stat. {@code NO_NODE}. */
  public ZnodeData data(String path) {
    return Waiting.on(async.data(path));
  }

  /** A znode's stat, if there is such a znode. */
  public Optional<Stat> exists(String path) {
    return Waiting.on(async.exists(path));
  }

  /** A page of a znode's children, ordered by name. {@code NO_NODE}. */
  public ChildrenPage children(String path, PageRequest page) {
    return Waiting.on(async.children(path, page));
  }

  /**
   * All children from the asked page on, as one page. A znode that is created or deleted meanwhile
   * may or may not be among them. {@code NO_NODE}.
   */
  public ChildrenPage allChildren(String path, PageRequest start) {
    return Waiting.on(async.allChildren(path, start));
  }

  /** Several reads from one state of the tree. That one of them was rejected is no exception. */
  public ImmutableList<ReadResult> multiRead(List<Read> reads) {
    return Waiting.on(async.multiRead(reads));
  }

  /** How many znodes there are below a znode. {@code NO_NODE}. */
  public long countDescendants(String path) {
    return Waiting.on(async.countDescendants(path));
  }

  /**
   * Waits until the server in use has applied every write that anybody had acknowledged before. The
   * path need not exist.
   */
  public void sync(String path) {
    Waiting.on(async.sync(path));
  }

  /** A znode's ACL and stat. {@code NO_NODE}. */
  public ZnodeAcl acl(String path) {
    return Waiting.on(async.acl(path));
  }

  /**
   * Replaces a znode's ACL and tells its stat. {@code INVALID_ACL}, {@code NO_NODE}, {@code
   * NO_AUTH}, {@code BAD_VERSION}.
   *
   * @param expectedAversion the version of the ACL that it must have, or {@link Write#ANY_VERSION}
   */
  public Stat setAcl(String path, Acl acl, int expectedAversion) {
    return Waiting.on(async.setAcl(path, acl, expectedAversion));
  }

  /** Who the server takes this client for. */
  public ImmutableList<Identity> whoAmI() {
    return Waiting.on(async.whoAmI());
  }

  /**
   * From now on shows these credentials too, with each call. This waits for nothing. {@code
   * LIMIT_EXCEEDED} beyond {@value Keyring#CREDENTIALS_MAX}.
   */
  public void addCredentials(Credentials credentials) {
    caller.keyring().add(credentials);
  }

  /** Where each member of the ensemble stands, in the order of their ids. */
  public ImmutableList<MemberStatus> status() {
    return Waiting.on(async.status());
  }

  /** All sessions of the ensemble, in the order of their ids, as the server in use knows them. */
  public ImmutableList<SessionInfo> sessions() {
    return Waiting.on(async.sessions());
  }

  /** Ends a session as its owner would. {@code SESSION_EXPIRED}: there is none of that id. */
  public void endSession(long id) {
    Waiting.on(async.endSession(id));
  }

  /** Has the server in use take a snapshot of its state, which shortens its log. */
  public TakenSnapshot takeSnapshot() {
    return Waiting.on(async.takeSnapshot());
  }

  /**
   * Writes a backup of the whole tree at one zxid to a file, however long that takes. The file is
   * whole or not there.
   *
   * @param stale whether it may lack what was acknowledged before; else there must be a quorum
   * @throws IOException as {@link BackupFile#write} says
   */
  public BackupInfo createBackup(BackupFile file, boolean stale) throws IOException {
    return new BackupCalls(caller).create(file, stale);
  }

  /**
   * Changes how much the subtree at a path may hold. {@code NO_NODE}: there is no znode, or no
   * limit is set and there is no quota. {@code BAD_ARGUMENTS}: it is the root or in {@code
   * /zookeeper}, or a quota stands above or below it.
   *
   * @param change the new limits, of which some may be {@link QuotaLimits#KEEP}
   */
  public void setQuota(String path, QuotaLimits change) {
    Waiting.on(async.setQuota(path, change));
  }

  /** The quota of the subtree at a path. {@code NO_NODE}: it has none. */
  public Quota quota(String path) {
    return Waiting.on(async.quota(path));
  }

  /** Removes the quota of the subtree at a path. {@code NO_NODE}: it has none. */
  public void removeQuota(String path) {
    Waiting.on(async.removeQuota(path));
  }

  /**
   * Changes who the members of the ensemble are. A member that is to join must run already, and
   * wait; one that leaves stops by itself. May take a minute. {@code BAD_ARGUMENTS}: the change
   * makes no sense, or none is needed; {@code BAD_VERSION}; {@code NEW_CONFIG_NO_QUORUM}: no
   * majority of the new voters answers, or one that is to join does not; {@code
   * RECONFIG_IN_PROGRESS}.
   */
  public Configuration reconfigure(Reconfiguration change) {
    return Waiting.on(async.reconfigure(change));
  }

  /**
   * Gives the leadership to a voter. {@code BAD_ARGUMENTS}: there is no such voter, or it does not
   * answer.
   */
  public void transferLeadership(int id) {
    Waiting.on(async.transferLeadership(id));
  }

  /**
   * Watches a path: from now on, from any zxid that the history reaches back to, or with the state
   * first. Waits for nothing. All watches of a client share a {@link QuollRuntime} of its own.
   */
  public TreeWatch watch(String path, WatchOptions wanted, WatchListener listener) {
    return WatchKeeper.watch(
        path, wanted, listener, SessionOptions.of(options), caller.keyring(), runtime());
  }

  private synchronized QuollRuntime runtime() {
    if (runtime == null) {
      runtime = QuollRuntime.start();
    }
    return runtime;
  }

  /** Ends all calls and watches under way, with {@code CLOSED}, and refuses new ones. */
  @Override
  public void close() {
    caller.close();
    synchronized (this) {
      if (runtime != null) {
        runtime.close();
      }
    }
  }
}
