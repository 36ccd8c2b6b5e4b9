package io.quoll.server.consensus;

import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableList;
import io.quoll.server.coordination.Histogram;
import io.quoll.server.coordination.Measurements;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.ratis.metrics.LongCounter;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.metrics.Timekeeper;

/**
 * What one part of Ratis counts and times. Ratis writes the member that it speaks of into the
 * names; here it is a label. Thread-safe.
 */
final class RaftMetricRegistry implements RatisMetricRegistry {
  // "follower_2_next_index", "2_latency", "2@group-0123456789AB_peerCommitIndex".
  private static final Pattern OF_PEER =
      Pattern.compile("(?:follower_)?(\\d+)(?:@group-[0-9A-F]+)?_(.*)");
  // Of requests by Ratis' own client, which Quoll does not use.
  private static final Pattern UNUSED =
      Pattern.compile(
          "client.*Request|num(Watch|Failed|Pending|Request|Resource).*|retryCache.*|.*Timeout.*");
  private static final Pattern TIME = Pattern.compile("_(time|latency)(?=_|$)");
  private static final Pattern COUNT = Pattern.compile("_count(?=_|$)");
  private static final double MILLI = 1e-3;

  private final MetricRegistryInfo info;
  private final Map<String, Timer> timers = new ConcurrentHashMap<>();
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();
  private final Map<String, Supplier<?>> gauges = new ConcurrentHashMap<>();

  private record Timer(Histogram times) implements Timekeeper {
    @Override
    public Context time() {
      long start = System.nanoTime();
      return () -> {
        long nanos = System.nanoTime() - start;
        times.record(nanos);
        return nanos;
      };
    }
  }

  private record Counter(LongAdder value) implements LongCounter {
    @Override
    public void inc(long n) {
      value.add(n);
    }

    @Override
    public void dec(long n) {
      value.add(-n);
    }

    @Override
    public long getCount() {
      return value.sum();
    }
  }

  /** A name of Prometheus, and the other member that it is about, if it is about one. */
  private record Name(String name, ImmutableList<String> ofPeer) {
    String[] labels() {
      return ofPeer.toArray(String[]::new);
    }
  }

  RaftMetricRegistry(MetricRegistryInfo info) {
    this.info = info;
  }

  @Override
  public Timekeeper timer(String name) {
    return timers.computeIfAbsent(name, unknown -> new Timer(Histogram.ofTimes()));
  }

  @Override
  public LongCounter counter(String name) {
    return counters.computeIfAbsent(name, unknown -> new Counter(new LongAdder()));
  }

  @Override
  public boolean remove(String name) {
    boolean timer = timers.remove(name) != null;
    boolean counter = counters.remove(name) != null;
    return gauges.remove(name) != null || timer || counter;
  }

  @Override
  public <T> void gauge(String name, Supplier<Supplier<T>> gauge) {
    gauges.putIfAbsent(name, gauge.get());
  }

  @Override
  public MetricRegistryInfo getMetricRegistryInfo() {
    return info;
  }

  /** Tells all that is known, under names that begin with {@code quoll_raft_}. */
  void measure(Measurements to) {
    String help = info.getMetricsDescription() + " (Ratis).";
    forEachUsed(
        timers,
        (key, timer) -> {
          Name name = name(key);
          String seconds = TIME.matcher(name.name()).replaceFirst("") + "_seconds";
          to.histogram(seconds, help, timer.times(), name.labels());
        });
    forEachUsed(
        counters,
        (key, counter) -> {
          Name name = name(key);
          String total = COUNT.matcher(name.name()).replaceFirst("") + "_total";
          to.counter(total, help, counter.getCount(), name.labels());
        });
    forEachUsed(
        gauges,
        (key, gauge) -> {
          if (gauge.get() instanceof Number value) {
            measureGauge(name(key), value.doubleValue(), help, to);
          }
        });
  }

  // Times that Ratis tells as gauges are in milliseconds.
  private static void measureGauge(Name name, double value, String help, Measurements to) {
    Matcher time = TIME.matcher(name.name());
    if (time.find()) {
      to.gauge(time.replaceFirst("") + "_seconds", help, value * MILLI, name.labels());
    } else {
      to.gauge(name.name(), help, value, name.labels());
    }
  }

  private static <T> void forEachUsed(Map<String, T> all, BiConsumer<String, T> action) {
    all.forEach(
        (key, value) -> {
          if (!UNUSED.matcher(key).matches()) {
            action.accept(key, value);
          }
        });
  }

  private Name name(String key) {
    Matcher peer = OF_PEER.matcher(key);
    boolean ofPeer = peer.matches();
    String own = ofPeer ? peer.group(2) : key;
    return new Name(
        "quoll_raft_" + info.getMetricsComponentName() + "_" + inWords(own),
        ofPeer ? ImmutableList.of("peer", peer.group(1)) : ImmutableList.of());
  }

  private static String inWords(String name) {
    return name.indexOf('_') >= 0
        ? name
        : CaseFormat.LOWER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, name);
  }
}
