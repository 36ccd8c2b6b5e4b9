package io.quoll.server.consensus;

import com.google.common.collect.ImmutableSet;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.util.TimeDuration;

/**
 * Where Ratis counts and times what it does, in place of its own books: cheaper ones, that the node
 * can read. Ratis finds this class by Java's service loader, and makes one for the whole process.
 * (ADR 0027.) Thread-safe.
 */
public final class RaftMetrics extends MetricRegistries {
  private final Map<MetricRegistryInfo, RaftMetricRegistry> registries = new ConcurrentHashMap<>();

  @Override
  public void clear() {
    registries.clear();
  }

  @Override
  public RatisMetricRegistry create(MetricRegistryInfo info) {
    return registries.computeIfAbsent(info, RaftMetricRegistry::new);
  }

  @Override
  public boolean remove(MetricRegistryInfo info) {
    return registries.remove(info) != null;
  }

  @Override
  public Optional<RatisMetricRegistry> get(MetricRegistryInfo info) {
    return Optional.ofNullable(registries.get(info));
  }

  @Override
  public Set<MetricRegistryInfo> getMetricRegistryInfos() {
    return ImmutableSet.copyOf(registries.keySet());
  }

  @Override
  public Collection<RatisMetricRegistry> getMetricRegistries() {
    return ImmutableSet.copyOf(registries.values());
  }

  @Override
  public void addReporterRegistration(
      Consumer<RatisMetricRegistry> reporter, Consumer<RatisMetricRegistry> stopReporter) {
    // Nobody is reported to: who wants to know asks.
  }

  @Override
  public void enableJmxReporter() {
    // As above.
  }

  @Override
  public void enableConsoleReporter(TimeDuration interval) {
    // As above.
  }
}
