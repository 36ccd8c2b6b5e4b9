package io.quoll.integration;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.quoll.api.v1.MemberStatus;
import io.quoll.api.v1.Role;
import io.quoll.client.ClientOptions;
import io.quoll.client.Consistency;
import io.quoll.client.MemberSpec;
import io.quoll.client.QuollClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Servers on loopback that know each other, numbered from 1; the last may be observers. Closing it
 * ends every process that it started and removes their data; their logs and configurations stay in
 * {@code target/ensembles}.
 */
public final class Ensemble implements AutoCloseable {
  private static final Duration LEADER_MAX = Duration.ofMinutes(2);
  private static final Duration AGREEMENT_MAX = Duration.ofMinutes(3);

  private final Path folder;
  private final ImmutableList<ServerProcess> servers;
  private final ImmutableList<Integer> peerPorts;
  private final int voters;

  private Ensemble(Path folder, ImmutableList<ServerProcess> servers) {
    this(folder, servers, servers.size());
  }

  private Ensemble(Path folder, ImmutableList<ServerProcess> servers, int voters) {
    this.folder = folder;
    this.servers = servers;
    this.voters = voters;
    this.peerPorts = servers.stream().map(server -> FreePorts.next()).collect(toImmutableList());
  }

  /**
   * Three servers that have a leader.
   *
   * @param name names their folder
   * @param settings more lines of the configuration
   */
  public static Ensemble start(String name, String... settings) {
    return configured(name, settings).started();
  }

  /** Three servers that have a leader, whose ports are protected by {@code certificates}. */
  static Ensemble startByTls(String name, Certificates certificates) {
    Ensemble ensemble = configured(name, certificates.settings());
    ensemble.servers.forEach(server -> server.askByTls(certificates.context()));
    return ensemble.started();
  }

  /** Three servers that have a leader and are to run as fast as they can. */
  public static Ensemble startAtFullSpeed(String name) {
    return configured(name, ServerProcess.FULL_SPEED).started();
  }

  /** Three voters that have a leader, and observers. */
  public static Ensemble startWithObservers(int observers, String name, String... settings) {
    Path folder = emptyFolder(name);
    Ensemble ensemble =
        new Ensemble(folder, processes(folder, 3 + observers, ServerProcess.QUICK_START), 3);
    ensemble.configure(id -> "127.0.0.1", settings);
    return ensemble.started();
  }

  /**
   * Three voters that have a leader, and a fourth server that is not started: it names all four,
   * and the others do not name it.
   */
  static Ensemble startWithSpare(String name, String... settings) {
    Path folder = emptyFolder(name);
    Ensemble ensemble = new Ensemble(folder, processes(folder, 4, ServerProcess.QUICK_START), 3);
    try {
      ensemble.configureMembers(3, settings);
      ensemble.server(4).configure(ensemble.memberLines(4, id -> "127.0.0.1", id -> false));
      ensemble.writeMyId(4);
      ImmutableList<ServerProcess> first = ensemble.servers().subList(0, 3);
      first.forEach(ServerProcess::launch);
      first.forEach(ServerProcess::awaitServing);
      ensemble.leader();
      return ensemble;
    } catch (Throwable failure) {
      ensemble.close();
      throw failure;
    }
  }

  private void configureMembers(int count, String... settings) {
    String members =
        memberLines(count, id -> "127.0.0.1", id -> false) + String.join("\n", settings) + "\n";
    for (int id = 1; id <= count; id++) {
      server(id).configure(members);
      writeMyId(id);
    }
  }

  private Ensemble started() {
    try {
      startAll();
      return this;
    } catch (Throwable failure) {
      close();
      throw failure;
    }
  }

  /** Three servers that are configured and not started. */
  public static Ensemble configured(String name, String... settings) {
    return configured(name, ServerProcess.QUICK_START, settings);
  }

  private static Ensemble configured(
      String name, ImmutableList<String> javaOptions, String... settings) {
    Ensemble ensemble = onLoopback(name, 3, javaOptions);
    ensemble.configure(id -> "127.0.0.1", settings);
    return ensemble;
  }

  private static Ensemble onLoopback(String name, int size, ImmutableList<String> javaOptions) {
    Path folder = emptyFolder(name);
    return new Ensemble(folder, processes(folder, size, javaOptions));
  }

  private static ImmutableList<ServerProcess> processes(
      Path folder, int size, ImmutableList<String> javaOptions) {
    return IntStream.rangeClosed(1, size)
        .mapToObj(id -> folder.resolve("server" + id))
        .map(each -> new ServerProcess(each, FreePorts.next(), javaOptions))
        .collect(toImmutableList());
  }

  /** Three servers, each on one of {@code hosts}, that have a leader. */
  public static Ensemble startOn(Hosts hosts, String name, String... settings) {
    Path folder = Path.of("target", "ensembles", name);
    return configuredOn(hosts, 3, 3, id -> ImmutableList.of(), folder, settings).started();
  }

