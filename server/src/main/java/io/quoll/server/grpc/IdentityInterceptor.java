package io.quoll.server.grpc;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.quoll.server.coordination.Authentication;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Identity;
import io.quoll.statemachine.state.Rejection;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who makes a call, before any service sees it, and refuses the calls of those who are
 * not served. Credentials come in the metadata {@code authorization}, as {@code Basic} and the
 * Base64 of {@code user:password}, which stand for the scheme digest. Thread-safe.
 */
final class IdentityInterceptor implements ServerInterceptor {
  static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** What tells no more than that this server is there. */
  static final ImmutableSet<String> SERVED_TO_ALL = ImmutableSet.of("grpc.health.v1.Health");

  private static final String BASIC = "Basic ";
  private static final Context.Key<Identities> CALLER =
      Context.keyWithDefault("quoll-caller", Identities.NONE);

  private final Authentication authentication;
  private final Rejections rejections;

  IdentityInterceptor(Authentication authentication, Rejections rejections) {
    this.authentication = authentication;
    this.rejections = rejections;
  }

  /** Who makes the call in whose gRPC context this is called. */
  static Identities caller() {
    return CALLER.get();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    Identities caller;
    try {
      caller = proved(ConnectionIdentities.of(call.getAttributes()), headers);
      if (!SERVED_TO_ALL.contains(call.getMethodDescriptor().getServiceName())) {
        authentication.requireServed(caller);
      }
    } catch (Rejection rejection) {
      StatusRuntimeException refusal = rejections.ofWrite(rejection); // Nothing was applied.
      @Nullable Metadata trailers = refusal.getTrailers();
      call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
      return new ServerCall.Listener<>() {};
    }
    return Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next);
  }

  private Identities proved(Identities known, Metadata headers) {
    @Nullable Iterable<String> shown = headers.getAll(AUTHORIZATION);
    if (shown == null) {
      return known;
    }
    if (Iterables.size(shown) > Authentication.CREDENTIALS_MAX) {
      throw failed("a call comes with at most " + Authentication.CREDENTIALS_MAX + " credentials");
    }
    Identities proved = known;
    for (String each : shown) {
      proved = authentication.prove(proved, Identity.DIGEST, userAndPassword(each));
    }
    return proved;
  }

  private static ByteString userAndPassword(String authorization) {
    if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      throw failed("the metadata \"authorization\" is not of the scheme Basic");
    }
    try {
      return ByteString.copyFrom(
          Base64.getDecoder().decode(authorization.substring(BASIC.length()).trim()));
    } catch (IllegalArgumentException malformed) {
      throw failed("the metadata \"authorization\" holds no Base64");
    }
  }

  private static Rejection failed(String detail) {
    return new Rejection(ErrorCode.AUTH_FAILED, "", detail);
  }
}
