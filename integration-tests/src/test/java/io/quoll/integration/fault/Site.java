package io.quoll.integration.fault;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.integration.Ensemble;
import io.quoll.integration.Hosts;
import io.quoll.integration.Hosts.Line;
import io.quoll.integration.Relay;
import io.quoll.integration.ServerProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Servers, each on a host, and all by which harm can be done to them: their lines, their disks and
 * their clocks. The last of an even number of servers is an observer. Those with even numbers have
 * small disks. Not thread-safe.
 */
final class Site implements AutoCloseable {
  private final Hosts hosts;
  private final Ensemble ensemble;
  private final ImmutableMap<Integer, SmallDisk> smallDisks;
  private final Path folder;
  private final int voters;
  private final Map<Integer, Relay> longLines = new HashMap<>();

  private Site(Hosts hosts, int size, Path folder, String... settings) {
    this.hosts = hosts;
    this.folder = folder;
    this.voters = size - (size + 1) % 2;
    this.ensemble =
        Ensemble.configuredOn(
            hosts, size, voters, this::command, folder.resolve("servers"), settings);
    this.smallDisks =
        numbers(size)
            .filter(id -> id % 2 == 0)
            .collect(
                ImmutableMap.toImmutableMap(
                    id -> id, id -> SmallDisk.mountedAt(ensemble.server(id).dataDirectory())));
  }

  private static Stream<Integer> numbers(int size) {
    return IntStream.rangeClosed(1, size).boxed();
  }

  /** Makes everything, and starts the servers; what they leave behind is in {@code folder}. */
  static Site start(int size, Path folder, String... settings) {
    Hosts hosts = Hosts.make(size);
    try {
      Site site = new Site(hosts, size, folder, settings);
      site.ensemble.startAll();
      site.ensemble.awaitSameDigest(); // All of them take part, and not just a majority.
      return site;
    } catch (Throwable failure) {
      hosts.close();
      throw failure;
    }
  }

  // The command of a server begins with what makes its disk and its clock those of the test.
  private ImmutableList<String> command(int id) {
    Path data = folder.resolve("servers").resolve("server" + id).resolve("data").toAbsolutePath();
    return Preload.library()
        .map(
            library ->
                ImmutableList.of(
                    "env",
                    "LD_PRELOAD=" + library,
                    "DISK_BELOW=" + data,
                    "DISK_DELAY=" + delayFile(id),
                    "CLOCK_AHEAD=" + clockFile(id)))
        .orElse(ImmutableList.of());
  }

  private Path delayFile(int id) {
    return folder.resolve("disk" + id).toAbsolutePath();
  }

  private Path clockFile(int id) {
    return folder.resolve("clock" + id).toAbsolutePath();
  }

  /** What can be done here, where programs may be missing. */
  ImmutableList<Fault> possibleFaults() {
    return Arrays.stream(Fault.values())
        .filter(fault -> !fault.needsFilters() || Hosts.canFilter())
        .filter(fault -> fault != Fault.LAG || hasObserver())
        .filter(fault -> !fault.needsPreload() || Preload.library().isPresent())
        .collect(ImmutableList.toImmutableList());
  }

  Ensemble ensemble() {
    return ensemble;
  }

  Hosts hosts() {
    return hosts;
  }

  int size() {
    return ensemble.servers().size();
  }

  private boolean hasObserver() {
    return voters < size();
  }

  int idOf(ServerProcess server) {
    return ensemble.servers().indexOf(server) + 1;
  }

  /** The server with a small disk that a number chooses, and its disk. */
  Map.Entry<Integer, SmallDisk> smallDisk(int number) {
    return smallDisks.entrySet().asList().get(number % smallDisks.size());
  }

  /** The server that has no small disk and is chosen by a number. */
  int largeDisk(int number) {
    return number % 2 == 1 ? number : number - 1;
  }

  void slowDisk(int id, Duration eachForce) {
    Preload.set(delayFile(id), eachForce.toMillis());
  }

  void stepClock(int id, Duration ahead) {
    Preload.set(clockFile(id), ahead.toSeconds());
  }

  /** Leads all that the server says to the others, and they to it, over long lines. */
  void moveAway(int id, Duration delay) {
    for (int other = 1; other <= size(); other++) {
      if (other != id) {
        hosts.detour(id, other, ensemble.peerPort(other), longLine(other, delay));
        hosts.detour(other, id, ensemble.peerPort(id), longLine(id, delay));
      }
    }
  }

  private int longLine(int to, Duration delay) {
    Relay line = longLines.computeIfAbsent(to, this::layLine);
    line.delay(delay);
    return line.port();
  }

  private Relay layLine(int to) {
    try {
      return Relay.to(
          new InetSocketAddress(hosts.address(to, Line.PEERS), ensemble.peerPort(to)),
          InetAddress.getByName(hosts.gateway(Line.PEERS)));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Ends all harm to lines, disks and clocks. */
  void mend() {
    for (int id = 1; id <= size(); id++) {
      for (Line line : Line.values()) {
        hosts.mend(id, line);
      }
      if (Hosts.canFilter()) {
        hosts.heal(id);
      }
      slowDisk(id, Duration.ZERO);
      stepClock(id, Duration.ZERO);
    }
    longLines.values().forEach(line -> line.delay(Duration.ZERO));
    smallDisks.values().forEach(SmallDisk::empty);
  }

  /** Ends everything; the servers' data goes. */
  @Override
  public void close() {
    ensemble.servers().forEach(ServerProcess::kill);
    longLines.values().forEach(Relay::close);
    smallDisks.values().forEach(SmallDisk::close);
    hosts.close();
    ensemble.close();
  }
}
