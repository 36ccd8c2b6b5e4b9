package io.quoll.server;

import com.google.common.collect.ImmutableMap;
import io.quoll.server.admin.AdminConfig;

/** What is told of the configuration, by ZooKeeper's names where the thing is the same. */
final class AdminSettings {
  private AdminSettings() {}

  static AdminConfig of(ServerConfig config, String version) {
    ImmutableMap<String, Object> settings =
        ImmutableMap.<String, Object>builder()
            .put("server_id", config.serverId())
            .put("cluster_name", config.clusterName())
            .put("client_port", config.grpcPort())
            .put("client_address", config.clientAddress())
            .put("admin_port", config.adminPort())
            .put("data_dir", config.dataDirectory().toAbsolutePath().toString())
            .put("data_log_dir", config.logDirectory().toAbsolutePath().toString())
            .put("tick_time", config.tickTime().toMillis())
            .put("min_session_timeout", config.minSessionTimeout().toMillis())
            .put("max_session_timeout", config.maxSessionTimeout().toMillis())
            .put("init_limit", config.initLimit())
            .put("sync_limit", config.syncLimit())
            .put("snap_count", config.snapshotEntries())
            .put("standalone", config.standalone())
            .put("peer_type", config.self().observer() ? "observer" : "participant")
            .buildOrThrow();
    return new AdminConfig(
        config.adminHost(),
        config.adminPort(),
        config.clusterName(),
        version,
        config.dataDirectory(),
        config.logDirectory(),
        settings);
  }
}
