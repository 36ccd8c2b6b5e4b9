package io.quoll.client.fake;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.quoll.api.v1.WatchBookmark;
import io.quoll.api.v1.WatchEvent;
import io.quoll.api.v1.WatchEvents;
import io.quoll.api.v1.WatchMode;
import io.quoll.api.v1.WatchRequest;
import io.quoll.api.v1.WatchResponse;
import io.quoll.api.v1.WatchStarted;
import io.quoll.api.v1.WatchState;
import io.quoll.api.v1.WatchTrimmed;
import io.quoll.api.v1.WatchedZnode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One watch stream of a fake server. Holds the tree while it does anything. */
final class FakeWatchStream {
  private final FakeTree tree;
  private final FakeWatches watches;
  private final StreamObserver<WatchResponse> out;
  private final Consumer<List<FakeChange>> onCommit = this::committed;

  FakeWatchStream(FakeTree tree, FakeWatches watches, StreamObserver<WatchResponse> out) {
    this.tree = tree;
    this.watches = watches;
    this.out = out;
  }

  /** Sends what comes first; tells whether more may follow. */
  boolean begin(WatchRequest request, boolean isCutWithinState) {
    long start = request.hasStartZxid() ? request.getStartZxid() : tree.zxid();
    long missing = tree.history().missingAfter(start);
    if (request.hasStartZxid() && missing > 0) {
      send(
          WatchResponse.newBuilder().setTrimmed(WatchTrimmed.newBuilder().setThroughZxid(missing)));
      out.onCompleted();
      return false;
    }
    send(WatchResponse.newBuilder().setStarted(WatchStarted.newBuilder().setZxid(start)));
    if (request.getInitialState()) {
      state(request, isCutWithinState);
    }
    if (isCutWithinState) {
      out.onError(Status.UNAVAILABLE.withDescription("cut").asRuntimeException());
      return false;
    }
    TreeMap<Long, List<FakeChange>> missed = new TreeMap<>();
    for (FakeChange change : tree.history().after(start)) {
      missed.computeIfAbsent(change.zxid(), zxid -> new ArrayList<>()).add(change);
    }
    missed.values().forEach(this::committed);
    tree.listen(onCommit);
    return true;
  }

  /** Sends the state in two parts, so that whoever takes the first one for all is wrong. */
  private void state(WatchRequest request, boolean isFirstPartOnly) {
    WatchState.Builder all = WatchState.newBuilder();
    if (tree.contains(request.getPath())) {
      boolean isRecursive = request.getMode() == WatchMode.WATCH_MODE_PERSISTENT_RECURSIVE;
      for (String path : tree.subtree(request.getPath())) {
        boolean isNear =
            path.equals(request.getPath()) || FakeTree.parent(path).equals(request.getPath());
        if (isRecursive || isNear) {
          all.addZnodes(znode(path, request.getWithData()));
        }
      }
    }
    int half = all.getZnodesCount() / 2;
    send(
        WatchResponse.newBuilder()
            .setState(WatchState.newBuilder().addAllZnodes(all.getZnodesList().subList(0, half))));
    if (isFirstPartOnly) {
      return;
    }
    send(
        WatchResponse.newBuilder()
            .setState(
                WatchState.newBuilder()
                    .addAllZnodes(all.getZnodesList().subList(half, all.getZnodesCount()))
                    .setLast(true)));
  }

  private WatchedZnode znode(String path, boolean withData) {
    FakeNode node = tree.require(path);
    WatchedZnode.Builder znode = WatchedZnode.newBuilder().setPath(path).setStat(node.stat());
    @Nullable ByteString data = node.data();
    return withData && data != null ? znode.setData(data).build() : znode.build();
  }

  /** Sends the events of a zxid one by one, so that each but the last is a part. */
  private void committed(List<FakeChange> changes) {
    List<WatchEvent> events = new ArrayList<>();
    changes.forEach(change -> events.addAll(watches.fire(change)));
    for (int i = 0; i < events.size(); i++) {
      send(
          WatchResponse.newBuilder()
              .setEvents(
                  WatchEvents.newBuilder()
                      .setZxid(events.get(i).getZxid())
                      .setTimeMillis(FakeTree.TIME_MILLIS)
                      .addEvents(events.get(i))
                      .setLast(i == events.size() - 1)));
    }
  }

  void bookmark() {
    boolean unused =
        tree.alone(
            () ->
                send(
                    WatchResponse.newBuilder()
                        .setBookmark(WatchBookmark.newBuilder().setZxid(tree.zxid()))));
  }

  /** The client has left. */
  void forget() {
    tree.forget(onCommit);
  }

  void end(StatusRuntimeException error) {
    boolean unused =
        tree.alone(
            () -> {
              tree.forget(onCommit);
              out.onError(error);
              return true;
            });
  }

  private boolean send(WatchResponse.Builder response) {
    out.onNext(response.build());
    return true;
  }
}
