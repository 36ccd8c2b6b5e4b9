package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Hosts that are network namespaces of this machine: each has one line to the other hosts and one
 * to the clients, which are processes of this machine itself, and each line can be cut without
 * either end being told. Needs root; closing it removes all that it made. Not thread-safe.
 */
public final class Hosts implements AutoCloseable {
  private static final int COMMAND_SECONDS_MAX = 60;
  private static final int SUBNETS = 100;

  private final String prefix;
  private final int subnet;
  private final int count;

  /** Which line of a host. */
  public enum Line {
    /** To the other hosts. */
    PEERS("p"),
    /** To the clients. */
    CLIENTS("c");

    private final String letter;

    Line(String letter) {
      this.letter = letter;
    }
  }

  private Hosts(String prefix, int subnet, int count) {
    this.prefix = prefix;
    this.subnet = subnet;
    this.count = count;
  }

  /** Hosts numbered from 1 to {@code count}; skips the test where they cannot be made. */
  public static Hosts make(int count) {
    assumeThat(System.getProperty("user.name"))
        .as("network namespaces need root")
        .isEqualTo("root");
    int subnet = (int) (ProcessHandle.current().pid() % SUBNETS);
    Hosts hosts = new Hosts("ql" + subnet, subnet, count);
    hosts.close(); // A run that was killed may have left the same behind.
    Runtime.getRuntime().addShutdownHook(new Thread(hosts::close));
    try {
      hosts.makeBridge(Line.PEERS);
      hosts.makeBridge(Line.CLIENTS);
      for (int id = 1; id <= count; id++) {
        hosts.makeHost(id);
      }
      return hosts;
    } catch (Throwable failure) {
      hosts.close();
      throw failure;
    }
  }

  private void makeBridge(Line line) {
    run("ip", "link", "add", bridge(line), "type", "bridge");
    run("ip", "link", "set", bridge(line), "up");
    run("ip", "addr", "add", gateway(line) + "/24", "dev", bridge(line));
  }

  private void makeHost(int id) {
    run("ip", "netns", "add", namespace(id));
    runIn(id, "ip", "link", "set", "lo", "up");
    for (Line line : Line.values()) {
      String inner = "eth" + line.letter;
      run(
          "ip",
          "link",
          "add",
          outer(id, line),
          "type",
          "veth",
          "peer",
          "name",
          inner,
          "netns",
          namespace(id));
      run("ip", "link", "set", outer(id, line), "master", bridge(line));
      run("ip", "link", "set", outer(id, line), "up");
      runIn(id, "ip", "addr", "add", address(id, line) + "/24", "dev", inner);
      runIn(id, "ip", "link", "set", inner, "up");
    }
  }

  /** The address of a host on one of its lines. */
  public String address(int id, Line line) {
    return network(line) + "." + id;
  }

  /** What a command begins with that runs on the host. */
  public ImmutableList<String> commandPrefix(int id) {
    return ImmutableList.of("ip", "netns", "exec", namespace(id));
  }

  /** Drops all that comes and goes on a line from now on. */
  public void cut(int id, Line line) {
    run("ip", "link", "set", outer(id, line), "nomaster");
  }

  /** Lets everything pass again. */
  public void mend(int id, Line line) {
    run("ip", "link", "set", outer(id, line), "master", bridge(line));
  }

  /** Whether {@link #filter}, {@link #slow} and {@link #detour} can be had here. */
  public static boolean canFilter() {
    return isThere("iptables") && isThere("tc");
  }

  private static boolean isThere(String program) {
    return Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin")
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  /** Which way packets go, as a host sees it. */
  public enum Direction {
    /** They arrive. */
    IN("INPUT", "-i"),
    /** They leave. */
    OUT("OUTPUT", "-o");

    private final String chain;
    private final String option;

    Direction(String chain, String option) {
      this.chain = chain;
      this.option = option;
    }
  }

  /**
   * Drops what goes that way on a line of a host, or a part of it, chosen at random.
   *
   * @param share how much of it, more than 0 and at most 1
   */
  public void filter(int id, Line line, Direction direction, double share) {
    drop(id, line, direction, "-m", "statistic", "--mode", "random", "--probability", "" + share);
  }

  /** Drops what two hosts say to each other; others hear both. */
  public void part(int id, int other) {
    drop(id, Line.PEERS, Direction.IN, "-s", address(other, Line.PEERS));
    drop(id, Line.PEERS, Direction.OUT, "-d", address(other, Line.PEERS));
  }

  private void drop(int id, Line line, Direction direction, String... which) {
    runIn(
        id,
        ImmutableList.<String>builder()
            .add("iptables", "-w", "-A", direction.chain, direction.option, "eth" + line.letter)
            .add(which)
            .add("-j", "DROP")
            .build()
            .toArray(new String[0]));
  }

  /** Lets no more leave a host on a line than so much a second. */
  public void slow(int id, Line line, int kilobitsPerSecond) {
    runIn(
        id,
        "tc qdisc add dev eth%s root tbf rate %dkbit burst 16kb latency 400ms"
            .formatted(line.letter, kilobitsPerSecond)
            .split(" "));
  }

  /**
   * Has a host reach a port of another by way of this machine's port {@code by} on the line of the
   * peers, from now on and with new connections: those that it has are reset.
   */
  public void detour(int id, int other, int port, int by) {
    String rule =
        "iptables -w -t nat -A OUTPUT -p tcp -d %s --dport %d -j DNAT --to-destination %s:%d";
    String address = address(other, Line.PEERS);
    runIn(id, rule.formatted(address, port, gateway(Line.PEERS), by).split(" "));
    // Behind the table "nat", where only the connections from before still have that address.
    String reset =
        "iptables -w -A OUTPUT -p tcp -d %s --dport %d -j REJECT --reject-with tcp-reset";
    runIn(id, reset.formatted(address, port).split(" "));
  }

  /** Ends all that {@link #filter}, {@link #part}, {@link #slow} and {@link #detour} began. */
  public void heal(int id) {
    runIn(id, "iptables", "-w", "-F");
    runIn(id, "iptables", "-w", "-t", "nat", "-F");
    for (Line line : Line.values()) {
      exitOf(in(id, "tc", "qdisc", "del", "dev", "eth" + line.letter, "root"));
    }
  }

  /** This machine's own address on a line. */
  public String gateway(Line line) {
    return network(line) + ".254";
  }

  private String namespace(int id) {
    return prefix + "-" + id;
  }

  private String bridge(Line line) {
    return prefix + "br" + line.letter;
  }

  private String outer(int id, Line line) {
    return prefix + line.letter + id;
  }

  private String network(Line line) {
    return "10." + (line == Line.PEERS ? 77 : 78) + "." + subnet;
  }

  private void runIn(int id, String... command) {
    run(in(id, command));
  }

  private String[] in(int id, String... command) {
    return ImmutableList.<String>builder()
        .addAll(commandPrefix(id))
        .add(command)
        .build()
        .toArray(new String[0]);
  }

  private static void run(String... command) {
    assertThat(exitOf(command)).as(String.join(" ", command)).isZero();
  }

  private static int exitOf(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public void close() {
    List<String[]> removals = new ArrayList<>();
    for (int id = 1; id <= count; id++) {
      removals.add(new String[] {"ip", "netns", "del", namespace(id)});
      for (Line line : Line.values()) {
        removals.add(new String[] {"ip", "link", "del", outer(id, line)});
      }
    }
    for (Line line : Line.values()) {
      removals.add(new String[] {"ip", "link", "del", bridge(line)});
    }
    removals.forEach(Hosts::exitOf); // What is not there need not be removed.
  }
}
