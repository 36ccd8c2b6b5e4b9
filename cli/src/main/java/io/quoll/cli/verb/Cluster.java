package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.cli.reply.ClusterReply;
import io.quoll.cli.reply.ConfigurationReply;
import io.quoll.cli.reply.HealthReply;
import io.quoll.cli.reply.Output;
import io.quoll.cli.reply.TextReply;
import io.quoll.cli.tree.Ensemble;
import io.quoll.client.Configuration;
import io.quoll.client.MemberSpec;
import io.quoll.client.MemberStatus;
import io.quoll.client.Reconfiguration;
import io.quoll.client.TakenSnapshot;

/** What is about the ensemble and not about its tree. */
final class Cluster implements Verb {
  private static final String DRY_RUN = "--dry-run";

  private final Syntax syntax =
      Syntax.named("cluster")
          .takes(
              "status | health | snapshot | transfer N | [--dry-run]"
                  + " (add N=host:port[:observer][;[host:]port] | remove N | promote N | demote N)")
          .does(
              "Tells where the members stand; has the server take a snapshot; changes who the"
                  + " members are, or with --dry-run tells what would come of it.")
          .flags(DRY_RUN)
          .words(1, 2)
          .choices("status", "health", "snapshot", "add", "remove", "promote", "demote", "transfer")
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String order = arguments.word(0);
    if (arguments.wordIfAny(1).isEmpty()) {
      return switch (order) {
        case "status" -> work((ensemble, output) -> status(ensemble.client().status(), output));
        case "health" -> work((ensemble, output) -> health(ensemble.client().status(), output));
        case "snapshot" ->
            work((ensemble, output) -> output.reply(taken(ensemble.client().takeSnapshot())));
        default -> throw new UsageException(syntax.usage());
      };
    }
    boolean dryRun = arguments.has(DRY_RUN);
    String operand = arguments.word(1);
    return switch (order) {
      case "add" -> change(join(MemberWords.member(operand)), dryRun, "");
      case "promote" ->
          change(join(new MemberSpec(MemberWords.id(operand), "", "", false)), dryRun, "");
      case "demote" -> demote(MemberWords.id(operand), dryRun);
      case "remove" -> remove(MemberWords.id(operand), dryRun);
      case "transfer" -> transfer(MemberWords.id(operand));
      default -> throw new UsageException(syntax.usage());
    };
  }

  private static TextReply taken(TakenSnapshot taken) {
    return new TextReply(
        ImmutableList.of(
            "Server "
                + taken.serverId()
                + " has a snapshot of index "
                + taken.index()
                + ", term "
                + taken.term()),
        ImmutableMap.of("server", taken.serverId(), "term", taken.term(), "index", taken.index()));
  }

  private static Command work(Command.Task task) {
    return new Command.Work("", task);
  }

  private static void status(ImmutableList<MemberStatus> members, Output output) {
    ClusterReply reply = new ClusterReply(members);
    output.reply(reply);
    if (!reply.isWhole()) {
      output.fail(); // The table says who does not answer; the exit code tells scripts.
    }
  }

  private static void health(ImmutableList<MemberStatus> members, Output output) {
    HealthReply reply = HealthReply.of(members);
    output.reply(reply);
    if (!reply.isHealthy()) {
      output.fail();
    }
  }

  private static Reconfiguration join(MemberSpec member) {
    return Reconfiguration.of(ImmutableList.of(member), ImmutableList.of());
  }

  private static Command demote(int id, boolean dryRun) {
    return change(
        join(new MemberSpec(id, "", "", true)),
        dryRun,
        "server %d stops now, and has to be started again as an observer, which systemd does; its data stays"
            .formatted(id));
  }

  private static Command remove(int id, boolean dryRun) {
    return change(
        Reconfiguration.of(ImmutableList.of(), ImmutableList.of(id)),
        dryRun,
        "server %d stops now; before it may be added again, empty its data directory"
            .formatted(id));
  }

  private static Command change(Reconfiguration change, boolean dryRun, String advice) {
    return work(
        (ensemble, output) -> {
          Configuration after = reconfigure(ensemble, dryRun ? change.asDryRun() : change);
          output.reply(new ConfigurationReply(after, dryRun, advice));
        });
  }

  private static Configuration reconfigure(Ensemble ensemble, Reconfiguration change) {
    return ensemble.client().reconfigure(change);
  }

  private static Command transfer(int id) {
    return work(
        (ensemble, output) -> {
          ensemble.client().transferLeadership(id);
          output.reply(TextReply.saying("server " + id + " leads", "leaderId", id));
        });
  }
}
