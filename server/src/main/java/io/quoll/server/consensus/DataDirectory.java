package io.quoll.server.consensus;

import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.StartupException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;

/**
 * A node's place on disk, and the check that it is this node's: {@code identity} names the server
 * and the ensemble that the directory took part as, {@code raft} has the log, {@code store} the
 * tree, {@code snapshots} copies of it.
 *
 * <p>A voter that comes back without its log could vote again in an election that it voted in
 * before, or miss writes that it acknowledged; so a directory that has an identity but no log is
 * refused, and one that has neither is checked with the other members ({@link FirstStart}).
 */
final class DataDirectory {
  private static final String IDENTITY = "identity";

  private final ConsensusConfig config;

  DataDirectory(ConsensusConfig config) {
    this.config = config;
  }

  /** Where the Raft log is. */
  static Path raftDirectory(ConsensusConfig config) {
    return config.logDirectory().resolve("raft");
  }

  /** Where the snapshots are. */
  static Path snapshotDirectory(ConsensusConfig config) {
    return config.dataDirectory().resolve("snapshots");
  }

  /**
   * The identity of the directory, or empty if it is new.
   *
   * @throws StartupException if the directory belongs to another server or ensemble, if it is not
   *     whole, or if it cannot be read or written
   */
  Optional<NodeIdentity> existing() {
    try {
      Files.createDirectories(config.dataDirectory());
      Files.createDirectories(raftDirectory(config));
    } catch (IOException e) {
      throw refused("cannot be created or written: " + e);
    }
    Optional<NodeIdentity> identity = read();
    identity.ifPresent(this::check);
    if (identity.isEmpty() && hasLog()) {
      throw refused("has a Raft log but no file \"identity\": it is not whole; restore that file");
    }
    return identity;
  }

  private void check(NodeIdentity identity) {
    if (identity.serverId() != config.serverId()) {
      throw refused(
          "belongs to server %d, and this is server %d; check myid and dataDir"
              .formatted(identity.serverId(), config.serverId()));
    }
    if (!identity.clusterName().equals(config.clusterName())) {
      throw refused(
          "belongs to the ensemble \"%s\", and this node is of \"%s\"; check clusterName and dataDir"
              .formatted(identity.clusterName(), config.clusterName()));
    }
    if (identity.joined() && !hasLog()) {
      throw refused(
          """
          took part in the ensemble, but its Raft log is gone from %s. A voter must not come back \
          without its log: bring the log back, or remove server %d from the ensemble, empty both \
          directories and add it under a new number\
          """
              .formatted(raftDirectory(config), config.serverId()));
    }
  }

  private boolean hasLog() {
    Path group =
        raftDirectory(config).resolve(RaftNode.groupId(config.clusterName()).getUuid().toString());
    return Files.exists(group.resolve("current/raft-meta"));
  }

  /** The identity for this start, after that of the start before, if there was one. */
  NodeIdentity next(Optional<NodeIdentity> before, long nowMillis) {
    return new NodeIdentity(
        config.serverId(),
        config.clusterName(),
        before.map(NodeIdentity::directoryId).orElseGet(() -> UUID.randomUUID().toString()),
        Math.max(nowMillis, before.map(NodeIdentity::incarnation).orElse(0L) + 1),
        before.map(NodeIdentity::joined).orElse(false));
  }

  /** Puts {@code identity} on disk. */
  void write(NodeIdentity identity) {
    String text =
        """
        # Whose data this is. Do not edit, do not copy to another node.
        serverId=%d
        clusterName=%s
        directoryId=%s
        incarnation=%d
        joined=%s
        """
            .formatted(
                identity.serverId(),
                identity.clusterName(),
                identity.directoryId(),
                identity.incarnation(),
                identity.joined());
    Path file = config.dataDirectory().resolve(IDENTITY);
    Path incomplete = config.dataDirectory().resolve(IDENTITY + ".incomplete");
    try {
      Files.writeString(incomplete, text);
      sync(incomplete);
      Files.move(incomplete, file, StandardCopyOption.ATOMIC_MOVE);
      sync(config.dataDirectory());
    } catch (IOException e) {
      throw refused("cannot be written: " + e);
    }
  }

  /** The identity as it is written down, checked or not; empty if there is none. */
  Optional<NodeIdentity> read() {
    Path file = config.dataDirectory().resolve(IDENTITY);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Properties values = new Properties();
      values.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
      return Optional.of(
          new NodeIdentity(
              Integer.parseInt(values.getProperty("serverId", "")),
              values.getProperty("clusterName", ""),
              values.getProperty("directoryId", ""),
              Long.parseLong(values.getProperty("incarnation", "")),
              Boolean.parseBoolean(values.getProperty("joined", "true"))));
    } catch (IOException | NumberFormatException e) {
      throw refused("has a file \"identity\" that cannot be read: " + e);
    }
  }

  /** Brings a file, or the names in a directory, to disk. */
  static void sync(Path path) throws IOException {
    boolean directory = Files.isDirectory(path);
    try (FileChannel channel =
        FileChannel.open(path, directory ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private StartupException refused(String why) {
    return new StartupException(
        ExitCode.BAD_DATA_DIRECTORY, "the data directory " + config.dataDirectory() + " " + why);
  }
}
