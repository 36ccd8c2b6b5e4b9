package io.quoll.client;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.api.v1.AddWatchRequest;
import io.quoll.api.v1.CountDescendantsRequest;
import io.quoll.api.v1.DeleteRecursiveRequest;
import io.quoll.api.v1.GetEphemeralsRequest;
import io.quoll.api.v1.RequestContext;
import io.quoll.api.v1.SessionReply;
import io.quoll.api.v1.SessionRequest;
import io.quoll.api.v1.SyncRequest;
import io.quoll.api.v1.WhoAmIRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a {@link QuollSession} that do not wait. Each method is that of the session with the
 * same name; a failure is a {@link QuollException} in the future, to be had with {@link
 * QuollException#in}.
 *
 * <p><b>Order.</b> Requests take effect in the order in which they are made, without waiting for
 * each other: each read sees the session's writes before it and none behind it. The futures are
 * completed in that order too, but for those that fail because they waited for too long or were
 * never taken.
 *
 * <p><b>Threads.</b> Futures are completed on the session's event loop. What is chained to them
 * without an executor runs there: it must be short, and the waiting methods refuse to be called
 * from it. What is chained with {@link #executor} runs in one order with the watch handlers: after
 * the handlers have been told of every change that the reply shows.
 *
 * <p>Thread-safe.
 */
public final class AsyncQuollSession {
  private final LiveSession session;
  private final Requests requests;
  private final SessionAnswers answers;
  private final RequestContext readContext;

  private AsyncQuollSession(LiveSession session, SessionOptions options) {
    Chroot chroot = new Chroot(options.chroot());
    this.session = session;
    this.requests = new Requests(chroot);
    this.answers = new SessionAnswers(new Answers(chroot));
    this.readContext =
        RequestContext.newBuilder()
            .setConsistency(Requests.consistency(options.consistency()))
            .build();
  }

  /**
   * Begins a session. This waits for nothing: a server is looked for until one opens the session or
   * {@link #close} is called, and requests that are made before wait for that.
   *
   * @throws IllegalStateException if the runtime is closed
   */
  public static AsyncQuollSession open(SessionOptions options, QuollRuntime runtime) {
    LiveSession session = new LiveSession(options, runtime);
    session.start();
    return new AsyncQuollSession(session, options);
  }

  /**
   * Done when the session is open for the first time. Fails if it was closed before, or if a server
   * refused it in a way that no other would mend.
   */
  public CompletableFuture<@Nullable Void> opened() {
    return session.keeper().opened().copy();
  }

  /** The session's id, which is the owner in the stat of its ephemeral znodes; 0 until opened. */
  public long id() {
    return session.keeper().id();
  }

  /** How long the session may be without contact, as agreed; zero until opened. */
  public Duration timeout() {
    return session.keeper().timeout();
  }

  /** How the session stands. */
  public SessionState state() {
    return session.keeper().state();
  }

  /** The server that the session is attached to, or was last or is about to be. */
  public ServerAddress server() {
    return session.keeper().server();
  }

  /** Why the session came to be without a server last; empty if it never was. */
  public Optional<QuollException> lastFailure() {
    return session.keeper().lastFailure();
  }

  /**
   * From now on tells the listener of each state that the session comes to, beginning with the
   * present one. It is called as watch handlers are.
   */
  public void addStateListener(Consumer<SessionState> listener) {
    session.addStateListener(listener);
  }

  /**
   * Runs what it is given one at a time, in one order with the calls of the session's handlers, on
   * threads of the runtime that may wait. Refuses it once the runtime is closed.
   */
  public Executor executor() {
    return session.handlerExecutor();
  }

  /** As {@link QuollSession#create(String, ByteString, CreateMode)}. */
  public CompletableFuture<Created> create(
      String path, @Nullable ByteString data, CreateMode mode) {
    return create(path, data, mode, Duration.ZERO);
  }

  /** As {@link QuollSession#create(String, ByteString, CreateMode, Duration)}. */
  public CompletableFuture<Created> create(
      String path, @Nullable ByteString data, CreateMode mode, Duration ttl) {
    return create(path, data, mode, ttl, Acl.OPEN);
  }

  /** As {@link QuollSession#create(String, ByteString, CreateMode, Duration, Acl)}. */
  public CompletableFuture<Created> create(
      String path, @Nullable ByteString data, CreateMode mode, Duration ttl, Acl acl) {
    return write(
        request().setCreate(requests.create(path, data, mode, ttl, acl)), answers::created);
  }

  /** As {@link QuollSession#acl(String)}. */
  public CompletableFuture<ZnodeAcl> acl(String path) {
    return read(
        request().setGetAcl(requests.acl(path).setContext(readContext)),
        reply -> Answers.acl(reply.getGetAcl()));
  }

  /** As {@link QuollSession#setAcl(String, Acl, int)}. */
  public CompletableFuture<Stat> setAcl(String path, Acl acl, int expectedAversion) {
    return write(
        request().setSetAcl(requests.setAcl(path, acl, expectedAversion)),
        reply -> Answers.stat(reply.getSetAcl().getStat()));
  }

  /** As {@link QuollSession#addAuth(Credentials)}. */
  public CompletableFuture<@Nullable Void> addAuth(Credentials credentials) {
    return session.addAuth(credentials);
  }

  /** As {@link QuollSession#whoAmI()}. */
  public CompletableFuture<ImmutableList<Identity>> whoAmI() {
    return read(
        request().setWhoAmI(WhoAmIRequest.getDefaultInstance()),
        reply -> Answers.identities(reply.getWhoAmI()));
  }

  /** As {@link QuollSession#delete(String, int)}. */
  public CompletableFuture<@Nullable Void> delete(String path, int expectedVersion) {
    return write(request().setDelete(requests.delete(path, expectedVersion)), reply -> null);
  }

  /** As {@link QuollSession#deleteRecursive(String)}. */
  public CompletableFuture<Integer> deleteRecursive(String path) {
    DeleteRecursiveRequest.Builder delete =
        DeleteRecursiveRequest.newBuilder().setPath(requests.chroot().toTreeDeleted(path));
    return write(
        request().setDeleteRecursive(delete), reply -> reply.getDeleteRecursive().getDeleted());
  }

  /** As {@link QuollSession#setData(String, ByteString, int)}. */
  public CompletableFuture<Stat> setData(
      String path, @Nullable ByteString data, int expectedVersion) {
    return write(
        request().setSetData(requests.setData(path, data, expectedVersion)),
        reply -> Answers.stat(reply.getSetData().getStat()));
  }

  /** As {@link QuollSession#multi(List)}. */
  public CompletableFuture<MultiOutcome> multi(List<Write> writes) {
    ImmutableList<Write> asked = ImmutableList.copyOf(writes); // The caller may use its list again.
    return write(request().setMulti(requests.multi(asked)), reply -> answers.multi(reply, asked));
  }

  /** As {@link QuollSession#data(String)}. */
  public CompletableFuture<ZnodeData> data(String path) {
    return read(data(path, false), answers::znode);
  }

  /** As {@link QuollSession#data(String, WatchHandler)}. */
  public CompletableFuture<ZnodeData> data(String path, WatchHandler handler) {
    return session.submit(
        SessionCall.of(data(path, true), answers::znode)
            .withEffect((reply, watches) -> watches.addData(treePath(path), handler)));
  }

  private SessionRequest.Builder data(String path, boolean watch) {
    return request().setGetData(requests.data(path).setContext(readContext).setWatch(watch));
  }

  /** As {@link QuollSession#exists(String)}. */
  public CompletableFuture<Optional<Stat>> exists(String path) {
    return read(exists(path, false), answers::existence);
  }

  /** As {@link QuollSession#exists(String, WatchHandler)}. */
  public CompletableFuture<Optional<Stat>> exists(String path, WatchHandler handler) {
    return session.submit(
        SessionCall.of(exists(path, true), answers::existence)
            .withEffect(
                (reply, watches) -> {
                  if (reply.getExists().hasStat()) {
                    watches.addData(treePath(path), handler);
                  } else {
                    watches.addExists(treePath(path), handler);
                  }
                }));
  }

  private SessionRequest.Builder exists(String path, boolean watch) {
    return request().setExists(requests.exists(path).setContext(readContext).setWatch(watch));
  }

  /** As {@link QuollSession#children(String, PageRequest)}. */
  public CompletableFuture<ChildrenPage> children(String path, PageRequest page) {
    return read(children(path, page, false), answers::page);
  }

  /** As {@link QuollSession#children(String, PageRequest, WatchHandler)}. */
  public CompletableFuture<ChildrenPage> children(
      String path, PageRequest page, WatchHandler handler) {
    return session.submit(
        SessionCall.of(children(path, page, true), answers::page)
            .withEffect((reply, watches) -> watches.addChildren(treePath(path), handler)));
  }

  private SessionRequest.Builder children(String path, PageRequest page, boolean watch) {
    return request()
        .setGetChildren(requests.children(path, page).setContext(readContext).setWatch(watch));
  }

  /** As {@link QuollSession#allChildren(String, PageRequest)}. */
  public CompletableFuture<ChildrenPage> allChildren(String path, PageRequest start) {
    return withPagesAfter(children(path, start), path, start);
  }

  /** As {@link QuollSession#allChildren(String, PageRequest, WatchHandler)}. */
  public CompletableFuture<ChildrenPage> allChildren(
      String path, PageRequest start, WatchHandler handler) {
    return withPagesAfter(children(path, start, handler), path, start);
  }

  private CompletableFuture<ChildrenPage> withPagesAfter(
      CompletableFuture<ChildrenPage> first, String path, PageRequest page) {
    return first.thenCompose(
        found ->
            found.isLast()
                ? CompletableFuture.completedFuture(found)
                : allChildren(path, page.withPageToken(found.nextPageToken()))
                    .thenApply(rest -> rest.after(found)));
  }

  /** As {@link QuollSession#multiRead(List)}. */
  public CompletableFuture<MultiReadOutcome> multiRead(List<Read> reads) {
    ImmutableList<Read> asked = ImmutableList.copyOf(reads);
    return read(
        request().setMultiRead(requests.multiRead(asked).setContext(readContext)),
        reply -> answers.reads(reply, asked));
  }

  /** As {@link QuollSession#countDescendants(String)}. */
  public CompletableFuture<Long> countDescendants(String path) {
    return countDescendants(path, "", 0);
  }

  private CompletableFuture<Long> countDescendants(String path, String pageToken, long before) {
    CountDescendantsRequest.Builder count =
        CountDescendantsRequest.newBuilder()
            .setContext(readContext)
            .setPath(treePath(path))
            .setPageToken(pageToken);
    return read(request().setCountDescendants(count), SessionReply::getCountDescendants)
        .thenCompose(
            reply -> {
              long counted = before + Integer.toUnsignedLong(reply.getCount());
              return reply.getNextPageToken().isEmpty()
                  ? CompletableFuture.completedFuture(counted)
                  : countDescendants(path, reply.getNextPageToken(), counted);
            });
  }

  /** As {@link QuollSession#sync(String)}. */
  public CompletableFuture<@Nullable Void> sync(String path) {
    SyncRequest.Builder sync = SyncRequest.newBuilder().setPath(treePath(path));
    return read(request().setSync(sync), reply -> null);
  }

  /** As {@link QuollSession#ephemerals(String)}. */
  public CompletableFuture<ImmutableList<String>> ephemerals(String pathPrefix) {
    GetEphemeralsRequest.Builder ephemerals =
        GetEphemeralsRequest.newBuilder()
            .setContext(readContext)
            .setPathPrefix(requests.chroot().toTreePrefix(pathPrefix));
    return read(request().setGetEphemerals(ephemerals), answers::ephemerals);
  }

  /** As {@link QuollSession#addWatch(String, WatchMode, WatchHandler)}. */
  public CompletableFuture<@Nullable Void> addWatch(
      String path, WatchMode mode, WatchHandler handler) {
    AddWatchRequest.Builder add =
        AddWatchRequest.newBuilder().setPath(treePath(path)).setMode(SessionAnswers.mode(mode));
    SessionCall<@Nullable Void> call = SessionCall.of(request().setAddWatch(add), reply -> null);
    return session.submit(
        call.withEffect((reply, watches) -> watches.add(treePath(path), mode, handler)));
  }

  /** As {@link QuollSession#removeWatches(String, WatchKind)}. */
  public CompletableFuture<@Nullable Void> removeWatches(String path, WatchKind kind) {
    return session.removeWatches(treePath(path), kind);
  }

  /** As {@link QuollSession#removeWatches(String, WatchKind, WatchHandler)}. */
  public CompletableFuture<@Nullable Void> removeWatches(
      String path, WatchKind kind, WatchHandler handler) {
    return session.removeWatches(treePath(path), kind, handler);
  }

  /** As {@link QuollSession#forgetWatches(String, WatchKind)}. */
  public CompletableFuture<@Nullable Void> forgetWatches(String path, WatchKind kind) {
    return session.forgetWatches(treePath(path), kind);
  }

  /** As {@link QuollSession#checkWatches(String, WatchKind)}. */
  public CompletableFuture<Boolean> checkWatches(String path, WatchKind kind) {
    return session.checkWatches(treePath(path), kind);
  }

  /** As {@link QuollSession#watch(String, WatchOptions, WatchListener)}. */
  public TreeWatch watch(String path, WatchOptions options, WatchListener listener) {
    return session.watch(path, options, listener);
  }

  /**
   * Closes the session once all requests made before are answered, and with it deletes its
   * ephemeral znodes. Refuses new requests from now on. Done when the session is over, however that
   * came about; after the session timeout it is given up, and left to the ensemble to end.
   */
  public CompletableFuture<@Nullable Void> close() {
    return session.close().copy();
  }

  /** Closes, waits so long for the end and gives up the session then. */
  void closeWithin(Duration patience) {
    session.closeWithin(patience);
  }

  /** Whether the calling thread is one that completes futures, which must not wait for one. */
  boolean isOnEventLoop() {
    return session.isOnEventLoop();
  }

  private <T extends @Nullable Object> CompletableFuture<T> write(
      SessionRequest.Builder request, Function<SessionReply, T> answer) {
    return session.submit(SessionCall.ofWrite(request, answer));
  }

  private <T extends @Nullable Object> CompletableFuture<T> read(
      SessionRequest.Builder request, Function<SessionReply, T> answer) {
    return session.submit(SessionCall.of(request, answer));
  }

  private static SessionRequest.Builder request() {
    return SessionRequest.newBuilder();
  }

  private String treePath(String path) {
    return requests.chroot().toTree(path);
  }
}
