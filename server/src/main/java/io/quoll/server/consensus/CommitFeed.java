package io.quoll.server.consensus;

import io.quoll.statemachine.store.Position;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCallStreamObserver;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;

/**
 * Tells the other members at once what is committed, which Raft would tell them along with the next
 * entry or heartbeat. (ADR 0013.) Thread-safe.
 */
final class CommitFeed {
  private final IntSupplier others;
  private final Map<Integer, ServerCallStreamObserver<byte[]>> streams = new ConcurrentHashMap<>();

  /** One that tells nobody yet, in an ensemble with so many other members at a time. */
  CommitFeed(IntSupplier others) {
    this.others = others;
  }

  /** Tells a member from now on, until it ends the stream or opens another. */
  void accept(int serverId, StreamObserver<byte[]> replies) {
    ServerCallStreamObserver<byte[]> stream = (ServerCallStreamObserver<byte[]>) replies;
    stream.setOnCancelHandler(() -> streams.remove(serverId, stream));
    ServerCallStreamObserver<byte[]> former = streams.put(serverId, stream);
    if (former != null) {
      synchronized (former) {
        former.onCompleted();
      }
    }
  }

  /** Whether all others are told. */
  boolean tellsAll() {
    return streams.size() >= others.getAsInt();
  }

  /** Whether a member is told. */
  boolean tells(int serverId) {
    return streams.containsKey(serverId);
  }

  /** Tells all that the entry at {@code position} is committed, and so is what comes before it. */
  void tell(Position position) {
    if (streams.isEmpty()) {
      return;
    }
    byte[] message = PeerMessages.encode(position);
    for (ServerCallStreamObserver<byte[]> stream : streams.values()) {
      synchronized (stream) { // A stream is not for several threads.
        // One that takes no more would only hear of what is old when it does.
        if (stream.isReady() && !stream.isCancelled()) {
          stream.onNext(message);
        }
      }
    }
  }
}
