package io.quoll.client;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A session with an ensemble: what ephemeral znodes and watches belong to. Its methods wait for the
 * answer; those of {@link #async} do not.
 *
 * <p><b>Life.</b> The session is attached to one server at a time. When that server dies, is silent
 * or cannot serve, the session attaches itself to the next, for as long as it takes, until a server
 * says that it has expired. Meanwhile requests wait. Requests that were under way are sent again;
 * each write is applied once, however often it is sent, so a caller never sees an unknown outcome
 * while the session lives. When it ends with writes under way, they fail with {@code
 * SESSION_EXPIRED} or {@code CLOSED}, and {@link QuollException#applied} is {@code NO} for a write
 * of which it is certain that no server took it, and else {@code UNKNOWN}.
 *
 * <p><b>Order.</b> Requests of one session take effect in the order in which they are made, and
 * what it reads is never older than what it has seen, on whichever server.
 *
 * <p><b>Watches.</b> A handler is told of a change before any read shows it to what is chained with
 * {@link AsyncQuollSession#executor}. After a lost connection watches are set again, and tell what
 * they missed; where a server's history does not reach back, persistent and recursive ones are told
 * of a gap. So they are if more than {@value HandlerQueue#CALLS_MAX} calls wait for handlers that
 * are too slow.
 *
 * <p><b>Errors.</b> Every method throws {@link QuollException}; beside the codes named at each, any
 * may fail with {@code BAD_ARGUMENTS} if a path is none, {@code NO_AUTH} if an ACL does not let the
 * session do that, {@code AUTH_FAILED} and {@code AUTH_REQUIRED} once its credentials were refused,
 * {@code TIMED_OUT} (a read without an answer or a write not yet sent, after the request timeout),
 * {@code LIMIT_EXCEEDED} (a request larger than a server reads, or with more data than a znode
 * holds), {@code OVERLOADED} (more than {@value RequestInbox#REQUESTS_MAX} requests or {@value
 * RequestInbox#REQUEST_BYTES_MAX} bytes of them under way), {@code SESSION_EXPIRED}, {@code CLOSED}
 * and {@code INTERRUPTED}.
 *
 * <p><b>Threads.</b> Thread-safe. The methods may be called from watch handlers, but not from what
 * is chained to a future without an executor: there they throw {@link IllegalStateException}, since
 * the answer could never come.
 */
public final class QuollSession implements AutoCloseable {
  private final AsyncQuollSession async;
  private final Duration requestTimeout;
  private final @Nullable QuollRuntime ownRuntime;

  private QuollSession(
      AsyncQuollSession async, Duration requestTimeout, @Nullable QuollRuntime ownRuntime) {
    this.async = async;
    this.requestTimeout = requestTimeout;
    this.ownRuntime = ownRuntime;
  }

  /**
   * Opens a session with a runtime of its own, which is closed with it.
   *
   * @throws QuollException {@code UNREACHABLE}, or what the servers said, if no server opens the
   *     session within the request timeout
   */
  public static QuollSession open(SessionOptions options) {
    QuollRuntime runtime = QuollRuntime.start();
    return opened(
        new QuollSession(
            AsyncQuollSession.open(options, runtime), options.requestTimeout(), runtime));
  }

  /** As {@link #open(SessionOptions)}, on a runtime that other sessions may use too. */
  public static QuollSession open(SessionOptions options, QuollRuntime runtime) {
    return opened(
        new QuollSession(AsyncQuollSession.open(options, runtime), options.requestTimeout(), null));
  }

  private static QuollSession opened(QuollSession session) {
    try {
      session.awaitOpened();
      return session;
    } catch (QuollException failed) {
      session.closeWithin(Duration.ZERO);
      throw failed;
    }
  }

  private void awaitOpened() {
    if (Waiting.isDoneWithin(requestTimeout, async.opened())) {
      on(async.opened());
      return;
    }
    throw async
        .lastFailure()
        .orElseGet(() -> SessionKeeper.failure(ErrorCode.UNREACHABLE, "no server answered"));
  }

  /** The same calls, as futures. */
  public AsyncQuollSession async() {
    return async;
  }

  /** The session's id, which is the owner in the stat of its ephemeral znodes. */
  public long id() {
    return async.id();
  }

  /** How long the session may be without contact, as agreed. */
  public Duration timeout() {
    return async.timeout();
  }

  /** How the session stands. */
  public SessionState state() {
    return async.state();
  }

  /**
   * Creates a znode. {@code NO_NODE}: the parent is missing. {@code NODE_EXISTS}: the path is
   * taken. {@code NO_CHILDREN_FOR_EPHEMERALS}: the parent is ephemeral.
   *
   * @param data the data, or null
   */
  public Created create(String path, @Nullable ByteString data, CreateMode mode) {
    return on(async.create(path, data, mode));
  }

  /**
   * As {@link #create(String, ByteString, CreateMode)}, with a time to live. {@code BAD_ARGUMENTS}:
   * it is not from 1 ms to about 34 years, or the mode has none.
   *
   * @param ttl the time to live in whole milliseconds, or zero
   */
  public Created create(String path, @Nullable ByteString data, CreateMode mode, Duration ttl) {
    return on(async.create(path, data, mode, ttl));
  }

  /**
   * As {@link #create(String, ByteString, CreateMode, Duration)}, with an ACL. {@code INVALID_ACL}:
   * it is not well formed, or names whoever the caller has proved to be, who is nobody.
   */
  public Created create(
      String path, @Nullable ByteString data, CreateMode mode, Duration ttl, Acl acl) {
    return on(async.create(path, data, mode, ttl, acl));
  }

  /** A znode's ACL and stat. {@code NO_NODE}. */
  public ZnodeAcl acl(String path) {
    return on(async.acl(path));
  }

  /**
   * Replaces a znode's ACL and tells its stat. {@code INVALID_ACL}, {@code NO_NODE}, {@code
   * NO_AUTH}, {@code BAD_VERSION}.
   *
   * @param expectedAversion the version of the ACL that it must have, or {@link Write#ANY_VERSION}
   */
  public Stat setAcl(String path, Acl acl, int expectedAversion) {
    return on(async.setAcl(path, acl, expectedAversion));
  }

  /**
   * Proves to be this user, beside whoever was proved before: for all requests that are made later
   * and for what watches tell from then on, also at the servers that the session comes to later.
   * {@code LIMIT_EXCEEDED} beyond {@value Keyring#CREDENTIALS_MAX}; {@code AUTH_FAILED}, and then
   * the session is over.
   */
  public void addAuth(Credentials credentials) {
    on(async.addAuth(credentials));
  }

  /** Who the server takes this session for. */
  public ImmutableList<Identity> whoAmI() {
    return on(async.whoAmI());
  }

  /**
   * Deletes a znode that has no children. {@code NO_NODE}, {@code BAD_VERSION}, {@code NOT_EMPTY}.
   *
   * @param expectedVersion the version that it must have, or {@link Write#ANY_VERSION}
   */
  public void delete(String path, int expectedVersion) {
    on(async.delete(path, expectedVersion));
  }

  /**
   * Deletes a znode and all below it as one transaction, and tells how many that were. {@code
   * NO_NODE}; {@code LIMIT_EXCEEDED} if there are too many for one, and none was deleted.
   */
  public int deleteRecursive(String path) {
    return on(async.deleteRecursive(path));
  }

  /**
   * Replaces a znode's data and tells its stat. {@code NO_NODE}, {@code BAD_VERSION}.
   *
   * @param data the data, or null
   * @param expectedVersion the version that it must have, or {@link Write#ANY_VERSION}
   */
  public Stat setData(String path, @Nullable ByteString data, int expectedVersion) {
    return on(async.setData(path, data, expectedVersion));
  }

  /** Does all of the writes as one transaction or none of them, which is not an exception. */
  public MultiOutcome multi(List<Write> writes) {
    return on(async.multi(writes));
  }

  /** A znode's data and stat. {@code NO_NODE}. */
  public ZnodeData data(String path) {
    return on(async.data(path));
  }

  /**
   * A znode's data and stat, and leaves a one-shot watch that tells the handler of the next data or
   * of the delete. {@code NO_NODE}: and no watch is left.
   */
  public ZnodeData data(String path, WatchHandler handler) {
    return on(async.data(path, handler));
  }

  /** A znode's stat, if there is such a znode. */
  public Optional<Stat> exists(String path) {
    return on(async.exists(path));
  }

  /**
   * A znode's stat, if there is such a znode, and leaves a one-shot watch that tells the handler of
   * the create if there is none, else of the next data or of the delete.
   */
  public Optional<Stat> exists(String path, WatchHandler handler) {
    return on(async.exists(path, handler));
  }

  /** A page of a znode's children, ordered by name. {@code NO_NODE}. */
  public ChildrenPage children(String path, PageRequest page) {
    return on(async.children(path, page));
  }

  /**
   * A page of a znode's children, and leaves a one-shot watch that tells the handler of the next
   * change of the list, on whatever page, or of the delete. {@code NO_NODE}: and no watch is left.
   */
  public ChildrenPage children(String path, PageRequest page, WatchHandler handler) {
    return on(async.children(path, page, handler));
  }

  /**
   * All children from the asked page on, as one page. A znode that is created or deleted meanwhile
   * may or may not be among them. {@code NO_NODE}.
   */
  public ChildrenPage allChildren(String path, PageRequest start) {
    return on(async.allChildren(path, start));
  }

  /** As {@link #allChildren(String, PageRequest)}; the watch is set before the first page. */
  public ChildrenPage allChildren(String path, PageRequest start, WatchHandler handler) {
    return on(async.allChildren(path, start, handler));
  }

  /** Several reads from one state of the tree. That one of them was rejected is no exception. */
  public MultiReadOutcome multiRead(List<Read> reads) {
    return on(async.multiRead(reads));
  }

  /** How many znodes there are below a znode. {@code NO_NODE}. */
  public long countDescendants(String path) {
    return on(async.countDescendants(path));
  }

  /**
   * Waits until the server in use has applied every write that anybody had acknowledged before. The
   * path need not exist.
   */
  public void sync(String path) {
    on(async.sync(path));
  }

  /**
   * The paths of this session's ephemeral znodes that begin with these characters, in their order;
   * all of them for {@code ""}. Those that are not below the chroot are left out.
   */
  public ImmutableList<String> ephemerals(String pathPrefix) {
    return on(async.ephemerals(pathPrefix));
  }

  /**
   * Adds a watch that stays until it is removed, whether or not there is a znode. {@code
   * LIMIT_EXCEEDED}: the session has as many watches as it may have.
   */
  public void addWatch(String path, WatchMode mode, WatchHandler handler) {
    on(async.addWatch(path, mode, handler));
  }

  /** Removes all watches of a kind from a path. {@code NO_WATCHER}: there is none. */
  public void removeWatches(String path, WatchKind kind) {
    on(async.removeWatches(path, kind));
  }

  /** Removes the watches of a kind and a handler from a path. {@code NO_WATCHER}: there is none. */
  public void removeWatches(String path, WatchKind kind, WatchHandler handler) {
    on(async.removeWatches(path, kind, handler));
  }

  /**
   * Removes all watches of a kind from a path without waiting for a server, so also while none can
   * be reached: their handlers see nothing more, and no server is asked to set them again. A watch
   * whose request is not answered yet is not among them. {@code NO_WATCHER}: there is none.
   */
  public void forgetWatches(String path, WatchKind kind) {
    on(async.forgetWatches(path, kind));
  }

  /** Whether the server knows a watch of this kind of the session's on the path. */
  public boolean checkWatches(String path, WatchKind kind) {
    return on(async.checkWatches(path, kind));
  }

  /**
   * Watches a path apart from the session: from any zxid that the history reaches back to, or with
   * the state first. The watch ends with the session.
   */
  public TreeWatch watch(String path, WatchOptions options, WatchListener listener) {
    return async.watch(path, options, listener);
  }

  /**
   * Closes the session once all requests made before are answered, and with it deletes its
   * ephemeral znodes. Waits for that, at most for the request timeout: if no server can be reached
   * until then, the session is left to the ensemble, which ends it after its timeout.
   */
  @Override
  public void close() {
    refuseToWaitOnEventLoop();
    closeWithin(requestTimeout);
  }

  private void closeWithin(Duration patience) {
    try {
      async.closeWithin(patience);
    } finally {
      if (ownRuntime != null) {
        ownRuntime.close();
      }
    }
  }

  private <T extends @Nullable Object> T on(CompletableFuture<T> future) {
    refuseToWaitOnEventLoop();
    return Waiting.on(future);
  }

  private void refuseToWaitOnEventLoop() {
    if (async.isOnEventLoop()) {
      throw new IllegalStateException(
          "waiting on the event loop, which has to read the answer; chain with an executor");
    }
  }
}
