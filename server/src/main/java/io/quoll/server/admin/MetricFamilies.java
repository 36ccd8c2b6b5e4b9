package io.quoll.server.admin;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.quoll.server.coordination.Histogram;
import io.quoll.server.coordination.Measurements;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Gathers measurements by their names, as Prometheus' library takes them. Used once. */
final class MetricFamilies implements Measurements {
  private static final String TOTAL = "_total"; // The library puts it there itself.

  private final Map<String, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();
  private final Map<String, CounterSnapshot.Builder> counters = new LinkedHashMap<>();
  private final Map<String, HistogramSnapshot.Builder> histograms = new LinkedHashMap<>();
  private final Map<String, Double> values = new LinkedHashMap<>();

  @Override
  public void gauge(String name, String help, double value, String... labels) {
    values.merge(name, value, Double::sum);
    gauges
        .computeIfAbsent(name, unknown -> GaugeSnapshot.builder().name(name).help(help))
        .dataPoint(
            GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .value(value)
                .labels(Labels.of(labels))
                .build());
  }

  @Override
  public void counter(String name, String help, double value, String... labels) {
    values.merge(name, value, Double::sum);
    String base = name.substring(0, name.length() - TOTAL.length());
    counters
        .computeIfAbsent(name, unknown -> CounterSnapshot.builder().name(base).help(help))
        .dataPoint(
            CounterSnapshot.CounterDataPointSnapshot.builder()
                .value(value)
                .labels(Labels.of(labels))
                .build());
  }

  @Override
  public void histogram(String name, String help, Histogram histogram, String... labels) {
    Histogram.Snapshot now = histogram.snapshot();
    values.merge(name + "_count", (double) now.count(), Double::sum);
    values.merge(name + "_sum", now.sum() * histogram.unit(), Double::sum);
    histograms
        .computeIfAbsent(name, unknown -> HistogramSnapshot.builder().name(name).help(help))
        .dataPoint(
            HistogramSnapshot.HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets(histogram, now.counts()))
                .sum(now.sum() * histogram.unit())
                .labels(Labels.of(labels))
                .build());
  }

  private static ClassicHistogramBuckets buckets(Histogram histogram, ImmutableLongArray counts) {
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    for (int i = 0; i < histogram.bounds().length(); i++) {
      buckets.bucket(histogram.bounds().get(i) * histogram.unit(), counts.get(i));
    }
    return buckets.bucket(Double.POSITIVE_INFINITY, counts.get(counts.length() - 1)).build();
  }

  /** What was gathered. */
  ImmutableList<MetricSnapshot> snapshots() {
    return Stream.of(
            gauges.values().stream().map(GaugeSnapshot.Builder::build),
            counters.values().stream().map(CounterSnapshot.Builder::build),
            histograms.values().stream().map(HistogramSnapshot.Builder::build))
        .flatMap(each -> each)
        .map(MetricSnapshot.class::cast)
        .collect(toImmutableList());
  }

  /** What was gathered in one number for each name, summed up over the labels. */
  ImmutableMap<String, Double> values() {
    return ImmutableMap.copyOf(values);
  }
}
