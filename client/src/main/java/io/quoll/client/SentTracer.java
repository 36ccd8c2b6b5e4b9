package io.quoll.client;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;

/**
 * Notes whether a call got as far as the wire. As long as its headers were not written no server
 * can have acted on it.
 *
 * <p>Thread-safe.
 */
final class SentTracer extends ClientStreamTracer.Factory {
  private volatile boolean sent;

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    // gRPC sends a second time on its own only what the server said it never looked at.
    sent = false;
    return new ClientStreamTracer() {
      @Override
      public void outboundHeaders() {
        sent = true;
      }
    };
  }

  boolean isSent() {
    return sent;
  }
}
