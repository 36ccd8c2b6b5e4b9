package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.server.coordination.FeedReader.WatchedZnode;
import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.StateStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state that a feed begins with, read part by part from one view; only what its caller may
 * read. Confined to the turns of its stream.
 */
final class InitialState implements AutoCloseable {
  /** After how many bytes no further znode is put into a part. */
  static final int PART_BYTES = 256 * 1024;

  private static final int ZNODE_BYTES = 100;
  private static final int PATHS_AT_ONCE = 500;

  private final ChangeFeed feed;
  private final FeedRequest request;
  private final StateStore.View view;
  private final long deadlineNanos;
  private final Deque<ZnodePath> paths = new ArrayDeque<>();
  private ZnodePath last;
  private boolean allPathsRead;

  /** The state at the present. */
  InitialState(ChangeFeed feed, FeedRequest request) {
    this.feed = feed;
    this.request = request;
    deadlineNanos = System.nanoTime() + feed.initialStateTime().toNanos();
    view = feed.beginState();
    last = request.path();
    allPathsRead = !mayBeTold(view.find(last).orElse(null));
    if (!allPathsRead) {
      paths.add(last);
    }
  }

  // Who may not list the children is not told of them by a watch on the list.
  private boolean mayBeTold(@Nullable Znode znode) {
    return znode != null
        && (request.mode() == WatchMode.RECURSIVE
            || request.caller().may(Permission.READ, znode.acl()));
  }

  /** The zxid of the state. */
  long zxid() {
    return view.zxid();
  }

  /** Refuses to go on, with {@code OVERLOADED}, once it took too long. */
  void requireInTime() {
    if (System.nanoTime() - deadlineNanos >= 0) {
      throw ChangeFeed.overloaded(
          "the initial state was not read within " + feed.initialStateTime().toMillis() + " ms");
    }
  }

  /** The next part; parents come before their children. */
  ImmutableList<WatchedZnode> next() {
    ImmutableList.Builder<WatchedZnode> part = ImmutableList.builder();
    long bytes = 0;
    while (bytes < PART_BYTES && !isAllTaken()) {
      ZnodePath path = paths.removeFirst();
      Znode found = view.require(path);
      bytes += ZNODE_BYTES + path.value().length(); // Also of what is left out: it takes its time.
      if (request.caller().may(Permission.READ, found.acl())) {
        WatchedZnode znode = znode(path, found);
        bytes += znode.data() == null ? 0 : znode.data().size();
        part.add(znode);
      }
      if (paths.isEmpty() && !allPathsRead) {
        readPaths();
      }
    }
    return part.build();
  }

  /** Whether there is no further part. */
  boolean isAllTaken() {
    return paths.isEmpty() && allPathsRead;
  }

  private void readPaths() {
    if (request.mode() == WatchMode.RECURSIVE) {
      paths.addAll(view.descendants(request.path(), last, PATHS_AT_ONCE));
    } else {
      String after = last.equals(request.path()) ? "" : last.name();
      view.children(request.path(), after, PATHS_AT_ONCE)
          .forEach(name -> paths.add(request.path().child(name)));
    }
    allPathsRead = paths.size() < PATHS_AT_ONCE;
    if (!paths.isEmpty()) {
      last = paths.getLast();
    }
  }

  private WatchedZnode znode(ZnodePath path, Znode znode) {
    Optional<ByteString> data =
        request.withData() ? Optional.ofNullable(view.data(path)) : Optional.empty();
    return new WatchedZnode(path, znode.stat(), data.orElse(null));
  }

  /** Lets the view go. */
  @Override
  public void close() {
    feed.endState(view);
  }
}
