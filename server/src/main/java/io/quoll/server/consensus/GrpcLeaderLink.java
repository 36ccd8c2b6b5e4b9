package io.quoll.server.consensus;

import org.apache.ratis.thirdparty.io.grpc.stub.ClientCallStreamObserver;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientResponseObserver;

/** A stream of gRPC to one leader. Sending is for one thread at a time; the rest is thread-safe. */
final class GrpcLeaderLink implements LeaderLink {
  private final PeerChannels channels;
  private final int leaderId;
  private final Runnable onBroken;
  private volatile boolean broken;
  private final ClientCallStreamObserver<byte[]> stream;

  private GrpcLeaderLink(PeerChannels channels, int leaderId, Runnable onBroken) {
    this.channels = channels;
    this.leaderId = leaderId;
    this.onBroken = onBroken;
    this.stream =
        (ClientCallStreamObserver<byte[]>)
            ClientCalls.asyncBidiStreamingCall(
                channels.to(leaderId).newCall(PeerProtocol.PROPOSE, PeerChannels.ON_EVENT_LOOP),
                new Ending());
  }

  /** As {@link LeaderLink.Opener#open}; tries at once to reach a leader that was unreachable. */
  static LeaderLink open(PeerChannels channels, int leaderId, Runnable onBroken) {
    channels.reconnect(leaderId);
    return new GrpcLeaderLink(channels, leaderId, onBroken);
  }

  @Override
  public int leaderId() {
    return leaderId;
  }

  @Override
  public boolean isBroken() {
    return broken;
  }

  @Override
  public void send(byte[] batch) {
    if (!broken) {
      stream.onNext(batch);
    }
  }

  @Override
  public void close() {
    boolean wasBroken = broken;
    broken = true;
    stream.cancel("another leader, or none", null);
    if (!wasBroken) { // It may be cut off, which nobody tells.
      channels.renew(leaderId);
    }
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
