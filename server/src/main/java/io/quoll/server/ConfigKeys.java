package io.quoll.server;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Streams;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The keys of the configuration: those that count here, and ZooKeeper's that do not. */
final class ConfigKeys {
  static final String MAX_CLIENT_CONNECTIONS = "maxClientCnxns";
  static final String MAX_CONNECTIONS = "maxCnxns";
  static final String REQUEST_RATE_LIMIT = "requestRateLimit";
  static final String REQUEST_RATE_BURST = "requestRateBurst";
  static final String TICK_TIME = "tickTime";
  static final String MIN_SESSION_TIMEOUT = "minSessionTimeout";
  static final String MAX_SESSION_TIMEOUT = "maxSessionTimeout";
  static final String CONTAINER_CHECK_INTERVAL = "znode.container.checkIntervalMs";
  static final String CONTAINERS_PER_MINUTE = "znode.container.maxPerMinute";
  static final String INIT_LIMIT = "initLimit";
  static final String SYNC_LIMIT = "syncLimit";
  static final String DATA_DIR = "dataDir";
  static final String DATA_LOG_DIR = "dataLogDir";
  static final String CLUSTER_NAME = "clusterName";
  static final String GRPC_PORT = "grpcPort";
  static final String CLIENT_PORT = "clientPort";
  static final String CLIENT_PORT_ADDRESS = "clientPortAddress";
  static final String ADMIN_PORT = "adminPort";
  static final String ADMIN_ADDRESS = "adminAddress";
  static final String ADMIN_REMOTE = "adminRemote";
  static final String TRACING_ENABLE = "tracing.enable";
  static final String AUDIT_ENABLE = "audit.enable";
  static final String AUDIT_DIR = "audit.dir";
  static final String SNAP_COUNT = "snapCount";
  static final String SNAP_SIZE_LIMIT_IN_KB = "snapSizeLimitInKb";
  static final String SNAP_INTERVAL_IN_MINUTES = "snapIntervalInMinutes";
  static final String COMMIT_LOG_COUNT = "commitLogCount";
  static final String HISTORY_EVENTS = "historyEvents";
  static final String HISTORY_SIZE_LIMIT_IN_KB = "historySizeLimitInKb";
  static final String HISTORY_AGE_IN_MINUTES = "historyAgeInMinutes";
  static final String TXN_LOG_SIZE_LIMIT_IN_KB = "txnLogSizeLimitInKb";

  /** What the keys of the members start with. */
  static final String SERVER_PREFIX = "server.";

  private static final int DISTANCE_MAX = 4;

  private static final ImmutableSet<String> KNOWN =
      ImmutableSet.of(
          MAX_CLIENT_CONNECTIONS,
          MAX_CONNECTIONS,
          REQUEST_RATE_LIMIT,
          REQUEST_RATE_BURST,
          TICK_TIME,
          MIN_SESSION_TIMEOUT,
          MAX_SESSION_TIMEOUT,
          CONTAINER_CHECK_INTERVAL,
          CONTAINERS_PER_MINUTE,
          INIT_LIMIT,
          SYNC_LIMIT,
          DATA_DIR,
          DATA_LOG_DIR,
          CLUSTER_NAME,
          GRPC_PORT,
          CLIENT_PORT,
          CLIENT_PORT_ADDRESS,
          ADMIN_PORT,
          ADMIN_ADDRESS,
          ADMIN_REMOTE,
          TRACING_ENABLE,
          AUDIT_ENABLE,
          AUDIT_DIR,
          SNAP_COUNT,
          SNAP_SIZE_LIMIT_IN_KB,
          SNAP_INTERVAL_IN_MINUTES,
          COMMIT_LOG_COUNT,
          TXN_LOG_SIZE_LIMIT_IN_KB,
          HISTORY_EVENTS,
          HISTORY_SIZE_LIMIT_IN_KB,
          HISTORY_AGE_IN_MINUTES);

  private static final String AUTOMATIC = "old snapshots and logs are always removed";
  private static final String RAFT = "elections are Raft's, and need no setting";
  private static final String NOT_YET = "the feature does not exist here";
  private static final String INTERNAL = "it tunes an inner part of ZooKeeper that is not here";
  private static final String ALWAYS = "it is always so";
  private static final String METRICS = "the metrics are at /metrics of the admin port";
  private static final String ONE_PORT = "the one port for clients speaks TLS once it has a key";
  private static final String SUITES = "the suites are those of TLS 1.3, and of 1.2 the good ones";
  private static final String REVOCATION =
      "revocation is not looked at; use certificates of short life, which are read anew by themselves";
  private static final String ADMIN = "the keys of the admin port are adminPort and adminAddress";

