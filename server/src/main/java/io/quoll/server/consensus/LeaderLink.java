package io.quoll.server.consensus;

import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCallStreamObserver;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientResponseObserver;

/**
 * A stream of this replica's batches to one leader. Once it is broken it stays so: what was sent on
 * it may be lost, and is sent again on another.
 *
 * <p>Sending is confined to the proposer's thread; the rest is thread-safe.
 */
final class LeaderLink {
  private final int leaderId;
  private final Runnable onBroken;
  private volatile boolean broken;
  private final ClientCallStreamObserver<byte[]> stream;

  private LeaderLink(PeerChannels channels, int leaderId, Runnable onBroken) {
    this.leaderId = leaderId;
    this.onBroken = onBroken;
    this.stream =
        (ClientCallStreamObserver<byte[]>)
            ClientCalls.asyncBidiStreamingCall(
                channels.to(leaderId).newCall(PeerProtocol.PROPOSE, CallOptions.DEFAULT),
                new Ending());
  }

  /** Opens a stream to {@code leaderId}; {@code onBroken} is called when it ends, by any thread. */
  static LeaderLink open(PeerChannels channels, int leaderId, Runnable onBroken) {
    return new LeaderLink(channels, leaderId, onBroken);
  }

  /** The leader that this link goes to. */
  int leaderId() {
    return leaderId;
  }

  /** Whether the stream has ended. */
  boolean isBroken() {
    return broken;
  }

  /** Sends a batch. */
  void send(byte[] batch) {
    if (!broken) {
      stream.onNext(batch);
    }
  }

  /** Ends the stream. */
  void close() {
    broken = true;
    stream.cancel("another leader, or none", null);
  }

  private final class Ending implements ClientResponseObserver<byte[], byte[]> {
    @Override
    public void beforeStart(ClientCallStreamObserver<byte[]> requests) {}

    @Override
    public void onNext(byte[] nothing) {}

    @Override
    public void onError(Throwable error) {
      onCompleted();
    }

    @Override
    public void onCompleted() {
      broken = true;
      onBroken.run();
    }
  }
}
