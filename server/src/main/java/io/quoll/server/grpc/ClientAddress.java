package io.quoll.server.grpc;

import com.google.common.net.HostAndPort;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * Tells a method whose requests are a stream, when it is begun, where its client is. Thread-safe.
 */
final class ClientAddress implements ServerInterceptor {
  private static final Context.Key<SocketAddress> KEY = Context.key("client-address");

  /** Where the client of the stream is that is being begun, as {@code host:port}, or empty. */
  static String current() {
    return KEY.get() instanceof InetSocketAddress address && address.getAddress() != null
        ? HostAndPort.fromParts(address.getAddress().getHostAddress(), address.getPort()).toString()
        : "";
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    SocketAddress address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    if (address == null || call.getMethodDescriptor().getType().clientSendsOneMessage()) {
      return next.startCall(call, headers);
    }
    Context context = Context.current().withValue(KEY, address);
    Context former = context.attach();
    try {
      return next.startCall(call, headers);
    } finally {
      context.detach(former);
    }
  }
}
