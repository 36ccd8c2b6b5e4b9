package io.quoll.server.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.quoll.server.coordination.Histogram;
import io.quoll.server.coordination.RequestTimes;
import java.util.Optional;

/** Notes how long each call takes that has one request and one reply. Thread-safe. */
final class CallTimes implements ServerInterceptor {
  private static final String SERVICES = "quoll.v1.";

  private final RequestTimes times;

  CallTimes(RequestTimes times) {
    this.times = times;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    MethodDescriptor<Q, R> method = call.getMethodDescriptor();
    String name = method.getBareMethodName();
    boolean timed =
        method.getType() == MethodDescriptor.MethodType.UNARY
            && name != null
            && method.getFullMethodName().startsWith(SERVICES);
    if (!timed) {
      return next.startCall(call, headers);
    }
    times.arrived();
    return next.startCall(new TimedCall<>(call, times, times.ofCalls(name)), headers);
  }

  private static final class TimedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
    private final RequestTimes times;
    private final Histogram histogram;
    private final long startNanos = System.nanoTime();

    TimedCall(ServerCall<Q, R> call, RequestTimes times, Histogram histogram) {
      super(call);
      this.times = times;
      this.histogram = histogram;
    }

    @Override
    public void close(Status status, Metadata trailers) {
      histogram.record(System.nanoTime() - startNanos);
      if (!status.isOk()) {
        times.callFailed(reason(status, trailers).orElse(status.getCode().name()));
      }
      super.close(status, trailers);
    }
  }

  private static Optional<String> reason(Status status, Metadata trailers) {
    com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(status, trailers);
    try {
      for (Any detail : details.getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          return Optional.of(detail.unpack(ErrorInfo.class).getReason());
        }
      }
    } catch (InvalidProtocolBufferException foreign) { // Not one of ours: the code says enough.
      return Optional.empty();
    }
    return Optional.empty();
  }
}
