package io.quoll.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.sun.management.UnixOperatingSystemMXBean;
import io.quoll.server.coordination.Consensus.Member;
import io.quoll.server.coordination.Consensus.Role;
import io.quoll.server.coordination.Consensus.SnapshotTaken;
import io.quoll.server.coordination.Consensus.Standing;
import io.quoll.server.coordination.Histogram;
import io.quoll.statemachine.store.StoreFigures;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The commands about the server itself. Thread-safe. */
final class ServerCommands {
  private static final ImmutableList<String> ENVIRONMENT =
      ImmutableList.of(
          "java.version",
          "java.vendor",
          "java.home",
          "java.class.path",
          "java.library.path",
          "java.io.tmpdir",
          "os.name",
          "os.arch",
          "os.version",
          "user.name",
          "user.home",
          "user.dir");

  private final AdminConfig config;
  private final NodeParts parts;
  private final Metrics metrics;

  ServerCommands(AdminConfig config, NodeParts parts, Metrics metrics) {
    this.config = config;
    this.parts = parts;
    this.metrics = metrics;
  }

  ImmutableList<AdminCommand> all() {
    return ImmutableList.of(
        AdminCommand.open("ruok", request -> AdminReply.object()),
        AdminCommand.open("is_read_only", request -> readOnly(), "isro"),
        AdminCommand.open("leader", request -> leader(), "lead"),
        AdminCommand.open("last_snapshot", request -> lastSnapshot(), "lsnp"),
        AdminCommand.open("server_stats", request -> stats(), "srvr"),
        AdminCommand.details("stats", request -> statsWithConnections(), "stat"),
        AdminCommand.details("monitor", request -> monitor(), "mntr"),
        AdminCommand.details("configuration", request -> configuration(), "conf", "config"),
        AdminCommand.details("environment", request -> environment(), "env", "envi"),
        AdminCommand.details("voting_view", request -> votingView()));
  }

  private static ObjectNode readOnly() {
    return AdminReply.object().put("read_only", false);
  }

  private ObjectNode leader() {
    Standing standing = parts.consensus().standing();
    ObjectNode document =
        AdminReply.object().put("is_leader", leads(standing)).put("leader_id", standing.leaderId());
    Optional<Member> leader =
        parts.consensus().members().stream()
            .filter(member -> member.serverId() == standing.leaderId())
            .findFirst();
    leader.ifPresent(member -> document.put("leader_ip", hostOf(member.peerAddress())));
    return document;
  }

  private static boolean leads(Standing standing) {
    return standing.role() == Role.LEADER || standing.role() == Role.STANDALONE;
  }

  private static String hostOf(String address) {
    return address.substring(0, Math.max(0, address.lastIndexOf(':')));
  }

  private ObjectNode lastSnapshot() {
    Optional<SnapshotTaken> last = parts.consensus().lastSnapshot();
    return AdminReply.object()
        .put("zxid", hex(last.map(SnapshotTaken::zxid).orElse(0L)))
        .put(
            "timestamp",
            TimeUnit.MILLISECONDS.toSeconds(last.map(SnapshotTaken::atMillis).orElse(0L)));
  }

  private static String hex(long zxid) {
    return "0x" + Long.toHexString(zxid);
  }

  private ObjectNode stats() {
    Standing standing = parts.consensus().standing();
    Histogram.Snapshot times = parts.coordinator().requestTimes().all();
    StoreFigures figures = parts.store().figures();
    ObjectNode document =
        AdminReply.object().put("version", config.version()).put("read_only", false);
    document
        .putObject("server_stats")
        .put("packets_received", parts.coordinator().requestTimes().received())
        .put("packets_sent", times.count())
        .put("outstanding_requests", parts.coordinator().outstandingWrites())
        .put("last_processed_zxid", standing.zxid())
        .put("server_state", state(standing))
        .put("min_latency", millis(times.least()))
        .put("avg_latency", average(times))
        .put("max_latency", millis(times.greatest()))
        .put("num_alive_client_connections", parts.sessions().holds().size())
        .put("data_dir_size", parts.store().diskBytes())
        .put("uptime", uptimeMillis());
    return document.put(
        "node_count_estimate", figures.gauges().getOrDefault("znodes_estimated", 0L));
  }

  private static String state(Standing standing) {
    return Ascii.toLowerCase(standing.role().name());
  }

  static double millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMicros(nanos) / 1000.0;
  }

  private static double average(Histogram.Snapshot times) {
    return times.count() == 0 ? 0 : millis(times.sum() / times.count());
  }

  private static long uptimeMillis() {
    return ManagementFactory.getRuntimeMXBean().getUptime();
  }

  private ObjectNode statsWithConnections() {
    ObjectNode document = stats();
    return document.setAll(new SessionCommands(parts).connections());
  }

  private ObjectNode monitor() {
    Standing standing = parts.consensus().standing();
    Histogram.Snapshot times = parts.coordinator().requestTimes().all();
    StoreFigures figures = parts.store().figures();
    ObjectNode document =
        AdminReply.object()
            .put("version", config.version())
            .put("server_state", state(standing))
            .put("min_latency", millis(times.least()))
            .put("avg_latency", average(times))
            .put("max_latency", millis(times.greatest()))
            .put("packets_received", parts.coordinator().requestTimes().received())
            .put("packets_sent", times.count())
            .put("num_alive_connections", parts.sessions().holds().size())
            .put("outstanding_requests", parts.coordinator().outstandingWrites())
            .put("uptime", uptimeMillis())
            .put("znode_count_estimate", figures.gauges().getOrDefault("znodes_estimated", 0L))
            .put("watch_count", parts.watches().summary().watches())
            .put("approximate_data_size", parts.store().diskBytes())
            .put(
                "quorum_size",
                parts.consensus().members().stream().filter(member -> !member.observer()).count());
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      document.put("open_file_descriptor_count", system.getOpenFileDescriptorCount());
      document.put("max_file_descriptor_count", system.getMaxFileDescriptorCount());
    }
    metrics.families().values().forEach((name, value) -> put(document, name, value));
    return document;
  }

  private static void put(ObjectNode document, String name, double value) {
    String key = name.substring("quoll_".length());
    if (value == Math.rint(value)) {
      document.put(key, (long) value);
    } else {
      document.put(key, value);
    }
  }

  private ObjectNode configuration() {
    ObjectNode document = AdminReply.object();
    config.settings().forEach(document::putPOJO);
    return document;
  }

  private ObjectNode environment() {
    ObjectNode document = AdminReply.object().put("quoll.version", config.version());
    for (String name : ENVIRONMENT) {
      document.put(name, System.getProperty(name, ""));
    }
    Runtime runtime = Runtime.getRuntime();
    return document
        .put("jvm.memory.free", mebibytes(runtime.freeMemory()))
        .put("jvm.memory.max", mebibytes(runtime.maxMemory()))
        .put("jvm.memory.total", mebibytes(runtime.totalMemory()));
  }

  private static String mebibytes(long bytes) {
    return bytes / (1024 * 1024) + "MB";
  }

  private ObjectNode votingView() {
    ObjectNode document = AdminReply.object();
    ObjectNode view = document.putObject("current_config");
    for (Member member : parts.consensus().members()) {
      if (member.observer()) {
        continue;
      }
      ObjectNode row = view.putObject(Integer.toString(member.serverId()));
      row.putArray("server_addresses").add(member.peerAddress());
      row.put("client_address", member.clientAddress());
    }
    return document;
  }
}
