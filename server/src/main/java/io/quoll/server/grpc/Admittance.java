package io.quoll.server.grpc;

import com.google.common.collect.ImmutableSet;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.quoll.server.coordination.UnavailableException;
import io.quoll.server.coordination.UnavailableException.Applied;
import io.quoll.server.coordination.UnavailableException.Reason;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Refuses the calls of connections that are too many, and unary calls that come faster than their
 * caller may make them; each is told when to try again. A stream is not refused but read as slowly
 * as its requests may come. What tells how the server stands is served at any rate. Thread-safe.
 */
final class Admittance implements ServerInterceptor {
  /** After which a connection that was refused may be tried again. */
  static final Duration CONNECT_AGAIN = Duration.ofSeconds(1);

  private static final ImmutableSet<String> AT_ANY_RATE =
      ImmutableSet.of(
          "grpc.health.v1.Health",
          "grpc.reflection.v1.ServerReflection",
          "quoll.v1.ClusterService");

  private static final Context.Key<RequestPace> PACE =
      Context.keyWithDefault("quoll-pace", RequestPace.FREE);

  private final ConnectionCount connections;
  private final RequestRates rates;
  private final Rejections rejections;

  Admittance(ConnectionCount connections, RequestRates rates, Rejections rejections) {
    this.connections = connections;
    this.rates = rates;
    this.rejections = rejections;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    @Nullable SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    if (remote instanceof InetSocketAddress address) {
      Optional<UnavailableException> refusal = refusal(call, address);
      if (refusal.isPresent()) {
        refuse(call, refusal.get());
        return new ServerCall.Listener<>() {};
      }
    }
    return rates.isLimited() && remote instanceof InetSocketAddress address
        ? Contexts.interceptCall(
            Context.current().withValue(PACE, paceOf(callerAt(address))), call, headers, next)
        : next.startCall(call, headers);
  }

  private RequestPace paceOf(String caller) {
    return requests -> rates.take(caller, requests);
  }

  /** How fast requests may come on the stream in whose gRPC context this is called. */
  static RequestPace pace() {
    return PACE.get();
  }

  private Optional<UnavailableException> refusal(ServerCall<?, ?> call, InetSocketAddress remote) {
    Optional<String> tooMany = connections.refusal(remote);
    if (tooMany.isPresent()) {
      return Optional.of(overloaded(tooMany.get(), CONNECT_AGAIN));
    }
    boolean isCounted =
        rates.isLimited()
            && call.getMethodDescriptor().getType() == MethodType.UNARY
            && !AT_ANY_RATE.contains(call.getMethodDescriptor().getServiceName());
    long waitNanos = isCounted ? rates.tryTake(callerAt(remote), 1) : 0;
    return waitNanos == 0
        ? Optional.empty()
        : Optional.of(
            overloaded(
                "%s makes more requests than it may: %s (requestRateLimit)"
                    .formatted(callerAt(remote), rates),
                Duration.ofNanos(waitNanos)));
  }

  /** The caller whose rate a connection from {@code remote} counts for. */
  static String callerAt(InetSocketAddress remote) {
    return remote.getAddress().getHostAddress();
  }

  private static UnavailableException overloaded(String why, Duration retryAfter) {
    return new UnavailableException(Reason.OVERLOADED, Applied.NO, why, retryAfter);
  }

  private void refuse(ServerCall<?, ?> call, UnavailableException refusal) {
    StatusRuntimeException told = rejections.ofWrite(refusal); // Nothing was applied.
    @Nullable Metadata trailers = told.getTrailers();
    call.close(told.getStatus(), trailers == null ? new Metadata() : trailers);
  }
}
