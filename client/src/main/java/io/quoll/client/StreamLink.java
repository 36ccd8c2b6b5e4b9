package io.quoll.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

/**
 * One stream to one server. What comes from it is handed to its owner on the owner's lane, message
 * by message, as many as were asked for.
 *
 * <p>Confined to the lane.
 */
final class StreamLink<Q, R> {
  /** Whom a stream belongs to. Called on the lane. */
  interface Owner<Q, R> {
    void received(StreamLink<Q, R> link, R message);

    /** The stream takes messages again without storing them. */
    void ready(StreamLink<Q, R> link);

    /** The stream ended; with {@code OK} too. */
    void ended(StreamLink<Q, R> link, Throwable reason);
  }

  private final Connection connection;
  private final ClientCall<Q, R> call;

  private StreamLink(Connection connection, ClientCall<Q, R> call) {
    this.connection = connection;
    this.call = call;
  }

  /** Begins a stream, with the credentials of {@code keyring}, and asks for the first message. */
  static <Q, R> StreamLink<Q, R> start(
      Lane lane,
      Endpoint endpoint,
      MethodDescriptor<Q, R> method,
      Keyring keyring,
      Owner<Q, R> owner) {
    Connection connection = lane.connection(endpoint);
    ClientCall<Q, R> call = connection.channel().newCall(method, CallOptions.DEFAULT);
    StreamLink<Q, R> link = new StreamLink<>(connection, call);
    Metadata headers = new Metadata();
    keyring.addTo(headers);
    call.start(link.new Listener(lane, owner), headers);
    call.request(1);
    return link;
  }

  Connection connection() {
    return connection;
  }

  boolean isReady() {
    return call.isReady();
  }

  void send(Q message) {
    call.sendMessage(message);
  }

  void halfClose() {
    call.halfClose();
  }

  /** Asks for one more message. */
  void read() {
    call.request(1);
  }

  void cancel() {
    call.cancel("left", null);
  }

  private final class Listener extends ClientCall.Listener<R> {
    private final Lane lane;
    private final Owner<Q, R> owner;

    Listener(Lane lane, Owner<Q, R> owner) {
      this.lane = lane;
      this.owner = owner;
    }

    // Always by way of the lane's queue, even on its own thread: gRPC tells the beginning of a
    // stream on other threads, and what comes later must not overtake it.
    @Override
    public void onMessage(R message) {
      lane.execute(() -> owner.received(StreamLink.this, message));
    }

    @Override
    public void onReady() {
      lane.execute(() -> owner.ready(StreamLink.this));
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      Throwable reason = status.asRuntimeException(trailers);
      lane.execute(() -> owner.ended(StreamLink.this, reason));
    }
  }
}
