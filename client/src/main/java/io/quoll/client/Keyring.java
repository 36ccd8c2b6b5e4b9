package io.quoll.client;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/**
 * The credentials that a client or a session shows with every call and every stream that it begins,
 * so that they count before anything else does, on whichever server. Thread-safe.
 */
final class Keyring implements ClientInterceptor {
  /** More are not taken by a server in the beginning of a call. */
  static final int CREDENTIALS_MAX = 16;

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  @GuardedBy("this")
  private ImmutableSet<Credentials> credentials;

  Keyring(ImmutableList<Credentials> credentials) {
    this.credentials = ImmutableSet.copyOf(credentials);
  }

  /**
   * From now on shows these too.
   *
   * @throws QuollException {@code LIMIT_EXCEEDED} beyond {@link #CREDENTIALS_MAX}
   */
  synchronized void add(Credentials more) {
    if (!hasRoom(more)) {
      throw full();
    }
    credentials = ImmutableSet.<Credentials>builder().addAll(credentials).add(more).build();
  }

  /** Whether {@link #add} would take them. */
  synchronized boolean hasRoom(Credentials more) {
    return credentials.size() < CREDENTIALS_MAX || credentials.contains(more);
  }

  static QuollException full() {
    String message = "a client shows at most " + CREDENTIALS_MAX + " credentials";
    return new QuollException(ErrorCode.LIMIT_EXCEEDED, null, Applied.NO, message, null);
  }

  synchronized ImmutableList<Credentials> all() {
    return credentials.asList();
  }

  /** Adds them to what a call begins with. */
  void addTo(Metadata headers) {
    all().forEach(each -> headers.put(AUTHORIZATION, each.basic()));
  }

  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(
      MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<R> listener, Metadata headers) {
        addTo(headers);
        super.start(listener, headers);
      }
    };
  }
}
