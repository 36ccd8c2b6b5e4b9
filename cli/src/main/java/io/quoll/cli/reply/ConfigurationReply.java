package io.quoll.cli.reply;

import com.google.common.collect.ImmutableList;
import io.quoll.client.Configuration;
import io.quoll.client.MemberSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who the members are, or would be.
 *
 * @param lines what people are told
 */
public record ConfigurationReply(
    Configuration configuration, boolean dryRun, ImmutableList<String> lines) implements Reply {
  /**
   * What came, or would come, of a change.
   *
   * @param advice what is left to do; empty for nothing
   */
  public ConfigurationReply(Configuration configuration, boolean dryRun, String advice) {
    this(configuration, dryRun, explained(configuration, dryRun, advice));
  }

  private static ImmutableList<String> explained(
      Configuration configuration, boolean dryRun, String advice) {
    ImmutableList.Builder<String> lines = ImmutableList.builder();
    lines.add(dryRun ? "Nothing was changed; the members would be:" : "The members are now:");
    configuration.members().forEach(member -> lines.add("  " + member));
    lines.addAll(configuration.notes());
    if (!dryRun && !advice.isEmpty()) {
      lines.add(advice);
    }
    return lines.build();
  }

  /** A change that was made, as ZooKeeper's shell tells it. */
  public static ConfigurationReply committed(Configuration configuration) {
    return new ConfigurationReply(
        configuration,
        false,
        ImmutableList.<String>builder()
            .add("Committed new configuration:")
            .addAll(configuration.members().stream().map(MemberSpec::toString).toList())
            .add("version=" + Long.toHexString(configuration.version()))
            .build());
  }

  @Override
  public void print(Output output) {
    lines.forEach(output::line);
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("dryRun", dryRun);
    document.put("version", configuration.version());
    document.put(
        "members", configuration.members().stream().map(ConfigurationReply::fields).toList());
    document.put("notes", configuration.notes());
    return document;
  }

  private static Map<String, Object> fields(MemberSpec member) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", member.id());
    fields.put("peerAddress", member.peerAddress());
    fields.put("clientAddress", member.clientAddress());
    fields.put("observer", member.observer());
    return fields;
  }
}
