package io.quoll.cli.reply;

import com.google.common.collect.ImmutableList;
import io.quoll.client.MemberStatus;
import io.quoll.client.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where each member of the ensemble stands, as a table for people. */
public record ClusterReply(ImmutableList<MemberStatus> members) implements Reply {
  private static final ImmutableList<String> TITLES =
      ImmutableList.of(
          "ID", "ROLE", "CLIENT", "PEER", "TERM", "ZXID", "APPLIED", "COMMIT", "DIGEST", "VERSION");
  private static final String NOTHING = "-";

  @Override
  public void print(Output output) {
    List<List<String>> rows =
        ImmutableList.<List<String>>builder()
            .add(TITLES)
            .addAll(members.stream().map(ClusterReply::row).toList())
            .build();
    Table.print(rows, output);
  }

  private static List<String> row(MemberStatus member) {
    String client = member.clientAddress().isEmpty() ? NOTHING : member.clientAddress();
    if (!member.reachable()) {
      return ImmutableList.of(
          Integer.toString(member.id()),
          "unreachable",
          client,
          member.peerAddress(),
          NOTHING,
          NOTHING,
          NOTHING,
          NOTHING,
          NOTHING,
          NOTHING);
    }
    return ImmutableList.of(
        Integer.toString(member.id()),
        role(member.role()),
        client,
        member.peerAddress(),
        Long.toString(member.term()),
        "0x" + Long.toHexString(member.zxid()),
        Long.toString(member.appliedIndex()),
        Long.toString(member.commitIndex()),
        digest(member),
        member.version());
  }

  /** Whether every member answered. */
  public boolean isWhole() {
    return members.stream().allMatch(MemberStatus::reachable);
  }

  @Override
  public Map<String, Object> json() {
    return Map.of("members", members.stream().map(ClusterReply::fields).toList());
  }

  private static Map<String, Object> fields(MemberStatus member) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", member.id());
    fields.put("reachable", member.reachable());
    fields.put("clientAddress", member.clientAddress());
    fields.put("peerAddress", member.peerAddress());
    if (member.reachable()) {
      fields.put("role", role(member.role()));
      fields.put("term", member.term());
      fields.put("zxid", member.zxid());
      fields.put("appliedIndex", member.appliedIndex());
      fields.put("commitIndex", member.commitIndex());
      fields.put("treeDigest", digest(member));
      fields.put("leaderId", member.leaderId());
      fields.put("version", member.version());
    }
    return fields;
  }

  private static String role(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  private static String digest(MemberStatus member) {
    return "%016x".formatted(member.treeDigest());
  }
}
