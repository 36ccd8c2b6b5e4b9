package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.quoll.api.v1.MemberStatus;
import io.quoll.server.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A server in a process of its own, with all it has in one folder. What it prints is in {@code
 * server.log} there, of all its runs. Not thread-safe.
 */
public final class ServerProcess {
  /** Options of Java for a server that starts quickly and takes little memory. */
  public static final ImmutableList<String> QUICK_START =
      ImmutableList.of("-Xmx256m", "-XX:TieredStopAtLevel=1");

  /** Options of Java for a server that is to run as fast as it can. */
  public static final ImmutableList<String> FULL_SPEED = ImmutableList.of("-Xmx1g");

  private static final Duration SERVING_MAX = Duration.ofMinutes(5);
  private static final Duration EXIT_MAX = Duration.ofSeconds(30);
  private static final Path LOGGING = Path.of("..", "conf", "logback.xml").toAbsolutePath();

  private final Path folder;
  private final String host;
  private final int clientPort;
  private final int adminPort = FreePorts.next();
  private final ImmutableList<String> commandPrefix;
  private final ImmutableList<String> javaOptions;
  private final Path log;
  private Optional<SslContext> tls = Optional.empty();
  private Optional<Process> process = Optional.empty();
  private long logStart;

  /** A server that takes clients at {@code clientPort} of loopback once it is started. */
  ServerProcess(Path folder, int clientPort, ImmutableList<String> javaOptions) {
    this(folder, "127.0.0.1", clientPort, ImmutableList.of(), javaOptions);
  }

  /** A server that takes clients at another host, where {@code commandPrefix} starts it. */
  ServerProcess(
      Path folder,
      String host,
      int clientPort,
      ImmutableList<String> commandPrefix,
      ImmutableList<String> javaOptions) {
    this.folder = folder;
    this.host = host;
    this.clientPort = clientPort;
    this.commandPrefix = commandPrefix;
    this.javaOptions = javaOptions;
    this.log = folder.resolve("server.log");
  }

  /** From now on it is asked where it stands by TLS. */
  void askByTls(SslContext context) {
    tls = Optional.of(context);
  }

  /** Where it keeps its data; the configuration must say the same. */
  public Path dataDirectory() {
    return folder.resolve("data");
  }

  /** All that it has. */
  public Path folder() {
    return folder;
  }

  /** Where it keeps what it needs only while it runs. */
  public Path temporaryDirectory() {
    return folder.resolve("tmp");
  }

  /** The file that it reads its configuration from. */
  public Path configFile() {
    return folder.resolve("quoll.cfg");
  }

  /** Where it answers administrators, on loopback. */
  int adminPort() {
    return adminPort;
  }

  public int clientPort() {
    return clientPort;
  }

  /** How a client names it. */
  public String clientAddress() {
    return host + ":" + clientPort;
  }

  /** Writes the configuration: its data directory and its clients' port, then {@code more}. */
  public void configure(String more) {
    try {
      Files.createDirectories(dataDirectory());
      Files.writeString(
          configFile(),
          "dataDir=%s%ngrpcPort=%d%nadminPort=%d%n%s"
              .formatted(dataDirectory(), clientPort, adminPort, more));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Starts it and waits until it answers. */
  public void start() {
    launch();
    awaitServing();
  }

  /** Starts it and waits for nothing. */
  public void launch() {
    assertThat(isAlive()).as("%s runs already", folder).isFalse();
    try {
      Files.createDirectories(temporaryDirectory());
      logStart = Files.exists(log) ? Files.size(log) : 0;
      Process started =
          new ProcessBuilder(command())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
      process = Optional.of(started);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private ImmutableList<String> command() {
    return ImmutableList.<String>builder()
        .addAll(commandPrefix)
        .add(Path.of(System.getProperty("java.home"), "bin", "java").toString())
        .addAll(javaOptions)
        .add("-Djava.io.tmpdir=" + temporaryDirectory())
        .add("-Dlogback.configurationFile=" + LOGGING)
        .add("-cp", System.getProperty("java.class.path"))
        .add(Main.class.getName(), "--config", configFile().toString())
        .build();
  }

  /** Waits until it answers; fails at once if it ends before that. */
  public void awaitServing() {
    await("%s answers".formatted(folder.getFileName()))
        .atMost(SERVING_MAX)
        .pollInterval(Duration.ofMillis(100))
        .failFast("it ended, and server.log says why", () -> !isAlive())
        .until(() -> standing().isPresent());
  }

  /** Where it says that it stands; empty if it does not answer. */
  public Optional<MemberStatus> standing() {
    return isAlive() ? Standing.at(host, clientPort, tls) : Optional.empty();
  }

  public boolean isAlive() {
    return process.filter(Process::isAlive).isPresent();
  }

  /** Ends it by SIGKILL. */
  public void kill() {
    process.ifPresent(
        running -> {
          running.destroyForcibly();
          awaitExit(EXIT_MAX);
        });
  }

  /** The number of its process. */
  public long pid() {
    return process.orElseThrow().pid();
  }

  /** Asks it to stop, by SIGTERM, and waits for nothing. */
  public void askToStop() {
    process.orElseThrow().destroy();
  }

  /** The exit status with which it ended, if it was started and has ended. */
  public OptionalInt exitStatus() {
    return process.filter(ended -> !ended.isAlive()).stream()
        .mapToInt(Process::exitValue)
        .findAny();
  }

  /** Asks it to stop, by SIGTERM, and waits for its exit status. */
  public int terminate() {
    process.orElseThrow().destroy();
    return awaitExit(EXIT_MAX);
  }

  /** Stops it in its tracks, by SIGSTOP: it is alive and silent. */
  public void pause() {
    signal("STOP");
  }

  /** Lets it go on, by SIGCONT, as if no time had passed. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    String pid = Long.toString(process.orElseThrow().pid());
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, pid).inheritIO().start();
      assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(kill.exitValue()).as("kill -%s", name).isZero();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Waits for its exit status, for {@code most} at most. */
  public int awaitExit(Duration most) {
    Process ending = process.orElseThrow();
    try {
      assertThat(ending.waitFor(most.toMillis(), TimeUnit.MILLISECONDS))
          .as("%s ends within %s; it printed:%n%s", folder.getFileName(), most, output())
          .isTrue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    return ending.exitValue();
  }

  /** What it printed since it was last started. */
  public String output() {
    try {
      byte[] all = Files.readAllBytes(log);
      return new String(all, (int) logStart, all.length - (int) logStart, StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
