package io.quoll.client.cache;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quoll.client.Applied;
import io.quoll.client.AsyncQuollSession;
import io.quoll.client.ErrorCode;
import io.quoll.client.QuollException;
import io.quoll.client.WatchEvent;
import io.quoll.client.WatchGap;
import io.quoll.client.WatchHandler;
import io.quoll.client.WatchKind;
import io.quoll.client.WatchMode;
import io.quoll.client.ZnodeData;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The znodes of a subtree with their data, held in memory and kept current by a recursive watch of
 * a session, for as long as the session lives.
 *
 * <p><b>Consistency.</b> What the cache shows is always the whole subtree as it was at one zxid,
 * {@link #zxid}, never a mixture. It trails the tree by the time that it takes to read what
 * changed. While znodes are created faster than they can be read, it shows the last consistent
 * state that it had. Without a server it shows what it had; afterwards it tells what changed
 * meanwhile, even where the server's history does not reach back: then it reads all of the subtree
 * again and tells the differences.
 *
 * <p><b>Threads.</b> Thread-safe. Reads never wait for the network. Listeners are called by the
 * session's handler thread, one after the other; they may wait, and see the cache at the zxid that
 * they are told of or a later one.
 *
 * <p><b>Memory.</b> All of the subtree is held, so watch small ones.
 */
public final class ZnodeCache implements AutoCloseable {
  private final AsyncQuollSession session;
  private final String root;
  private final CacheListener listener;
  private final SubtreeReader reader;
  private final CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();
  private final WatchHandler handler = new Handler();

  @GuardedBy("this")
  private final TreeMap<String, ZnodeData> znodes = new TreeMap<>();

  @GuardedBy("this")
  private long zxid;

  private volatile boolean closed;

  private ZnodeCache(AsyncQuollSession session, String root, CacheListener listener) {
    this.session = session;
    this.root = root;
    this.listener = listener;
    this.reader = new SubtreeReader(session, root, this::publish, this::failed);
  }

  /**
   * Begins to cache a subtree. This waits for nothing; the cache is empty until {@link #ready}. The
   * root of the subtree need not exist.
   */
  public static ZnodeCache start(AsyncQuollSession session, String root, CacheListener listener) {
    ZnodeCache cache = new ZnodeCache(session, root, listener);
    var unused =
        session
            .addWatch(root, WatchMode.PERSISTENT_RECURSIVE, cache.handler)
            .whenCompleteAsync(
                (added, failure) -> {
                  if (failure == null) {
                    cache.reader.readAll();
                  } else {
                    cache.failed(QuollException.in(failure));
                  }
                },
                session.executor());
    return cache;
  }

  /**
   * Done when the cache shows the subtree for the first time. Fails if the cache or the session
   * ends before, or the subtree cannot be watched or read.
   */
  public CompletableFuture<@Nullable Void> ready() {
    return ready.copy();
  }

  /** The zxid at which the cache shows the subtree; 0 until it is ready. */
  public synchronized long zxid() {
    return zxid;
  }

  /** A znode's data and stat, if there is such a znode in the subtree. */
  public synchronized Optional<ZnodeData> get(String path) {
    return Optional.ofNullable(znodes.get(path));
  }

  /** The names of a znode's children in their order; none if there is no such znode. */
  public synchronized ImmutableList<String> children(String path) {
    String prefix = path.equals("/") ? "/" : path + "/";
    return znodes.subMap(prefix, false, prefix + Character.MAX_VALUE, false).keySet().stream()
        .map(below -> below.substring(prefix.length()))
        .filter(below -> below.indexOf('/') < 0)
        .collect(ImmutableList.toImmutableList());
  }

  /** All znodes at one zxid. Copies them. */
  public synchronized CacheView view() {
    return new CacheView(zxid, ImmutableSortedMap.copyOf(znodes));
  }

  /** Ends the watch. The cache goes on showing what it had, and listeners are told nothing more. */
  @Override
  public void close() {
    closed = true;
    failed(new QuollException(ErrorCode.CLOSED, null, Applied.NO, "the cache was closed", null));
    var unused =
        session
            .removeWatches(root, WatchKind.PERSISTENT_RECURSIVE, handler)
            .exceptionally(sessionIsOver -> null);
  }

  /** Takes the new states of what was read, null for what is gone. On the session's executor. */
  private void publish(long atZxid, Map<String, Optional<ZnodeData>> read) {
    if (closed) {
      return;
    }
    ImmutableList<CacheChange> changes = apply(atZxid, read);
    if (!changes.isEmpty()) {
      listener.onChanges(atZxid, changes);
    }
    ready.complete(null);
  }

  private synchronized ImmutableList<CacheChange> apply(
      long atZxid, Map<String, Optional<ZnodeData>> read) {
    ImmutableList.Builder<CacheChange> changes = ImmutableList.builder();
    read.forEach(
        (path, found) -> {
          @Nullable ZnodeData after = found.orElse(null);
          @Nullable ZnodeData before = swap(path, after);
          if (before == null ? after != null : !before.equals(after)) {
            changes.add(new CacheChange(path, before, after));
          }
        });
    zxid = atZxid;
    return changes.build();
  }

  private synchronized @Nullable ZnodeData swap(String path, @Nullable ZnodeData after) {
    return after == null ? znodes.remove(path) : znodes.put(path, after);
  }

  private synchronized ImmutableList<String> paths() {
    return ImmutableList.copyOf(znodes.keySet());
  }

  private void failed(QuollException failure) {
    ready.completeExceptionally(failure);
  }

  private final class Handler implements WatchHandler {
    @Override
    public void onEvent(WatchEvent event) {
      reader.changed(event);
    }

    @Override
    public void onGap(WatchGap gap) {
      reader.readAgain(paths());
    }
  }
}
