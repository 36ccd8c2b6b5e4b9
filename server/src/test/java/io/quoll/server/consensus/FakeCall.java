package io.quoll.server.consensus;

import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCallStreamObserver;

/** The server's side of a call, which notes what is said. */
final class FakeCall extends ServerCallStreamObserver<byte[]> {
  final List<byte[]> said = new ArrayList<>();
  boolean ready = true;
  boolean completed;
  private Runnable onCancel = () -> {};

  /** What happens when the client goes away. */
  void cancel() {
    onCancel.run();
  }

  @Override
  public void onNext(byte[] value) {
    said.add(value);
  }

  @Override
  public void onError(Throwable error) {
    completed = true;
  }

  @Override
  public void onCompleted() {
    completed = true;
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public void setOnCancelHandler(Runnable handler) {
    onCancel = handler;
  }

  @Override
  public boolean isReady() {
    return ready;
  }

  @Override
  public void setOnReadyHandler(Runnable handler) {}

  @Override
  public void setCompression(String compression) {}

  @Override
  public void disableAutoInboundFlowControl() {}

  @Override
  public void request(int count) {}

  @Override
  public void setMessageCompression(boolean enable) {}
}
