package io.quoll.client.fake;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quoll.api.v1.WatchMode;
import io.quoll.api.v1.WatchRequest;
import io.quoll.api.v1.WatchResponse;
import io.quoll.api.v1.WatchServiceGrpc;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The contract's watch service over a {@link FakeTree}. Thread-safe. */
final class FakeWatchService extends WatchServiceGrpc.WatchServiceImplBase {
  private final FakeTree tree;
  private final Replies replies;
  private final List<FakeWatchStream> streams = new CopyOnWriteArrayList<>();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicBoolean cutsWithinState = new AtomicBoolean();

  FakeWatchService(FakeTree tree, Replies replies) {
    this.tree = tree;
    this.replies = replies;
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<WatchResponse> out) {
    if (replies.isMute()) {
      return;
    }
    String refusal = replies.refusal();
    boolean isWrong = request.hasStartZxid() && request.getInitialState();
    if (!refusal.isEmpty() || isWrong || !request.getPath().startsWith("/")) {
      out.onError(replies.refusal(refusal.isEmpty() ? "BAD_ARGUMENTS" : refusal));
      return;
    }
    begun.incrementAndGet();
    FakeWatches watches = new FakeWatches();
    WatchMode mode = request.getMode();
    watches.add(request.getPath(), mode);
    boolean isCut = request.getInitialState() && cutsWithinState.getAndSet(false);
    FakeWatchStream stream = new FakeWatchStream(tree, watches, out);
    ((ServerCallStreamObserver<WatchResponse>) out).setOnCancelHandler(() -> leave(stream));
    boolean goesOn = tree.alone(() -> stream.begin(request, isCut));
    if (goesOn) {
      streams.add(stream);
    }
  }

  private void leave(FakeWatchStream stream) {
    streams.remove(stream);
    stream.forget();
  }

  /** Sends a bookmark on every stream. */
  void bookmark() {
    streams.forEach(FakeWatchStream::bookmark);
  }

  /** Breaks every stream as a lost connection would. */
  void cut() {
    streams.forEach(
        stream -> stream.end(Status.UNAVAILABLE.withDescription("cut").asRuntimeException()));
    streams.clear();
  }

  void cutWithinState() {
    cutsWithinState.set(true);
  }

  int begun() {
    return begun.get();
  }
}
