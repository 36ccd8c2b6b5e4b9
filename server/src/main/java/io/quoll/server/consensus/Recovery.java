package io.quoll.server.consensus;

import com.google.common.collect.ImmutableList;
import io.quoll.server.consensus.ConsensusConfig.Peer;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.StartupException;
import io.quoll.statemachine.ratis.RatisStateMachine;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.store.Position;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.segmented.LogSegment;
import org.apache.ratis.server.raftlog.segmented.LogSegmentPath;
import org.apache.ratis.util.SizeInBytes;

/**
 * Makes an ensemble of one server of what this node has, when so many others are lost for good that
 * no majority will ever be again. It keeps the whole log of this node, agreed on or not, and puts
 * behind it that this node is the only member. The new ensemble has another name, so that none of
 * the former members can speak to it, nor to a majority of them that comes back. (ADR 0024.)
 *
 * <p>Used once, by one thread, while no server runs on the data directory.
 */
public final class Recovery {
  private static final SizeInBytes RECORD_BYTES_MAX =
      SizeInBytes.valueOf(RatisStateMachine.ENTRY_BYTES_MAX + 64L * 1024);

  private final ConsensusConfig config;
  private final DataDirectory directory;
  private final NodeIdentity identity;
  private final Path group;
  private final Position logEnd;

  private Recovery(
      ConsensusConfig config,
      DataDirectory directory,
      NodeIdentity identity,
      Path group,
      Position logEnd) {
    this.config = config;
    this.directory = directory;
    this.identity = identity;
    this.group = group;
    this.logEnd = logEnd;
  }

  /**
   * Looks at what there is, and changes nothing but a torn record at the end of the log.
   *
   * @param config names this node alone, and the new name of the ensemble
   * @throws StartupException if this cannot be done, with the reason
   */
  public static Recovery prepare(ConsensusConfig config) {
    DataDirectory directory = new DataDirectory(config);
    NodeIdentity identity =
        directory
            .read()
            .orElseThrow(() -> refused("the data directory is empty; there is nothing to recover"));
    requireSensible(config, identity);
    try {
      Path raft = DataDirectory.raftDirectory(config);
      Path group = groupDirectory(raft, identity.clusterName());
      if (!Files.exists(group)) { // A recovery was cut short after this step.
        group = groupDirectory(raft, config.clusterName());
      }
      requireUnused(group);
      LogTail.mend(raft);
      return new Recovery(config, directory, identity, group, logEnd(group));
    } catch (IOException failure) {
      throw refused("the Raft log cannot be read: " + failure);
    }
  }

  private static void requireSensible(ConsensusConfig config, NodeIdentity identity) {
    if (identity.serverId() != config.serverId()) {
      throw refused(
          "the data directory is that of server %d, and myid says %d"
              .formatted(identity.serverId(), config.serverId()));
    }
    if (identity.clusterName().equals(config.clusterName())) {
      throw refused(
          """
          the configuration must give the new ensemble another name: clusterName is "%s", as before. \
          Only so can no former member take part in it, or go on without it\
          """
              .formatted(config.clusterName()));
    }
    List<Peer> peers = config.peers();
    if (peers.size() != 1 || peers.get(0).observer() || config.isStandalone()) {
      throw refused(
          """
          the configuration must name one member, this server: leave the line server.%d=..., and no \
          other; the others are added again later\
          """
              .formatted(config.serverId()));
    }
  }

  private static Path groupDirectory(Path raft, String clusterName) {
    return raft.resolve(RaftNode.groupId(clusterName).getUuid().toString());
  }

  private static void requireUnused(Path group) throws IOException {
    Path lock = group.resolve("in_use.lock");
    if (!Files.exists(lock)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      FileLock held = channel.tryLock();
      if (held == null) {
        throw refused("a server runs on this data directory; stop it first");
      }
      held.release();
    }
  }

  private static Position logEnd(Path group) throws IOException {
    List<LogSegmentPath> segments = new ArrayList<>();
    try (Stream<Path> files = Files.list(group.resolve("current"))) {
      files.map(LogSegmentPath::matchLogSegment).filter(Objects::nonNull).forEach(segments::add);
    }
    segments.sort(Comparator.comparing(LogSegmentPath::getStartEnd).reversed());
    for (LogSegmentPath segment : segments) {
      List<TermIndex> last = new ArrayList<>(1);
      LogSegment.readSegmentFile(
          segment.getPath().toFile(),
          segment.getStartEnd(),
          RECORD_BYTES_MAX,
          CorruptionPolicy.EXCEPTION,
          null,
          entry -> {
            last.clear();
            last.add(TermIndex.valueOf(entry));
          });
      if (!last.isEmpty()) {
        return new Position(last.get(0).getTerm(), last.get(0).getIndex());
      }
    }
    throw new IOException("it holds no entry");
  }

  /** The last entry of the log, which will be kept. */
  public Position logEnd() {
    return logEnd;
  }

  /** The name of the ensemble that is given up. */
  public String formerName() {
    return identity.clusterName();
  }

  /**
   * The members of that ensemble, as far as they were written down here; empty if they were not.
   */
  public Membership formerMembers() {
    Path file = group.resolve("current/raft-meta.conf");
    try (InputStream in = Files.newInputStream(file)) {
      return RaftPeers.membership(LogEntryProto.parseFrom(in).getConfigurationEntry());
    } catch (IOException none) {
      return new Membership(ImmutableList.of());
    }
  }

  /**
   * Does it. If it is cut short, it can be done again, and no server starts on the directory until
   * then.
   */
  public void carryOut() {
    try {
      Path renamed = groupDirectory(DataDirectory.raftDirectory(config), config.clusterName());
      if (!renamed.equals(group)) {
        Files.move(group, renamed, StandardCopyOption.ATOMIC_MOVE);
      }
      writeMembers(renamed.resolve("current"));
      directory.write(
          new NodeIdentity(
              identity.serverId(),
              config.clusterName(),
              identity.directoryId(),
              identity.incarnation(),
              true));
    } catch (IOException failure) {
      throw new StartupException(
          ExitCode.STORAGE_FAILED, "the data directory cannot be written: " + failure);
    }
  }

  // Behind the end of the log, so that it counts more than what the log says of members; at the
  // index where a leader, which this server alone becomes, writes the same once more.
  private void writeMembers(Path current) throws IOException {
    LogEntryProto entry =
        LogEntryProto.newBuilder()
            .setTerm(logEnd.term())
            .setIndex(logEnd.index() + 1)
            .setConfigurationEntry(
                RaftConfigurationProto.newBuilder()
                    .addAllPeers(
                        RaftPeers.all(config.configuredMembers()).stream()
                            .map(peer -> peer.getRaftPeerProto())
                            .toList()))
            .build();
    Path incomplete = current.resolve("raft-meta.conf.incomplete");
    try (OutputStream out = Files.newOutputStream(incomplete)) {
      entry.writeTo(out);
    }
    DataDirectory.sync(incomplete);
    Files.move(incomplete, current.resolve("raft-meta.conf"), StandardCopyOption.ATOMIC_MOVE);
    DataDirectory.sync(current);
    DataDirectory.sync(DataDirectory.raftDirectory(config));
  }

  private static StartupException refused(String why) {
    return new StartupException(ExitCode.BAD_CONFIGURATION, "Nothing was done: " + why);
  }
}