  /**
   * Servers, each on one of {@code hosts}, that are configured and not started.
   *
   * @param voters how many of them are voters; the last ones are observers
   * @param command what the command of each server begins with on its host
   * @param folder what they have is kept there
   */
  public static Ensemble configuredOn(
      Hosts hosts,
      int size,
      int voters,
      IntFunction<ImmutableList<String>> command,
      Path folder,
      String... settings) {
    Path empty = emptied(folder.toAbsolutePath());
    Ensemble ensemble =
        new Ensemble(
            empty,
            IntStream.rangeClosed(1, size)
                .mapToObj(id -> onHost(hosts, id, command.apply(id), empty.resolve("server" + id)))
                .collect(toImmutableList()),
            voters);
    ensemble.configure(
        id -> hosts.address(id, Hosts.Line.PEERS),
        Stream.concat(Stream.of("allowPlaintext=true"), Stream.of(settings))
            .toArray(String[]::new));
    return ensemble;
  }

  /** Three servers on loopback that have a leader, each started by a command of its own. */
  public static Ensemble startBy(
      IntFunction<ImmutableList<String>> commandPrefix, String name, String... settings) {
    Path folder = Path.of("target", "ensembles", name);
    return configuredBy(3, commandPrefix, folder, settings).started();
  }

  /**
   * Servers on loopback that are configured and not started; one alone has no member lines.
   *
   * @param commandPrefix what the command of each server begins with
   * @param folder what they have is kept there
   */
  public static Ensemble configuredBy(
      int size, IntFunction<ImmutableList<String>> commandPrefix, Path folder, String... settings) {
    Path empty = emptied(folder.toAbsolutePath());
    Ensemble ensemble =
        new Ensemble(
            empty,
            IntStream.rangeClosed(1, size)
                .mapToObj(
                    id ->
                        new ServerProcess(
                            empty.resolve("server" + id),
                            "127.0.0.1",
                            FreePorts.next(),
                            commandPrefix.apply(id),
                            ServerProcess.QUICK_START))
                .collect(toImmutableList()));
    if (size == 1) {
      ensemble.server(1).configure(String.join("\n", settings) + "\n");
    } else {
      ensemble.configure(id -> "127.0.0.1", settings);
    }
    return ensemble;
  }

  private static ServerProcess onHost(
      Hosts hosts, int id, ImmutableList<String> command, Path folder) {
    return new ServerProcess(
        folder,
        hosts.address(id, Hosts.Line.CLIENTS),
        FreePorts.next(),
        ImmutableList.<String>builder().addAll(hosts.commandPrefix(id)).addAll(command).build(),
        ServerProcess.QUICK_START);
  }

  private void configure(IntFunction<String> peerHost, String... settings) {
    String members =
        memberLines(servers.size(), peerHost, id -> id > voters)
            + String.join("\n", settings)
            + "\n";
    for (int id = 1; id <= servers.size(); id++) {
      server(id).configure(members);
      writeMyId(id);
    }
  }

  /** One server without any member lines. */
  public static Ensemble standalone(String name) {
    Ensemble ensemble = onLoopback(name, 1, ServerProcess.QUICK_START);
    ensemble.server(1).configure("");
    return ensemble;
  }

  /** One server without any member lines, whose port is protected by {@code certificates}. */
  static Ensemble standaloneByTls(String name, Certificates certificates) {
    Ensemble ensemble = onLoopback(name, 1, ServerProcess.QUICK_START);
    ensemble.server(1).configure(String.join("\n", certificates.settings()) + "\n");
    ensemble.server(1).askByTls(certificates.context());
    return ensemble;
  }

  private static Path emptyFolder(String name) {
    return emptied(Path.of("target", "ensembles", name).toAbsolutePath());
  }

