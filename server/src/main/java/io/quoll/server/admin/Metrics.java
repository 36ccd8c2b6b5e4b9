package io.quoll.server.admin;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.quoll.server.coordination.Measured;
import java.io.IOException;

/** All that is measured, in the text format of Prometheus. Thread-safe. */
final class Metrics {
  private final ImmutableList<Measured> parts;
  private final PrometheusRegistry process = new PrometheusRegistry();
  private final PrometheusTextFormatWriter writer = new PrometheusTextFormatWriter(false);

  /** What {@code parts} measure, and the process. */
  Metrics(ImmutableList<Measured> parts) {
    this.parts = parts;
    JvmMetrics.builder().register(process);
  }

  /** What is measured at this moment. */
  AdminReply reply() {
    ByteString.Output body = ByteString.newOutput();
    try {
      writer.write(body, snapshots());
    } catch (IOException impossible) { // Nothing is written but memory.
      throw new IllegalStateException(impossible);
    }
    return new AdminReply(AdminReply.OK, writer.getContentType(), body.toByteString());
  }

  /** What is measured at this moment, without the process. */
  MetricFamilies families() {
    MetricFamilies families = new MetricFamilies();
    parts.forEach(part -> part.measure(families));
    return families;
  }

  private MetricSnapshots snapshots() {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    families().snapshots().forEach(all::metricSnapshot);
    process.scrape().forEach(all::metricSnapshot);
    return all.build();
  }
}
