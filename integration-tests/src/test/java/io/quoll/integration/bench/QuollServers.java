package io.quoll.integration.bench;

import io.quoll.api.v1.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Servers of Quoll, started by the script that starts them everywhere. */
final class QuollServers implements Servers {
  private static final Path SCRIPT =
      Path.of("..", "deploy", "bin", "quoll-server").toAbsolutePath().normalize();

  @Override
  public void configure(Member member, List<Member> all, ServerSettings settings)
      throws IOException {
    String members =
        all.stream()
            .map(
                each ->
                    "server.%d=%s:%d:%s;%s%n"
                        .formatted(
                            each.id(),
                            each.peerHost(),
                            each.peerPort(),
                            each.role(),
                            each.clientAddress()))
            .collect(Collectors.joining());
    Files.writeString(
        member.configFile(),
        "dataDir=%s%nadminPort=0%nallowPlaintext=true%n%s%s%n"
            .formatted(
                member.dataDirectory(), members, String.join("\n", settings.configuration())));
    Files.writeString(member.dataDirectory().resolve("myid"), member.id() + "\n");
  }

  @Override
  public ProcessBuilder command(Member member, ServerSettings settings) {
    ProcessBuilder builder =
        new ProcessBuilder(
            SCRIPT.toString(), "--config", member.configFile().toString(), "start-foreground");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("QUOLL_SERVER_HEAP", settings.heap());
    builder.environment().put("SERVER_JVMFLAGS", String.join(" ", settings.jvmArguments(member)));
    return builder;
  }

  @Override
  public Standing standing(Member member) {
    return io.quoll.integration.Standing.at(member.host(), member.clientPort())
        .map(status -> status.getRole() == Role.LEADER ? Standing.LEADS : Standing.FOLLOWS)
        .orElse(Standing.AWAY);
  }
}
