package io.quoll.server.admin;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.server.coordination.WriteTracing.WriteTrace;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Delete;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.ZnodePath;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class OpenTelemetryTracingTest {
  private static final Instant NOW = Instant.parse("2026-11-29T10:00:00Z");
  private static final Delete DELETE = new Delete(ZnodePath.of("/a"), -1);

  private final List<SpanData> spans = new CopyOnWriteArrayList<>();

  /** Keeps what is exported. */
  private final class Kept implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> exported) {
      spans.addAll(exported);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  private OpenTelemetryTracing tracing(Sampler sampler) {
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setSampler(sampler)
            .addSpanProcessor(SimpleSpanProcessor.create(new Kept()))
            .build();
    OpenTelemetry telemetry =
        new OpenTelemetry() {
          @Override
          public TracerProvider getTracerProvider() {
            return provider;
          }

          @Override
          public ContextPropagators getPropagators() {
            return ContextPropagators.noop();
          }
        };
    return new OpenTelemetryTracing(telemetry, 3, InstantSource.fixed(NOW));
  }

  @Test
  void aWriteIsASpanWithItsPartsInItOneAfterTheOther() {
    WriteTrace trace = requireNonNull(tracing(Sampler.alwaysOn()).begin(Caller.ANONYMOUS, DELETE));
    long taken = System.nanoTime();
    trace.taken(taken);
    trace.applied(taken + 2_000, taken + 3_000);

    trace.ended(new Reply(7, new Result.Deleted(1)), null);

    assertThat(spans)
        .extracting(SpanData::getName)
        .containsExactly("propose", "append", "apply", "reply", "delete");
    SpanData whole = spans.get(4);
    assertThat(whole.getAttributes().get(AttributeKey.longKey("quoll.zxid"))).isEqualTo(7);
    assertThat(whole.getAttributes().get(AttributeKey.longKey("quoll.server"))).isEqualTo(3);
    assertThat(spans.subList(0, 4))
        .allSatisfy(part -> assertThat(part.getParentSpanId()).isEqualTo(whole.getSpanId()));
    assertThat(spans.get(0).getStartEpochNanos()).isEqualTo(whole.getStartEpochNanos());
    for (int i = 1; i < 4; i++) {
      assertThat(spans.get(i).getStartEpochNanos()).isEqualTo(spans.get(i - 1).getEndEpochNanos());
    }
    assertThat(spans.get(2).getEndEpochNanos() - spans.get(2).getStartEpochNanos())
        .isEqualTo(1_000);
  }

  @Test
  void aRejectedWriteAndOneThatFailedAreErrors() {
    OpenTelemetryTracing tracing = tracing(Sampler.alwaysOn());
    Result rejected = new Result.Rejected(ErrorCode.NO_NODE, "/a", "");

    WriteTrace first = requireNonNull(tracing.begin(Caller.ANONYMOUS, DELETE));
    first.ended(new Reply(7, rejected), null);
    WriteTrace second = requireNonNull(tracing.begin(Caller.ANONYMOUS, DELETE));
    second.ended(null, new IllegalStateException("no leader"));

    assertThat(spans)
        .extracting(span -> span.getStatus().getStatusCode())
        .containsExactly(StatusCode.ERROR, StatusCode.ERROR);
    assertThat(spans.get(0).getStatus().getDescription()).isEqualTo("NO_NODE");
  }

  @Test
  void aWriteThatIsNotSampledCostsNothingMore() {
    assertThat(tracing(Sampler.alwaysOff()).begin(Caller.ANONYMOUS, DELETE)).isNull();
  }

  @Test
  void withoutAnAgentOrAnSdkNothingIsFollowed() {
    assertThat(OpenTelemetryTracing.ofProcess(1).begin(Caller.ANONYMOUS, DELETE)).isNull();
  }
}
