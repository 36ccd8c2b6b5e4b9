package io.quoll.server.consensus;

import io.quoll.statemachine.store.Position;
import java.util.function.Consumer;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCallStreamObserver;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientResponseObserver;
import org.jspecify.annotations.Nullable;

/** A stream of {@link CommitFollower} by gRPC. Thread-safe. */
final class CommitStream implements ClientResponseObserver<byte[], byte[]> {
  private final Consumer<Position> onCommitted;
  private final Runnable onEnd;
  private volatile @Nullable ClientCallStreamObserver<byte[]> call;

  private CommitStream(Consumer<Position> onCommitted, Runnable onEnd) {
    this.onCommitted = onCommitted;
    this.onEnd = onEnd;
  }

  /** As {@link CommitFollower.Opener#open}, for the member {@code selfId}. */
  static Runnable open(
      PeerChannels channels,
      int selfId,
      int leaderId,
      Consumer<Position> onCommitted,
      Runnable onEnd) {
    CommitStream stream = new CommitStream(onCommitted, onEnd);
    ClientCalls.asyncServerStreamingCall(
        channels.to(leaderId).newCall(PeerProtocol.COMMITS, PeerChannels.ON_EVENT_LOOP),
        PeerMessages.encodeServerId(selfId),
        stream);
    return stream::cancel;
  }

  private void cancel() {
    ClientCallStreamObserver<byte[]> started = call;
    if (started != null) {
      started.cancel("another leader, or none", null);
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<byte[]> requests) {
    call = requests;
  }

  @Override
  public void onNext(byte[] position) {
    onCommitted.accept(PeerMessages.decodePosition(position));
  }

  @Override
  public void onError(Throwable error) {
    onEnd.run();
  }

  @Override
  public void onCompleted() {
    onEnd.run();
  }
}
