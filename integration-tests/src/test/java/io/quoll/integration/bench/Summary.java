package io.quoll.integration.bench;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.bench.HistogramFile;
import io.quoll.cli.bench.Percentiles;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * A product's figures for a workload over all rounds. Percentiles are those of all requests of all
 * rounds, never means of percentiles.
 *
 * @param operationsPerSecond the median of the rounds
 * @param rounds what was answered in a second, round by round
 * @param failures of all rounds
 * @param serverCpuSeconds of all servers for 1 000 requests
 * @param loadCpuSeconds of the process that put the load on for 1 000 requests
 * @param residentBytes of a server, on average, in the median of the rounds
 * @param writtenBytes of all servers for a request, as {@link Usage} has them
 * @param diskBytes written to the servers' disk for a request, if that was counted in all rounds
 */
record Summary(
    double operationsPerSecond,
    ImmutableList<Double> rounds,
    Percentiles percentiles,
    long failures,
    double serverCpuSeconds,
    double loadCpuSeconds,
    double residentBytes,
    double writtenBytes,
    OptionalDouble diskBytes) {
  private static final double THOUSAND = 1_000;

  /** The summary of at least one turn. */
  static Summary of(List<Figures> turns) {
    ImmutableList<Double> rounds =
        turns.stream().map(Figures::operationsPerSecond).collect(ImmutableList.toImmutableList());
    double operations = Math.max(1, sum(turns, turn -> turn.result().operations()));
    return new Summary(
        Median.of(rounds),
        rounds,
        Percentiles.of(histogram(turns)),
        (long) sum(turns, turn -> turn.result().failures()),
        sum(turns, turn -> turn.servers().cpuSeconds()) * THOUSAND / operations,
        sum(turns, turn -> turn.load().cpuSeconds()) * THOUSAND / operations,
        Median.of(turns.stream().map(Figures::residentBytes).toList()),
        sum(turns, turn -> turn.servers().writtenBytes()) / operations,
        turns.stream().allMatch(turn -> turn.diskBytes().isPresent())
            ? OptionalDouble.of(sum(turns, turn -> turn.diskBytes().orElseThrow()) / operations)
            : OptionalDouble.empty());
  }

  private static double sum(List<Figures> turns, ToDoubleFunction<Figures> figure) {
    return turns.stream().mapToDouble(figure).sum();
  }

  private static Histogram histogram(List<Figures> turns) {
    Histogram sum = HistogramFile.sumOf(turns.get(0).histograms());
    turns.stream().skip(1).forEach(turn -> sum.add(HistogramFile.sumOf(turn.histograms())));
    return sum;
  }
}
