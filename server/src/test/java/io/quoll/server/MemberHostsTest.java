package io.quoll.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.quoll.server.consensus.ConsensusConfig.Peer;
import io.quoll.server.coordination.Consensus.Member;
import org.junit.jupiter.api.Test;

class MemberHostsTest {
  @Test
  void membersThatCameLaterAreAmongThem() {
    MemberHosts hosts =
        new MemberHosts(ImmutableList.of(new Peer(1, "one", 7281, false, "one:7181")));
    assertThat(hosts.get()).containsExactly("one");

    hosts.follow(
        () ->
            ImmutableList.of(
                new Member(1, "one:7281", "", false),
                new Member(4, "four:7281", "", false),
                new Member(5, "[::1]:7281", "", true),
                new Member(6, "fe80::2:7281", "", true)));

    assertThat(hosts.get()).containsExactly("one", "four", "::1", "fe80::2");
  }
}
