package io.quoll.cli.reply;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.client.MemberStatus;
import io.quoll.client.Role;
import java.util.List;
import java.util.Map;

/**
 * Whether all is well with the ensemble.
 *
 * @param problems what is not, a sentence each
 */
public record HealthReply(int members, ImmutableList<String> problems) implements Reply {
  /** How many entries of the log a member may be behind the one that is farthest. */
  private static final long LAG_MAX = 10_000;

  /** The health of an ensemble whose members stand so. */
  public static HealthReply of(ImmutableList<MemberStatus> members) {
    ImmutableList.Builder<String> problems = ImmutableList.builder();
    List<MemberStatus> answering = members.stream().filter(MemberStatus::reachable).toList();
    members.stream()
        .filter(member -> !member.reachable())
        .forEach(member -> problems.add("server " + member.id() + " does not answer"));
    if (answering.stream().noneMatch(HealthReply::leads)) {
      problems.add("no server leads");
    }
    long farthest = answering.stream().mapToLong(MemberStatus::appliedIndex).max().orElse(0);
    for (MemberStatus member : answering) {
      if (member.leaderId() == 0) {
        problems.add("server " + member.id() + " knows no leader");
      }
      if (farthest - member.appliedIndex() > LAG_MAX) {
        problems.add(
            "server %d is %d log entries behind"
                .formatted(member.id(), farthest - member.appliedIndex()));
      }
      for (MemberStatus other : answering) {
        if (other.id() > member.id()
            && other.zxid() == member.zxid()
            && other.treeDigest() != member.treeDigest()) {
          problems.add(
              "servers %d and %d have different trees at zxid 0x%x"
                  .formatted(member.id(), other.id(), member.zxid()));
        }
      }
    }
    return new HealthReply(members.size(), problems.build());
  }

  private static boolean leads(MemberStatus member) {
    return member.role() == Role.LEADER || member.role() == Role.STANDALONE;
  }

  /** Whether there is no problem. */
  public boolean isHealthy() {
    return problems.isEmpty();
  }

  @Override
  public void print(Output output) {
    if (isHealthy()) {
      output.line("healthy: all of %d members serve".formatted(members));
    }
    problems.forEach(output::line);
  }

  @Override
  public Map<String, Object> json() {
    return ImmutableMap.of("healthy", isHealthy(), "members", members, "problems", problems);
  }
}
