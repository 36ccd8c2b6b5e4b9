package io.quoll.client.fake;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quoll.api.v1.ClientFrame;
import io.quoll.api.v1.ServerFrame;
import io.quoll.api.v1.SessionServiceGrpc;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The contract's session service over a {@link FakeTree}. Thread-safe. */
final class FakeSessionService extends SessionServiceGrpc.SessionServiceImplBase {
  private final FakeTree tree;
  private final FakeOperations operations;
  private final FakeFaults faults;
  private final List<FakeAttachment> attachments = new CopyOnWriteArrayList<>();
  private final AtomicInteger attached = new AtomicInteger();
  private final AtomicInteger requestFrames = new AtomicInteger();
  private final AtomicInteger pings = new AtomicInteger();
  private final AtomicInteger setWatches = new AtomicInteger();

  FakeSessionService(FakeOperations operations, FakeFaults faults) {
    this.tree = operations.tree();
    this.operations = operations;
    this.faults = faults;
  }

  @Override
  public StreamObserver<ClientFrame> session(StreamObserver<ServerFrame> out) {
    FakeAttachment attachment = new FakeAttachment(this, tree, out);
    ((ServerCallStreamObserver<ServerFrame>) out).setOnCancelHandler(attachment::onCompleted);
    return attachment;
  }

  FakeOperations operations() {
    return operations;
  }

  Replies replies() {
    return operations.replies();
  }

  FakeFaults faults() {
    return faults;
  }

  boolean isMute() {
    return replies().isMute();
  }

  String refusal() {
    return replies().refusal();
  }

  void attached(FakeAttachment attachment) {
    attached.incrementAndGet();
    attachments.add(attachment);
  }

  void left(FakeAttachment attachment) {
    attachments.remove(attachment);
  }

  void countFrame(ClientFrame frame) {
    if (frame.getRequestsCount() > 0) {
      requestFrames.incrementAndGet();
    }
    if (frame.getPing() != 0) {
      pings.incrementAndGet();
    }
  }

  void countSetWatches() {
    setWatches.incrementAndGet();
  }

  void cut() {
    List.copyOf(attachments).forEach(FakeAttachment::cut);
  }

  int attachedEver() {
    return attached.get();
  }

  int attachedNow() {
    return attachments.size();
  }

  int requestFrames() {
    return requestFrames.get();
  }

  int pings() {
    return pings.get();
  }

  int setWatchesEver() {
    return setWatches.get();
  }

  int watchCount() {
    return attachments.stream().mapToInt(FakeAttachment::watchCount).sum();
  }
}
