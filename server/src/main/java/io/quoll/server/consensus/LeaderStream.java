package io.quoll.server.consensus;

import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.ClientCall;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;

/** The stream of {@link LeaderPresence} by gRPC. Thread-safe. */
final class LeaderStream implements StreamObserver<byte[]> {
  private final Runnable onWord;
  private final Runnable onEnd;

  private LeaderStream(Runnable onWord, Runnable onEnd) {
    this.onWord = onWord;
    this.onEnd = onEnd;
  }

  /** As {@link LeaderPresence.Opener#open}. */
  static Runnable open(PeerChannels channels, int leaderId, Runnable onWord, Runnable onEnd) {
    channels.reconnect(leaderId);
    ClientCall<byte[], byte[]> call =
        channels.to(leaderId).newCall(PeerProtocol.ATTEND, CallOptions.DEFAULT);
    ClientCalls.asyncServerStreamingCall(call, new byte[0], new LeaderStream(onWord, onEnd));
    return () -> call.cancel("another leader, or none", null);
  }

  @Override
  public void onNext(byte[] word) {
    onWord.run();
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