  // What ZooKeeper's administrators may have in their files, and why it is not needed.
  private static final ImmutableMap<String, String> MEANINGLESS =
      ImmutableMap.<String, String>builder()
          .put("autopurge.snapRetainCount", AUTOMATIC)
          .put("autopurge.purgeInterval", AUTOMATIC)
          .put("preAllocSize", INTERNAL)
          .put("flushDelay", INTERNAL)
          .put("maxWriteQueuePollTime", INTERNAL)
          .put("maxBatchSize", INTERNAL)
          .put("fsync.warningthresholdms", NOT_YET)
          .put("snapshot.compression.method", "snapshots are kept compressed")
          .put("snapshot.trust.empty", "an unexpectedly empty data directory is never trusted")
          .put("serializeLastProcessedZxid.enabled", ALWAYS)
          .put("digest.enabled", ALWAYS)
          .put("closeSessionTxn.enabled", ALWAYS)
          .put("syncEnabled", ALWAYS)
          .put("standaloneEnabled", "no server.N line makes a standalone server, any make a member")
          .put("reconfigEnabled", NOT_YET)
          .put("dynamicConfigFile", "the members are the server.N lines of this file")
          .put("skipACL", "ACLs always hold")
          .put("electionAlg", RAFT)
          .put("fastleader.minNotificationInterval", RAFT)
          .put("fastleader.maxNotificationInterval", RAFT)
          .put("cnxTimeout", RAFT)
          .put("quorumCnxnTimeoutMs", RAFT)
          .put("electionPortBindRetry", RAFT)
          .put("leader.maxTimeToWaitForEpoch", RAFT)
          .put("connectToLearnerMasterLimit", RAFT)
          .put("leaderServes", "every member serves clients")
          .put("peerType", "a member is an observer by its server.N line")
          .put("oraclePath", NOT_YET)
          .put("quorumListenOnAllIPs", "a member listens at the host of its server.N line")
          .put("multiAddress.enabled", "a member has one address")
          .put("multiAddress.reachabilityCheckEnabled", "a member has one address")
          .put("multiAddress.reachabilityCheckTimeoutMs", "a member has one address")
          .put("tcpKeepAlive", ALWAYS)
          .put("clientTcpKeepAlive", ALWAYS)
          .put("observerMasterPort", NOT_YET)
          .put("learner.asyncSending", INTERNAL)
          .put("learner.closeSocketAsync", INTERNAL)
          .put("leader.closeSocketAsync", INTERNAL)
          .put("serverCnxnFactory", "the network layer is always Netty")
          .put("clientPortListenBacklog", INTERNAL)
          .put("globalOutstandingLimit", "the limit of outstanding writes is fixed")
          .put("jute.maxbuffer", "the limit is 1 MiB of data per znode")
          .put("forceSync", ALWAYS)
          .put("admin.enableServer", ADMIN)
          .put("admin.serverPort", ADMIN)
          .put("admin.serverAddress", ADMIN)
          .put("admin.commandURL", ADMIN)
          .put("admin.idleTimeout", ADMIN)
          .put(
              "4lw.commands.whitelist",
              "there are no four-letter words; use: quoll cluster status, or /commands of adminPort")
          .put("metricsProvider.className", METRICS)
          .put("metricsProvider.httpHost", METRICS)
          .put("metricsProvider.httpPort", METRICS)
          .put("metricsProvider.exportJvmInfo", METRICS)
          .put("jvm.pause.monitor", ALWAYS)
          .put("audit.impl.class", "the audit log is written by logback")
          .put("enforceQuota", "the hard limits of quotas always hold")
          .put("watchManagerName", INTERNAL)
          .put("secureClientPort", ONE_PORT)
          .put("secureClientPortAddress", ONE_PORT)
          .put("client.portUnification", "a port speaks TLS or plaintext, never both")
          .put("portUnification", "a port speaks TLS or plaintext, never both")
          .put("client.certReload", ALWAYS)
          .put("sslQuorumReloadCertFiles", ALWAYS)
          .put("ssl.protocol", "ssl.enabledProtocols says which versions of TLS are spoken")
          .put("ssl.quorum.protocol", "ssl.quorum.enabledProtocols says which are spoken")
          .put("ssl.ciphersuites", SUITES)
          .put("ssl.quorum.ciphersuites", SUITES)
          .put("ssl.hostnameVerification", "it is for clients, who verify the server's host")
          .put("ssl.clientHostnameVerification", "clients are known by their subject, not a host")
          .put("ssl.crl", REVOCATION)
          .put("ssl.ocsp", REVOCATION)
          .put("ssl.quorum.crl", REVOCATION)
          .put("ssl.quorum.ocsp", REVOCATION)
          .put("ssl.quorum.clientAuth", "members always show each other their certificates")
          .put("ssl.handshakeDetectionTimeoutMillis", INTERNAL)
          .put("ssl.sslProvider", INTERNAL)
          .put("fips-mode", NOT_YET)
          .put("extendedTypesEnabled", ALWAYS)
          .buildOrThrow();

  private ConfigKeys() {}

  static boolean isKnown(String key) {
    return KNOWN.contains(key)
        || TlsKeys.ALL.contains(key)
        || AuthenticationKeys.ALL.contains(key)
        || key.startsWith(SERVER_PREFIX);
  }

  /** Why {@code key}, which ZooKeeper knows, does nothing here; empty for all other keys. */
  static Optional<String> meaninglessBecause(String key) {
    return Optional.ofNullable(MEANINGLESS.get(key));
  }

  /** The key that somebody who wrote {@code key} most likely meant, if there is one. */
  static Optional<String> nearest(String key) {
    Stream<String> keys =
        Streams.concat(
            KNOWN.stream(),
            TlsKeys.ALL.stream(),
            AuthenticationKeys.ALL.stream(),
            Stream.of("server.1"));
    return keys.min(Comparator.comparingInt(known -> distance(known, key)))
        .filter(known -> distance(known, key) <= DISTANCE_MAX);
  }

  // Levenshtein's: how many characters to insert, remove or replace, whatever their case.
  private static int distance(String one, String other) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
