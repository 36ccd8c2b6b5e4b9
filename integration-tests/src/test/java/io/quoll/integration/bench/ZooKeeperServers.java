package io.quoll.integration.bench;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/**
 * Servers of ZooKeeper, with the settings of its sample configuration and of its script. They may
 * have as many clients of one address as they like, and have neither the web server for
 * administrators nor remote JMX, which no workload uses.
 */
final class ZooKeeperServers implements Servers {
  private static final int ANSWER_MILLIS = 1_000;
  private static final String SAMPLE =
      """
      tickTime=2000
      initLimit=10
      syncLimit=5
      maxClientCnxns=0
      admin.enableServer=false
      4lw.commands.whitelist=srvr
      """;

  @Override
  public void configure(Member member, List<Member> all, ServerSettings settings)
      throws IOException {
    String members =
        all.stream()
            .map(
                each ->
                    "server.%d=%s:%d:%d:%s%n"
                        .formatted(
                            each.id(),
                            each.peerHost(),
                            each.peerPort(),
                            each.electionPort(),
                            each.role()))
            .collect(Collectors.joining());
    Files.writeString(
        member.configFile(),
        "%speerType=%s%ndataDir=%s%nclientPort=%d%nclientPortAddress=%s%n%s%s%n"
            .formatted(
                SAMPLE,
                member.role(),
                member.dataDirectory(),
                member.clientPort(),
                member.host(),
                members,
                String.join("\n", settings.configuration())));
    Files.writeString(member.dataDirectory().resolve("myid"), member.id() + "\n");
  }

  @Override
  public ProcessBuilder command(Member member, ServerSettings settings) {
    return new ProcessBuilder(
        ImmutableList.<String>builder()
            .add(Path.of(System.getProperty("java.home"), "bin", "java").toString())
            .add("-Xmx" + settings.heap(), "-XX:OnOutOfMemoryError=kill -9 %p")
            .add("-Dlogback.configurationFile=zookeeper-logback.xml")
            .addAll(settings.jvmArguments(member))
            .add("-cp", System.getProperty("java.class.path"))
            .add(QuorumPeerMain.class.getName(), member.configFile().toString())
            .build());
  }

  @Override
  public Standing standing(Member member) {
    String answer = srvr(member);
    if (answer.contains("Mode: leader")) {
      return Standing.LEADS;
    }
    return answer.contains("Mode: ") ? Standing.FOLLOWS : Standing.AWAY;
  }

  private static String srvr(Member member) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(member.host(), member.clientPort()), ANSWER_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException silent) {
      return "";
    }
  }
}
