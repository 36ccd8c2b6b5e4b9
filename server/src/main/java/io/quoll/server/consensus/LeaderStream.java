package io.quoll.server.consensus;

import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;

/**
 * The stream of {@link LeaderPresence} by gRPC, on a connection of its own: one that failed before
 * would say that the leader is gone without having tried. Thread-safe.
 */
final class LeaderStream implements StreamObserver<byte[]> {
  private final ManagedChannel channel;
  private final Runnable onWord;
  private final Runnable onEnd;

  private LeaderStream(ManagedChannel channel, Runnable onWord, Runnable onEnd) {
    this.channel = channel;
    this.onWord = onWord;
    this.onEnd = onEnd;
  }

  /** As {@link LeaderPresence.Opener#open}. */
  static Runnable open(PeerChannels channels, int leaderId, Runnable onWord, Runnable onEnd) {
    ManagedChannel channel = channels.newChannel(leaderId);
    ClientCalls.asyncServerStreamingCall(
        channel.newCall(PeerProtocol.ATTEND, CallOptions.DEFAULT),
        new byte[0],
        new LeaderStream(channel, onWord, onEnd));
    return () -> {
      channel.shutdownNow();
      channels.renew(leaderId); // It may be cut off, which nobody tells.
    };
  }

  @Override
  public void onNext(byte[] word) {
    onWord.run();
  }

  @Override
  public void onError(Throwable error) {
    onCompleted();
  }

  @Override
  public void onCompleted() {
    channel.shutdownNow();
    onEnd.run();
  }
}
