package io.quoll.server;

import io.quoll.server.consensus.Recovery;
import io.quoll.server.coordination.StartupException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Makes an ensemble of one server of what a node has, when the majority is lost for good: {@code
 * --config FILE [--yes]}. Says what may be lost, and asks. Exits with 0 if it was done, with 1 if
 * it was not wanted, else with the number of an {@link io.quoll.server.coordination.ExitCode}.
 */
public final class RecoveryTool {
  private static final int NOT_WANTED = 1;
  private static final int BAD_USAGE = 2;

  private RecoveryTool() {}

  /** Runs the tool. */
  public static void main(String[] args) throws IOException {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> args) throws IOException {
    boolean isSure = args.size() == 3 && args.get(2).equals("--yes");
    if (!(args.size() == 2 || isSure) || !args.get(0).equals("--config")) {
      System.err.println("Usage: --config FILE [--yes]");
      return BAD_USAGE;
    }
    try {
      ServerConfig config = ServerConfig.read(Path.of(args.get(1)));
      Recovery recovery =
          Recovery.prepare(Server.consensusConfig(config, config.members(), Optional.empty()));
      explain(recovery, config);
      if (!isSure && !isConfirmed()) {
        System.err.println("Nothing was done");
        return NOT_WANTED;
      }
      recovery.carryOut();
      System.out.printf(
          "Done. Start this server; then add the others with empty data directories, by"
              + " \"quoll cluster add\".%n");
      return 0;
    } catch (StartupException refusal) {
      System.err.println(refusal.getMessage());
      return refusal.exitCode().number();
    }
  }

  private static void explain(Recovery recovery, ServerConfig config) {
    System.out.printf(
        """
        This makes a new ensemble "%s" of server %d alone, of all that it has: its log up to entry
        %d of term %d. The ensemble "%s", whose members were %s, is given up.

        What may be lost: all that was acknowledged to clients and did not come to this server any
        more. What may appear: the last writes that came to it and were never acknowledged. So
        compare the log ends of all servers whose data is left, by running this without --yes, and
        recover the one with the highest term, and of those the highest entry.

        Do it only if no majority of the former members will ever come back. Stop those that run,
        for their clients would go on with them; they cannot join with their data.
        """,
        config.clusterName(),
        config.serverId(),
        recovery.logEnd().index(),
        recovery.logEnd().term(),
        recovery.formerName(),
        recovery.formerMembers().members().stream()
            .map(member -> member.serverId() + "=" + member.peerAddress())
            .toList());
  }

  private static boolean isConfirmed() throws IOException {
    System.out.print("Type yes to go on: ");
    System.out.flush();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    return "yes".equals(in.readLine());
  }
}
