package io.quoll.cli.reply;

import com.google.common.collect.ImmutableList;
import io.quoll.client.Identity;
import java.util.Map;

/** Who the server takes the caller for. */
public record IdentitiesReply(ImmutableList<Identity> identities) implements Reply {
  @Override
  public void print(Output output) {
    output.line("Auth scheme: User");
    identities.forEach(identity -> output.line(identity.scheme() + ": " + identity.user()));
  }

  @Override
  public Map<String, Object> json() {
    return Map.of("identities", identities.stream().map(IdentitiesReply::fields).toList());
  }

  private static Map<String, Object> fields(Identity identity) {
    return Map.of("scheme", identity.scheme(), "user", identity.user());
  }
}