  private static Path emptied(Path folder) {
    try {
      delete(folder);
      return Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void delete(Path path) throws IOException {
    if (Files.exists(path)) {
      MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private String memberLines(int count, IntFunction<String> peerHost, IntPredicate isObserver) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(
            id ->
                "server.%d=%s:%d:%s;%s%n"
                    .formatted(
                        id,
                        peerHost.apply(id),
                        peerPort(id),
                        isObserver.test(id) ? "observer" : "participant",
                        server(id).clientAddress()))
        .collect(Collectors.joining());
  }

  /** A server on loopback as a member. */
  MemberSpec member(int id, boolean observer) {
    return new MemberSpec(id, "127.0.0.1:" + peerPort(id), server(id).clientAddress(), observer);
  }

  /** The number of a server. */
  int id(ServerProcess server) {
    return servers.indexOf(server) + 1;
  }

  /** Takes all that a server has kept, as a disk does that fails. */
  void wipe(int id) {
    try {
      delete(server(id).dataDirectory());
      Files.createDirectories(server(id).dataDirectory());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    writeMyId(id);
  }

  /** Where the server of that number talks to the others. */
  public int peerPort(int id) {
    return peerPorts.get(id - 1);
  }

  private void writeMyId(int id) {
    try {
      Files.writeString(server(id).dataDirectory().resolve("myid"), id + "\n");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Starts all servers that do not run, and waits until they have one leader. */
  public void startAll() {
    List<ServerProcess> down = servers.stream().filter(server -> !server.isAlive()).toList();
    down.forEach(ServerProcess::launch);
    down.forEach(ServerProcess::awaitServing);
    leader();
  }

  /** The server of that number. */
  public ServerProcess server(int id) {
    return servers.get(id - 1);
  }

  public ImmutableList<ServerProcess> servers() {
    return servers;
  }

  /** The leader, once a majority of the voters agrees that it is. */
  public ServerProcess leader() {
    return server(
        await("the ensemble has a leader")
            .atMost(LEADER_MAX)
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(100))
            .until(this::agreedLeader, Optional::isPresent)
            .orElseThrow());
  }

  private Optional<Integer> agreedLeader() {
    List<MemberStatus> standings = standings();
    return standings.stream()
        .filter(standing -> standing.getRole() == Role.LEADER)
        .filter(leader -> votesFor(leader, standings) > voters / 2)
        .map(MemberStatus::getId)
        .findFirst();
  }

  private static long votesFor(MemberStatus leader, List<MemberStatus> standings) {
    return standings.stream()
        .filter(standing -> standing.getRole() != Role.OBSERVER)
        .filter(standing -> standing.getTerm() == leader.getTerm())
        .filter(standing -> standing.getLeaderId() == leader.getId())
        .count();
  }

  /** Where those servers stand that answer. */
  public ImmutableList<MemberStatus> standings() {
    return servers.stream()
        .flatMap(server -> server.standing().stream())
        .collect(toImmutableList());
  }

  /** The servers that are not the leader. */
  public ImmutableList<ServerProcess> followers() {
    ServerProcess leader = leader();
    return servers.stream().filter(server -> !server.equals(leader)).collect(toImmutableList());
  }

  /** The servers but for {@code one}. */
  public ImmutableList<ServerProcess> allBut(ServerProcess one) {
    return servers.stream().filter(server -> !server.equals(one)).collect(toImmutableList());
  }

  /** Waits until all servers hold the same tree at the same zxid, and returns its zxid. */
  public long awaitSameDigest() {
    return await("all servers hold the same tree")
        .atMost(AGREEMENT_MAX)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(200))
        .until(this::standings, this::isOneTree)
        .get(0)
        .getZxid();
  }

  private boolean isOneTree(List<MemberStatus> standings) {
    return standings.size() == servers.size()
        && standings.stream().map(MemberStatus::getZxid).distinct().count() == 1
        && standings.stream().map(MemberStatus::getTreeDigest).distinct().count() == 1;
  }

  /** All servers in the order of their numbers, from {@code first} on and round again. */
  public ImmutableList<ServerProcess> startingWith(int first) {
    return ImmutableList.<ServerProcess>builder()
        .addAll(servers.subList(first - 1, servers.size()))
        .addAll(servers.subList(0, first - 1))
        .build();
  }

  /** A client that tries all servers, the server {@code first} before the others. */
  public QuollClient clientFrom(int first) {
    return client(startingWith(first), Consistency.LOCAL);
  }

  /**
   * As {@link #clientFrom} the first server, and waits as long as a change of the members takes.
   */
  QuollClient operator() {
    String addresses =
        servers.stream().map(ServerProcess::clientAddress).collect(Collectors.joining(","));
    return QuollClient.open(ClientOptions.of(addresses).withRequestTimeout(Duration.ofSeconds(90)));
  }

  /** A client of {@code server} alone. */
  public static QuollClient clientOf(ServerProcess server) {
    return client(List.of(server), Consistency.LOCAL);
  }

  /** A client of {@code server} alone, whose reads are linearizable. */
  public static QuollClient strictClientOf(ServerProcess server) {
    return client(List.of(server), Consistency.LINEARIZABLE);
  }

  /** A client that tries {@code servers} in their order. */
  public static QuollClient client(List<ServerProcess> servers, Consistency consistency) {
    String addresses =
        servers.stream().map(ServerProcess::clientAddress).collect(Collectors.joining(","));
    return QuollClient.open(
        ClientOptions.of(addresses)
            .withConsistency(consistency)
            .withRequestTimeout(Duration.ofSeconds(15)));
  }

  @Override
  public void close() {
    servers.forEach(ServerProcess::kill);
    try {
      for (ServerProcess server : servers) {
        delete(server.dataDirectory());
        delete(server.temporaryDirectory());
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot clean up " + folder, failure);
    }
  }
}
