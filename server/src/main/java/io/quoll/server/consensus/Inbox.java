package io.quoll.server.consensus;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;

/**
 * The batches that other replicas sent to this one because it is the leader. When this one may have
 * lost one of them it ends all their streams, and they send again. Thread-safe.
 */
final class Inbox {
  private final Runnable onArrival;

  @GuardedBy("this")
  private final Deque<Arrived> batches = new ArrayDeque<>();

  @GuardedBy("this")
  private long bytes;

  @GuardedBy("this")
  private final Set<StreamObserver<byte[]>> streams = new HashSet<>();

  @GuardedBy("this")
  private boolean open;

  /** A batch, and the stream that it came by. */
  private record Arrived(StreamObserver<byte[]> stream, ByteString batch) {}

  /** {@code onArrival} is called by any thread when there is a batch to take. */
  Inbox(Runnable onArrival) {
    this.onArrival = onArrival;
  }

  /** Takes streams from now on. */
  synchronized void open() {
    open = true;
  }

  /** Drops what was not taken, and ends all streams. */
  void reset() {
    end("batches may have been lost; send them again");
  }

  /** As {@link #reset}, and takes no streams until it is opened again. */
  void close() {
    synchronized (this) {
      open = false;
    }
    end("not the leader");
  }

  private void end(String why) {
    List<StreamObserver<byte[]>> ended;
    synchronized (this) {
      batches.clear();
      bytes = 0;
      ended = new ArrayList<>(streams);
      streams.clear();
    }
    ended.forEach(stream -> stream.onError(refusal(why)));
  }

  /** The next batch, if there is one of at most {@code bytesMax}, or of any size if {@code any}. */
  synchronized Optional<ByteString> poll(int bytesMax, boolean any) {
    Arrived next = batches.peek();
    if (next == null || (!any && next.batch().size() > bytesMax)) {
      return Optional.empty();
    }
    bytes -= next.batch().size();
    return Optional.of(batches.remove().batch());
  }

  /** How many batches were not taken yet. */
  synchronized int batchCount() {
    return batches.size();
  }

  /** How many bytes they have. */
  synchronized long bytes() {
    return bytes;
  }

  /** Serves one stream of batches. */
  StreamObserver<byte[]> accept(StreamObserver<byte[]> replies) {
    boolean accepted;
    synchronized (this) {
      accepted = open && streams.add(replies);
    }
    if (!accepted) {
      replies.onError(refusal("not the leader"));
    }
    return new Stream(replies);
  }

  private static Exception refusal(String why) {
    return Status.UNAVAILABLE.withDescription(why).asException();
  }

  private final class Stream implements StreamObserver<byte[]> {
    private final StreamObserver<byte[]> replies;

    Stream(StreamObserver<byte[]> replies) {
      this.replies = replies;
    }

    @Override
    public void onNext(byte[] batch) {
      synchronized (Inbox.this) {
        if (!streams.contains(replies)) {
          return; // Its sender is being told, and sends this again.
        }
        batches.add(new Arrived(replies, UnsafeByteOperations.unsafeWrap(batch)));
        bytes += batch.length;
      }
      onArrival.run();
    }

    @Override
    public void onError(Throwable error) {
      forget();
    }

    @Override
    public void onCompleted() {
      if (forget()) {
        replies.onCompleted();
      }
    }

    private boolean forget() {
      synchronized (Inbox.this) {
        batches.removeIf(this::isOfThis); // Its sender sends them again.
        bytes = batches.stream().mapToLong(arrived -> arrived.batch().size()).sum();
        return streams.remove(replies);
      }
    }

    private boolean isOfThis(Arrived arrived) {
      return arrived.stream() == replies;
    }
  }
}
