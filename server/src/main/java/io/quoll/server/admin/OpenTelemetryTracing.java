package io.quoll.server.admin;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.common.base.CaseFormat;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.server.coordination.WriteTracing;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Result;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans of OpenTelemetry of the writes that this replica proposes: one for each that is
 * sampled, and in it {@code propose}, until it is taken into a batch, {@code append}, until a
 * majority has it on disk, {@code apply}, which has its entry applied up to it, and {@code reply}.
 * They are made when the write ends, from times that were noted on its way. Thread-safe.
 */
public final class OpenTelemetryTracing implements WriteTracing {
  private static final String SCOPE = "io.quoll";

  private final Tracer tracer;
  private final int serverId;
  private final InstantSource clock;

  /** Spans of the server {@code serverId}. */
  OpenTelemetryTracing(OpenTelemetry telemetry, int serverId, InstantSource clock) {
    this.tracer = telemetry.getTracer(SCOPE);
    this.serverId = serverId;
    this.clock = clock;
  }

  /**
   * Spans by what this process has of OpenTelemetry: an agent, or its SDK where {@code
   * otel.java.global-autoconfigure.enabled} is true; else they go nowhere.
   */
  public static OpenTelemetryTracing ofProcess(int serverId) {
    return new OpenTelemetryTracing(GlobalOpenTelemetry.get(), serverId, InstantSource.system());
  }

  @Override
  public @Nullable WriteTrace begin(Caller caller, Command command) {
    long nanoTime = System.nanoTime();
    long epochNanos = epochNanos(clock.instant());
    String operation =
        CaseFormat.UPPER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, command.getClass().getSimpleName());
    Span span =
        tracer
            .spanBuilder(operation)
            .setNoParent()
            .setSpanKind(SpanKind.SERVER)
            .setStartTimestamp(epochNanos, NANOSECONDS)
            .setAttribute("quoll.server", serverId)
            .setAttribute("quoll.session", caller.sessionId())
            .startSpan();
    return span.isRecording() ? new Spans(span, epochNanos - nanoTime, nanoTime) : null;
  }

  private static long epochNanos(Instant instant) {
    return SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
  }

  /** The spans of one write. Each time comes by one thread, and the end after all others. */
  private final class Spans implements WriteTrace {
    private final Span span;
    private final long epochOffset;
    private final long begunNanos;
    private volatile long takenNanos;
    private volatile long agreedNanos;
    private volatile long appliedNanos;

    Spans(Span span, long epochOffset, long begunNanos) {
      this.span = span;
      this.epochOffset = epochOffset;
      this.begunNanos = begunNanos;
    }

    @Override
    public void taken(long nanoTime) {
      takenNanos = nanoTime;
    }

    @Override
    public void applied(long agreedNanoTime, long nanoTime) {
      agreedNanos = agreedNanoTime;
      appliedNanos = nanoTime;
    }

    @Override
    public void ended(@Nullable Reply reply, @Nullable Throwable failure) {
      long now = System.nanoTime();
      if (takenNanos != 0) {
        part("propose", begunNanos, takenNanos);
      }
      if (appliedNanos != 0) {
        part("append", takenNanos, agreedNanos);
        part("apply", agreedNanos, appliedNanos);
        part("reply", appliedNanos, now);
      }
      if (reply != null) {
        span.setAttribute("quoll.zxid", reply.zxid());
        if (reply.result() instanceof Result.Rejected rejected) {
          span.setStatus(StatusCode.ERROR, rejected.code().name());
        }
      } else {
        span.setStatus(StatusCode.ERROR, String.valueOf(failure));
      }
      span.end(now + epochOffset, NANOSECONDS);
    }

    private void part(String name, long fromNanos, long toNanos) {
      tracer
          .spanBuilder(name)
          .setParent(Context.root().with(span))
          .setStartTimestamp(fromNanos + epochOffset, NANOSECONDS)
          .startSpan()
          .end(toNanos + epochOffset, NANOSECONDS);
    }
  }
}
