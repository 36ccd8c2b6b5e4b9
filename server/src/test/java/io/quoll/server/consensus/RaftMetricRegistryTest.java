package io.quoll.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.server.coordination.Histogram;
import io.quoll.server.coordination.Measurements;
import java.util.Map;
import java.util.TreeMap;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.Timekeeper;
import org.junit.jupiter.api.Test;

class RaftMetricRegistryTest {
  private final RaftMetricRegistry registry = registry("log_appender");

  /** Keeps what it is told, as {@code name{labels}}. */
  private static final class Told implements Measurements {
    private final Map<String, Double> values = new TreeMap<>();

    @Override
    public void gauge(String name, String help, double value, String... labels) {
      values.put(name + String.join("=", labels), value);
    }

    @Override
    public void counter(String name, String help, double value, String... labels) {
      gauge(name, help, value, labels);
    }

    @Override
    public void histogram(String name, String help, Histogram values, String... labels) {
      gauge(name, help, values.snapshot().count(), labels);
    }
  }

  @Test
  void ratisFindsThisClassAndNoOther() {
    assertThat(MetricRegistries.global()).isInstanceOf(RaftMetrics.class);
  }

  @Test
  void aMemberInANameBecomesALabel() {
    registry.gauge("follower_2_next_index", () -> () -> 7L);
    registry.counter("3_success_reply_count").inc();
    registry.gauge("2@group-0123456789AB_peerCommitIndex", () -> () -> 9L);

    assertThat(told())
        .containsEntry("quoll_raft_log_appender_next_indexpeer=2", 7.0)
        .containsEntry("quoll_raft_log_appender_success_reply_totalpeer=3", 1.0)
        .containsEntry("quoll_raft_log_appender_peer_commit_indexpeer=2", 9.0);
  }

  @Test
  void timesAreToldInSeconds() {
    Timekeeper.Context running = registry.timer("syncTime").time();
    long nanos = running.stop();
    registry.gauge("lastLeaderElapsedTime", () -> () -> 1_500L);

    assertThat(nanos).isNotNegative();
    assertThat(told())
        .containsEntry("quoll_raft_log_appender_sync_seconds", 1.0)
        .containsEntry("quoll_raft_log_appender_last_leader_elapsed_seconds", 1.5);
  }

  @Test
  void theSameNameIsTheSameTimerAndWhatIsRemovedIsToldNoMore() {
    assertThat(registry.timer("flushTime")).isSameAs(registry.timer("flushTime"));
    assertThat(registry.remove("flushTime")).isTrue();
    assertThat(registry.remove("flushTime")).isFalse();

    assertThat(told()).isEmpty();
  }

  @Test
  void whatRatisCountsOfItsOwnClientsIsLeftOut() {
    registry.timer("clientWriteRequest");
    registry.counter("numWatch_ALL_COMMITTEDRequestTimeout");
    registry.gauge("retryCacheHitRate", () -> () -> 0.5);

    assertThat(told()).isEmpty();
  }

  private Map<String, Double> told() {
    Told told = new Told();
    registry.measure(told);
    return told.values;
  }

  private static RaftMetricRegistry registry(String component) {
    return new RaftMetricRegistry(
        new MetricRegistryInfo("1@group-0123456789AB", "ratis", component, "For tests"));
  }
}
