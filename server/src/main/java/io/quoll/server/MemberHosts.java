package io.quoll.server;

import static com.google.common.collect.ImmutableSet.toImmutableSet;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.quoll.server.consensus.ConsensusConfig.Peer;
import io.quoll.server.coordination.Consensus.Member;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The hosts whose certificates are good at the port between members: those of the configuration,
 * and of the members that there are. Thread-safe.
 */
final class MemberHosts implements Supplier<ImmutableSet<String>> {
  private final ImmutableSet<String> configured;
  private volatile Supplier<ImmutableList<Member>> present = ImmutableList::of;

  MemberHosts(ImmutableList<Peer> configured) {
    this.configured = configured.stream().map(Peer::host).collect(toImmutableSet());
  }

  /** Asks {@code members} from now on. */
  void follow(Supplier<ImmutableList<Member>> members) {
    present = members;
  }

  @Override
  public ImmutableSet<String> get() {
    return Stream.concat(
            configured.stream(), present.get().stream().map(member -> host(member.peerAddress())))
        .collect(toImmutableSet());
  }

  private static String host(String address) {
    String host = address.substring(0, address.lastIndexOf(':'));
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
