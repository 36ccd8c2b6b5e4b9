package io.quoll.server.admin;

import com.google.common.base.Ascii;
import io.quoll.server.coordination.ChangeFeed;
import io.quoll.server.coordination.Consensus;
import io.quoll.server.coordination.Consensus.Role;
import io.quoll.server.coordination.Consensus.Standing;
import io.quoll.server.coordination.Measured;
import io.quoll.server.coordination.Measurements;
import io.quoll.statemachine.store.StateStore;
import io.quoll.statemachine.store.StoreFigures;
import java.nio.file.Path;

/** Where the node stands, and what its store and its disks tell. Thread-safe. */
final class NodeMeasures implements Measured {
  private static final double MILLI = 1e-3;

  private final String clusterName;
  private final Consensus consensus;
  private final StateStore store;
  private final ChangeFeed feed;
  private final Path dataDirectory;
  private final Path logDirectory;

  NodeMeasures(
      String clusterName,
      Consensus consensus,
      StateStore store,
      ChangeFeed feed,
      Path dataDirectory,
      Path logDirectory) {
    this.clusterName = clusterName;
    this.consensus = consensus;
    this.store = store;
    this.feed = feed;
    this.dataDirectory = dataDirectory;
    this.logDirectory = logDirectory;
  }

  @Override
  public void measure(Measurements to) {
    measureStanding(consensus.standing(), to);
    to.gauge(
        "quoll_quorum",
        "1 if there is a leader that a majority answers to, as far as this server knows.",
        consensus.hasQuorum() ? 1 : 0);
    to.gauge("quoll_feed_watches", "Watches without sessions.", feed.streams());
    to.gauge(
        "quoll_disk_free_bytes",
        "Bytes that the server may still write.",
        dataDirectory.toFile().getUsableSpace(),
        "directory",
        "data");
    to.gauge(
        "quoll_disk_free_bytes",
        "Bytes that the server may still write.",
        logDirectory.toFile().getUsableSpace(),
        "directory",
        "log");
    measureStore(store.figures(), to);
  }

  private void measureStanding(Standing standing, Measurements to) {
    to.gauge(
        "quoll_server",
        "1, with what this server is as labels.",
        1,
        "cluster",
        clusterName,
        "server",
        Integer.toString(standing.serverId()),
        "version",
        standing.version());
    for (Role role : Role.values()) {
      to.gauge(
          "quoll_role",
          "1 for the role that this server has, 0 for the others.",
          role == standing.role() ? 1 : 0,
          "role",
          Ascii.toLowerCase(role.name()));
    }
    to.gauge("quoll_term", "The Raft term.", standing.term());
    to.gauge("quoll_leader_id", "The leader's number; 0 if none is known.", standing.leaderId());
    to.gauge("quoll_zxid", "The last zxid that readers here see.", standing.zxid());
    to.gauge(
        "quoll_applied_index", "The last log entry that was applied.", standing.appliedIndex());
    to.gauge(
        "quoll_commit_index",
        "The last log entry that this server knows to be committed.",
        standing.commitIndex());
    to.gauge(
        "quoll_apply_lag_entries",
        "Entries that are committed and not yet applied here.",
        Math.max(0, standing.commitIndex() - standing.appliedIndex()));
  }

  private static void measureStore(StoreFigures figures, Measurements to) {
    to.gauge("quoll_sessions", "Sessions of the whole ensemble.", figures.sessions());
    to.counter(
        "quoll_hot_znode_hits_total", "Znodes found decoded in memory.", figures.hot().hits());
    to.counter(
        "quoll_hot_znode_misses_total",
        "Znodes not found decoded in memory.",
        figures.hot().misses());
    to.gauge("quoll_hot_znodes", "Znodes kept decoded in memory.", figures.hot().znodes());
    to.gauge("quoll_history_events", "Events that are kept.", figures.history().events());
    to.gauge("quoll_history_bytes", "What the events take.", figures.history().bytes());
    to.gauge(
        "quoll_history_trimmed_zxid",
        "The zxid up to which events are not kept.",
        figures.history().trimmedZxid());
    to.gauge(
        "quoll_history_oldest_timestamp_seconds",
        "When the oldest event that is kept happened, in seconds since 1970; 0 without one.",
        figures.history().oldestMillis() * MILLI);
    figures
        .gauges()
        .forEach(
            (name, value) -> to.gauge("quoll_store_" + name, "Of RocksDB, by that name.", value));
    figures
        .counters()
        .forEach(
            (name, value) ->
                to.counter("quoll_store_" + name + "_total", "Of RocksDB, by that name.", value));
  }
}
