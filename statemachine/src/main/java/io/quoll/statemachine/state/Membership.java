package io.quoll.statemachine.state;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import com.google.protobuf.ByteString;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Who the members of the ensemble are, as {@code /zookeeper/config} tells it: in ZooKeeper's form,
 * a line {@code server.N=host:port:port:role;client} for each, and a last line {@code version=}
 * with the zxid of the change in hex. (ADR 0023.)
 *
 * @param members in the order of their numbers
 */
@Immutable
public record Membership(ImmutableList<Member> members) {
  private static final Pattern LINE =
      Pattern.compile("server\\.(\\d+)=(.+):(\\d+):\\3:(participant|observer)(?:;(.+))?");

  /**
   * A member of the ensemble.
   *
   * @param serverId its number
   * @param peerAddress where the other members reach it, as {@code host:port}
   * @param clientAddress where it takes clients, as {@code host:port}; empty if that is not known
   * @param observer whether it never votes
   */
  @Immutable
  public record Member(int serverId, String peerAddress, String clientAddress, boolean observer) {
    private String line() {
      String port = peerAddress.substring(peerAddress.lastIndexOf(':') + 1);
      // Tools that know ZooKeeper's form expect a second port, that of elections.
      return "server."
          + serverId
          + "="
          + peerAddress
          + ":"
          + port
          + ":"
          + (observer ? "observer" : "participant")
          + (clientAddress.isEmpty() ? "" : ";" + clientAddress)
          + "\n";
    }
  }

  public Membership {
    members =
        members.stream()
            .sorted(Comparator.comparingInt(Member::serverId))
            .collect(toImmutableList());
  }

  /** What {@link #textAt} wrote; what is no line of a member is left out. */
  public static Membership parse(ByteString text) {
    return new Membership(
        Splitter.on('\n')
            .splitToStream(text.toStringUtf8())
            .map(LINE::matcher)
            .filter(Matcher::matches)
            .map(Membership::member)
            .collect(toImmutableList()));
  }

  private static Member member(Matcher line) {
    String client = line.group(5);
    return new Member(
        Integer.parseInt(line.group(1)),
        line.group(2) + ":" + line.group(3),
        client == null ? "" : client,
        line.group(4).equals("observer"));
  }

  /** The text of {@code /zookeeper/config} when these are the members since {@code zxid}. */
  public ByteString textAt(long zxid) {
    return ByteString.copyFromUtf8(
        members.stream().map(Member::line).collect(Collectors.joining())
            + "version="
            + Long.toHexString(zxid));
  }

  /** The member of that number. */
  public Optional<Member> find(int serverId) {
    return members.stream().filter(member -> member.serverId() == serverId).findFirst();
  }

  /** Those that vote. */
  public ImmutableList<Member> voters() {
    return members.stream().filter(member -> !member.observer()).collect(toImmutableList());
  }

  /** These members and {@code member}, which takes the place of one with the same number. */
  public Membership with(Member member) {
    return new Membership(
        ImmutableList.<Member>builder()
            .addAll(without(member.serverId()).members)
            .add(member)
            .build());
  }

  /** These members but for that number. */
  public Membership without(int serverId) {
    return new Membership(
        members.stream()
            .filter(member -> member.serverId() != serverId)
            .collect(toImmutableList()));
  }
}
