package io.quoll.server.consensus;

import com.google.common.base.Throwables;
import io.quoll.server.tls.RareLines;
import javax.net.ssl.SSLException;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.Channel;
import org.apache.ratis.thirdparty.io.grpc.ClientCall;
import org.apache.ratis.thirdparty.io.grpc.ClientInterceptor;
import org.apache.ratis.thirdparty.io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import org.apache.ratis.thirdparty.io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells in the log why a member cannot be talked to, if that is because of how the traffic is
 * protected: that a member is down is told elsewhere, and often. Thread-safe.
 */
final class PeerFailures implements ClientInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(PeerFailures.class);

  private final String address;
  private final boolean isTls;
  private final RareLines lines;
  private volatile boolean heard;

  PeerFailures(String address, boolean isTls, RareLines lines) {
    this.address = address;
    this.isTls = isTls;
    this.lines = lines;
  }

  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(
      MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<R> replies, Metadata headers) {
        super.start(
            new SimpleForwardingClientCallListener<>(replies) {
              @Override
              public void onHeaders(Metadata replyHeaders) {
                heard = true;
                super.onHeaders(replyHeaders);
              }

              @Override
              public void onClose(Status status, Metadata trailers) {
                if (status.getCode() == Status.Code.UNAVAILABLE) {
                  tell(status);
                }
                super.onClose(status, trailers);
              }
            },
            headers);
      }
    };
  }

  private void tell(Status status) {
    Throwable cause = status.getCause();
    String why =
        cause == null
            ? String.valueOf(status.getDescription())
            : String.valueOf(Throwables.getRootCause(cause).getMessage());
    if (why.contains("not an SSL/TLS record")) {
      tell("it speaks plaintext, and this server TLS");
    } else if (!isTls && !heard && why.contains("Network closed")) {
      tell("it closed the connection without a word, as one does that speaks TLS");
    } else if (isTls && (why.contains("ALERT") || why.contains("alert"))) {
      tell("it refuses this server's certificate, and its log says why: " + why);
    } else if (isTls && cause instanceof SSLException) {
      tell(why);
    }
  }

  private void tell(String why) {
    String line = "The server at %s cannot be talked to: %s".formatted(address, why);
    if (lines.isDue(line)) {
      LOG.warn(line);
    }
  }
}
