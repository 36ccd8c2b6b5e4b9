package io.quoll.integration.bench;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.quoll.integration.FreePorts;
import io.quoll.integration.Hosts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Servers of a product, each in a process of its own. Closing it ends them and removes their data;
 * what they logged and were configured with stays. Confined to one thread.
 */
public final class BenchEnsemble implements AutoCloseable {
  private static final Duration SERVING_MAX = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMillis(50);

  private final Servers servers;
  private final ServerSettings settings;
  private final IntFunction<ImmutableList<String>> commandPrefix;
  private final ImmutableList<Member> members;
  private final Map<Member, BenchProcess> processes = new HashMap<>();

  private BenchEnsemble(
      Servers servers,
      ServerSettings settings,
      IntFunction<ImmutableList<String>> commandPrefix,
      ImmutableList<Member> members) {
    this.servers = servers;
    this.settings = settings;
    this.commandPrefix = commandPrefix;
    this.members = members;
  }

  /** Starts that many servers on loopback and waits until all of them serve. */
  public static BenchEnsemble start(
      Product product, int voters, int observers, Path folder, ServerSettings settings) {
    ImmutableList<Member> members =
        members(voters, observers, folder, id -> "127.0.0.1", id -> "127.0.0.1");
    return new BenchEnsemble(product.servers(), settings, id -> ImmutableList.of(), members)
        .started();
  }

  /** Starts {@code size} servers, each on one of the hosts, and waits until all of them serve. */
  static BenchEnsemble startOn(
      Hosts hosts, Product product, int size, Path folder, ServerSettings settings) {
    ImmutableList<Member> members =
        members(
            size,
            0,
            folder,
            id -> hosts.address(id, Hosts.Line.CLIENTS),
            id -> hosts.address(id, Hosts.Line.PEERS));
    return new BenchEnsemble(product.servers(), settings, hosts::commandPrefix, members).started();
  }

  private static ImmutableList<Member> members(
      int voters,
      int observers,
      Path folder,
      IntFunction<String> host,
      IntFunction<String> peerHost) {
    return IntStream.rangeClosed(1, voters + observers)
        .mapToObj(
            id ->
                new Member(
                    id,
                    host.apply(id),
                    peerHost.apply(id),
                    FreePorts.next(),
                    FreePorts.next(),
                    FreePorts.next(),
                    id > voters,
                    folder.resolve("server" + id)))
        .collect(toImmutableList());
  }

  private BenchEnsemble started() {
    try {
      configure();
      startAll();
      return this;
    } catch (Throwable failure) {
      close();
      throw failure;
    }
  }

  private void configure() {
    try {
      for (Member member : members) {
        Files.createDirectories(member.dataDirectory());
        servers.configure(member, members, settings);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Starts all servers that do not run, and waits until all of them serve. */
  public void startAll() {
    for (Member member : members) {
      if (!isAlive(member)) {
        processes.put(member, BenchProcess.start(command(member), member.log(), false));
      }
    }
    await("all servers serve")
        .atMost(SERVING_MAX)
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL)
        .failFast("a server ended; see its log", () -> !members.stream().allMatch(this::isAlive))
        .until(this::isServing);
  }

  private ProcessBuilder command(Member member) {
    ProcessBuilder builder = servers.command(member, settings);
    return builder.command(
        ImmutableList.<String>builder()
            .addAll(commandPrefix.apply(member.id()))
            .addAll(builder.command())
            .build());
  }

  private boolean isServing() {
    List<Servers.Standing> standings = members.stream().map(servers::standing).toList();
    return !standings.contains(Servers.Standing.AWAY)
        && (members.size() == 1 || standings.contains(Servers.Standing.LEADS));
  }

  private boolean isAlive(Member member) {
    BenchProcess process = processes.get(member);
    return process != null && process.isAlive();
  }

  /** The server that leads now. */
  Member leader() {
    return members.stream()
        .filter(member -> servers.standing(member) == Servers.Standing.LEADS)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no server leads"));
  }

  /** Ends a server by SIGKILL. */
  void kill(Member member) {
    Objects.requireNonNull(processes.get(member)).kill();
  }

  /** Ends the server that leads, if one does, by SIGKILL. */
  public void killLeader() {
    members.stream()
        .filter(member -> servers.standing(member) == Servers.Standing.LEADS)
        .findFirst()
        .ifPresent(this::kill);
  }

  /** Ends the server of that number, from 1, by SIGKILL. */
  public void kill(int id) {
    kill(members.get(id - 1));
  }

  /** Ends all servers by SIGKILL. */
  public void killAll() {
    members.forEach(this::kill);
  }

  /** How clients name the servers. */
  public String connectString() {
    return members.stream().map(Member::clientAddress).collect(Collectors.joining(","));
  }

  /** What the servers have used together. */
  Usage usage() {
    return members.stream()
        .map(member -> Objects.requireNonNull(processes.get(member)).usage())
        .reduce(new Usage(0, 0, 0), Usage::plus);
  }

  /** The disk that the servers write to; empty if there is none whose writes are counted. */
  Optional<Disk> disk() {
    return Disk.of(members.get(0).dataDirectory());
  }

  @Override
  public void close() {
    processes.values().forEach(BenchProcess::stop);
    try {
      for (Member member : members) {
        if (Files.exists(member.dataDirectory())) {
          MoreFiles.deleteRecursively(member.dataDirectory(), RecursiveDeleteOption.ALLOW_INSECURE);
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
