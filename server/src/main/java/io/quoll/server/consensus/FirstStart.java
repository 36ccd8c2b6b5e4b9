package io.quoll.server.consensus;

import static io.quoll.server.consensus.PeerMessages.Acquaintance.KNOWN;
import static io.quoll.server.consensus.PeerMessages.Acquaintance.NOT_FORMED;

import com.google.common.collect.ImmutableList;
import io.quoll.server.consensus.ConsensusConfig.Peer;
import io.quoll.server.consensus.PeerMessages.Acquaintance;
import io.quoll.server.consensus.PeerMessages.Introduction;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.StartupException;
import io.quoll.statemachine.state.Membership;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.thirdparty.io.grpc.Server;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the other members, before a node with an empty data directory takes part, whether its number
 * took part before: then its disk was lost, and with it the votes that it cast and the writes that
 * it acknowledged, and it must not take part under that number again.
 *
 * <p>Of an ensemble that is at work, so many must answer that somebody who would know is among
 * them: a majority of the voters, without the node that asks, which has lost what it knew or knew
 * nothing. An ensemble that is not formed yet, where everybody asks at the same time, is believed
 * when half of it says so. Runs before Ratis does, on its port.
 */
final class FirstStart {
  private static final Logger LOG = LoggerFactory.getLogger(FirstStart.class);
  private static final long CALL_MILLIS = 500;
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ConsensusConfig config;
  private final PeerChannels channels;
  private final ImmutableList<Peer> others;
  private final int voters;

  FirstStart(ConsensusConfig config, PeerChannels channels) {
    this.config = config;
    this.channels = channels;
    this.others =
        config.peers().stream()
            .filter(peer -> peer.serverId() != config.serverId() && !peer.observer())
            .collect(ImmutableList.toImmutableList());
    this.voters = (int) config.peers().stream().filter(peer -> !peer.observer()).count();
  }

  /**
   * Returns once this node may take part, and whether that is in an ensemble that is at work; waits
   * for the others as long as it takes.
   *
   * @param self this node's own line of the configuration
   * @param directoryId the name of its data directory
   * @throws StartupException {@code BAD_DATA_DIRECTORY} if its number took part before, {@code
   *     PORT_IN_USE} if its port is taken
   */
  boolean await(Peer self, String directoryId) throws InterruptedException {
    if (others.isEmpty()) {
      return false;
    }
    Server server = serve(self);
    try {
      return ask(directoryId);
    } finally {
      server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  private Server serve(Peer self) {
    try {
      NettyServerBuilder builder =
          NettyServerBuilder.forAddress(new InetSocketAddress(self.host(), self.port()));
      config.tls().map(PeerTls::ofServer).ifPresent(builder::sslContext);
      return builder
          .addService(PeerService.introductionsOnly(this::answer))
          .permitKeepAliveTime(PeerChannels.KEEP_ALIVE_SECONDS / 2, TimeUnit.SECONDS)
          .build()
          .start();
    } catch (IOException e) {
      throw PeerService.portTaken(self, e);
    }
  }

  /**
   * What this node says to one that starts too. One that the first members do not name must not
   * take itself for one of them: it joins once they are at work.
   */
  private Acquaintance answer(Introduction introduction) {
    requireNamed(introduction, config.configuredMembers());
    return NOT_FORMED;
  }

  /** Refuses to answer a server that is to join an ensemble that is not formed yet. */
  static void requireNamed(Introduction introduction, Membership first) {
    if (first.find(introduction.serverId()).isEmpty()) {
      throw new IllegalStateException("the ensemble is not formed yet, and is without that server");
    }
  }

  private boolean ask(String directoryId) throws InterruptedException {
    long start = System.nanoTime();
    long reported = start;
    while (true) {
      Map<Integer, Acquaintance> answers = askAll(directoryId);
      if (answers.containsValue(KNOWN)) {
        throw wiped();
      }
      boolean complete = answers.size() == others.size();
      if (isEnough(answers) && (complete || System.nanoTime() - start > GRACE_NANOS)) {
        return isFormed(answers);
      }
      if (System.nanoTime() - reported > REPORT_NANOS) {
        reported = System.nanoTime();
        LOG.info(
            "First start: waiting for more members to answer; have {} of {}",
            answers.size(),
            others.size());
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private boolean isEnough(Map<Integer, Acquaintance> answers) {
    int needed = isFormed(answers) ? others.size() / 2 + 1 : voters / 2;
    return answers.size() >= needed;
  }

  private static boolean isFormed(Map<Integer, Acquaintance> answers) {
    return answers.values().stream().anyMatch(answer -> answer != NOT_FORMED);
  }

  private Map<Integer, Acquaintance> askAll(String directoryId) {
    byte[] question = PeerMessages.encode(new Introduction(config.serverId(), directoryId));
    Map<Integer, CompletableFuture<byte[]>> calls = new HashMap<>();
    for (Peer peer : others) {
      channels.reconnect(peer.serverId());
      calls.put(
          peer.serverId(),
          channels.call(peer.serverId(), PeerProtocol.INTRODUCE, question, CALL_MILLIS));
    }
    Map<Integer, Acquaintance> answers = new HashMap<>();
    calls.forEach(
        (serverId, call) ->
            call.handle((bytes, failure) -> failure == null ? bytes : new byte[0])
                .thenAccept(
                    bytes -> {
                      if (bytes.length > 0) {
                        answers.put(serverId, PeerMessages.decodeAcquaintance(bytes));
                      }
                    })
                .join());
    return answers;
  }

  private StartupException wiped() {
    return new StartupException(
        ExitCode.BAD_DATA_DIRECTORY,
        """
        server %d took part in this ensemble before, and its data directory %s is empty now. It may \
        have acknowledged writes that it would now deny. Bring the data back, or remove server %d \
        from the ensemble and add this node under a number that was never used\
        """
            .formatted(config.serverId(), config.dataDirectory(), config.serverId()));
  }
}
