package io.quoll.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.protobuf.ByteString;
import io.quoll.server.admin.AdminPage.Access;
import java.util.Optional;
import java.util.function.Predicate;

/** All that an administrator sees of the node, on its port. Started and closed once. */
public final class Administration implements AutoCloseable {
  private static final String COMMANDS = "/commands";

  private final PauseMeter pauses = new PauseMeter();
  private final Health health;
  private final AdminServer server;

  /**
   * Takes the port, and answers nobody yet.
   *
   * @param isSuper whether {@code user:password} is that of super; empty if there is no super
   * @throws io.quoll.server.coordination.StartupException if the port cannot be had
   */
  public Administration(
      AdminConfig config, NodeParts parts, Optional<Predicate<ByteString>> isSuper) {
    this.health = new Health(parts.consensus());
    Metrics metrics =
        new Metrics(
            ImmutableList.of(
                new NodeMeasures(
                    config.clusterName(),
                    parts.consensus(),
                    parts.store(),
                    parts.feed(),
                    config.dataDirectory(),
                    config.logDirectory()),
                parts.coordinator(),
                parts.sessions(),
                parts.expirer(),
                parts.watches(),
                parts.applied(),
                parts.audit(),
                parts.consensus(),
                pauses));
    ImmutableList<AdminCommand> commands =
        ImmutableList.<AdminCommand>builder()
            .addAll(new ServerCommands(config, parts, metrics).all())
            .addAll(new SessionCommands(parts).all())
            .addAll(new WatchCommands(parts).all())
            .add(LogLevels.command())
            .build();
    ImmutableMap<String, AdminPage> pages = pages(commands, metrics);
    this.server =
        new AdminServer(
            config.host(),
            config.port(),
            new AdminDoor(isSuper),
            pages,
            new AdminPage(Access.OPEN, request -> notFound(request, commands)));
  }

  private ImmutableMap<String, AdminPage> pages(
      ImmutableList<AdminCommand> commands, Metrics metrics) {
    ImmutableMap.Builder<String, AdminPage> pages = ImmutableMap.builder();
    pages.put("/healthz", new AdminPage(Access.OPEN, request -> health.alive()));
    pages.put("/readyz", new AdminPage(Access.OPEN, request -> health.ready()));
    pages.put("/metrics", new AdminPage(Access.OPEN, request -> metrics.reply()));
    pages.put(
        COMMANDS,
        new AdminPage(Access.OPEN, request -> AdminReply.json(AdminReply.OK, listOf(commands))));
    for (AdminCommand command : commands) {
      pages.put(COMMANDS + "/" + command.name(), command.page());
      command.aliases().forEach(alias -> pages.put(COMMANDS + "/" + alias, command.page()));
    }
    return pages.buildOrThrow();
  }

  private static AdminReply notFound(AdminRequest request, ImmutableList<AdminCommand> commands) {
    ObjectNode document = listOf(commands).put("error", "there is nothing at " + request.path());
    document.putArray("pages").add("/healthz").add("/readyz").add("/metrics").add(COMMANDS);
    return AdminReply.json(AdminReply.NOT_FOUND, document);
  }

  private static ObjectNode listOf(ImmutableList<AdminCommand> commands) {
    ObjectNode document = AdminReply.object();
    ObjectNode names = document.putObject("commands");
    commands.forEach(command -> command.aliases().forEach(names.putArray(command.name())::add));
    return document;
  }

  /** Begins to answer. */
  public void start() {
    pauses.start();
    server.start();
  }

  /** Whether the node lives and serves; who starts and stops it says so. */
  public Health health() {
    return health;
  }

  /** The port that it listens on. */
  public int port() {
    return server.port();
  }

  /** Answers nobody any more. */
  @Override
  public void close() {
    server.close();
    pauses.close();
  }
}
