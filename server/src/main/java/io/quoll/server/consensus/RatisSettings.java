package io.quoll.server.consensus;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** The settings of Ratis, each with its reason: the only place where its keys are named. */
final class RatisSettings {
  /** The shortest time without a word from the leader after which a follower seeks votes. */
  static final TimeDuration ELECTION_TIMEOUT_MIN = millis(500);

  /** The longest such time. */
  static final TimeDuration ELECTION_TIMEOUT_MAX = millis(1000);

  private static final TimeUnit SECONDS = TimeUnit.SECONDS;

  private RatisSettings() {}

  /** The settings for the node that {@code config} describes, with its log in {@code storage}. */
  static RaftProperties of(ConsensusConfig config, ConsensusConfig.Peer self) {
    RaftProperties properties = new RaftProperties();
    RaftServerConfigKeys.setStorageDir(
        properties, List.of(DataDirectory.raftDirectory(config).toFile()));
    network(properties, self);
    elections(properties);
    log(properties, config);
    snapshots(properties, config);
    reads(properties);
    return properties;
  }

  private static void network(RaftProperties properties, ConsensusConfig.Peer self) {
    RaftConfigKeys.Rpc.setType(properties, SupportedRpcType.GRPC);
    GrpcConfigKeys.Server.setHost(properties, self.host());
    GrpcConfigKeys.Server.setPort(properties, self.port());
    // Threads that wake each other are what a small machine pays for; these do little each.
    GrpcConfigKeys.Server.setBossGroupSize(properties, 1);
    GrpcConfigKeys.Server.setWorkerGroupSize(properties, 1);
    GrpcConfigKeys.Client.setWorkerGroupSize(properties, 1);
    GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf("64MB"));
    // A follower that is down is told of once in a while, not at every attempt.
    RaftServerConfigKeys.Rpc.setSlownessTimeout(properties, TimeDuration.valueOf(60, SECONDS));
  }

  private static void elections(RaftProperties properties) {
    // The defaults of 150 and 300 ms are shorter than a pause of the garbage collector.
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, ELECTION_TIMEOUT_MIN);
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, ELECTION_TIMEOUT_MAX);
    RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
    // How long a leader that lost its majority waits before it seeks votes again.
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(
        properties, TimeDuration.valueOf(2, SECONDS));
    RaftServerConfigKeys.Notification.setNoLeaderTimeout(
        properties, TimeDuration.valueOf(5, SECONDS));
    // A suspended machine must not come back with its Raft server closed.
    RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(10, TimeUnit.MINUTES));
    RaftServerConfigKeys.setStagingTimeout(properties, TimeDuration.valueOf(30, SECONDS));
    RaftServerConfigKeys.setStagingCatchupGap(properties, 10_000);
  }

  private static void log(RaftProperties properties, ConsensusConfig config) {
    // Without its own entries for the commit index the log has one fsync less for each commit; the
    // followers learn of commits by the heartbeat that CommitNudge asks for.
    RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
    RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(properties, false);
    // The default of 1 ms would be added to each write when one is in flight.
    RaftServerConfigKeys.Log.Appender.setWaitTimeMin(properties, millis(0));
    // The default waits 5 s after each error once a follower was down for a while, and what a
    // follower says when it comes back counts as errors: it would serve an old tree meanwhile.
    // Five attempts a second cost a leader less than 1 % of a processor while a follower is down
    // (the JIT compiler takes more, for some minutes); fewer would tell it later who leads when it
    // comes back.
    RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, "1ms,10, 200ms,1000000000");
    RaftServerConfigKeys.Log.setForceSyncNum(properties, 1024);
    SizeInBytes segment = SizeInBytes.valueOf(config.logSegmentBytes());
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, segment);
    if (segment.getSize() < RaftServerConfigKeys.Log.preallocatedSize(properties).getSize()) {
      RaftServerConfigKeys.Log.setPreallocatedSize(properties, segment);
    }
    // Entries in the cache of the log are on the heap.
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("64MB"));
    // A damaged log is never read past its damage: entries behind it may have been acknowledged.
    RaftServerConfigKeys.Log.setCorruptionPolicy(
        properties, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
    // One dead member must not keep the log of all others from being purged.
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    // A member that was away for a short time is served from the log.
    RaftServerConfigKeys.Log.setPurgePreservationLogNum(properties, config.logEntriesKept());
    RaftServerConfigKeys.Log.setPurgeGap(properties, 1024);
    // Each batch is a request of its own, so this cache only has to outlive a request.
    RaftServerConfigKeys.RetryCache.setExpiryTime(properties, TimeDuration.valueOf(10, SECONDS));
  }

  private static void snapshots(RaftProperties properties, ConsensusConfig config) {
    // Our own service carries snapshots between members; Ratis only says when. (ADR 0006.)
    RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(properties, false);
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, config.snapshotEntries());
    // A stop in order leaves nothing to apply at the next start.
    RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, true);
    RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1);
  }

  private static void reads(RaftProperties properties) {
    // Not for reads, whose barrier is in the log (ADR 0007): such a read of Ratis makes the leader
    // send a heartbeat, which tells the followers what is committed. With a lease it would not.
    RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
    RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, false);
    RaftServerConfigKeys.Read.setTimeout(properties, TimeDuration.valueOf(3, SECONDS));
  }

  private static TimeDuration millis(long millis) {
    return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
  }
}
