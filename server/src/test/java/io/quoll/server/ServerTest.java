package io.quoll.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.rpc.ErrorInfo;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.quoll.api.v1.ClientFrame;
import io.quoll.api.v1.OpenSession;
import io.quoll.api.v1.ServerFrame;
import io.quoll.api.v1.SessionServiceGrpc;
import io.quoll.server.consensus.ConsensusConfig;
import io.quoll.server.consensus.ConsensusConfig.Peer;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.FakeConsensus;
import io.quoll.server.coordination.FakeStore;
import io.quoll.server.coordination.FatalHandler;
import io.quoll.server.coordination.StartupException;
import io.quoll.server.grpc.StatusCall;
import io.quoll.statemachine.ratis.AppliedListener;
import io.quoll.statemachine.store.HistoryLimits;
import io.quoll.statemachine.store.StateStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTest {
  private static final String LOG_LEVEL =
      "/commands/loglevel?level=INHERIT&logger=" + Server.class.getName();

  @TempDir Path directory;

  private final FakeReplicas replicas = new FakeReplicas();
  private final List<String> notices = new CopyOnWriteArrayList<>();

  /** Fakes that write down what is done to them, and in which order. */
  private static final class FakeReplicas implements ReplicaFactory {
    private final FakeStore store = new FakeStore();
    private final List<String> events = new ArrayList<>();
    private final List<ConsensusConfig> configs = new ArrayList<>();
    private boolean failing;

    @Override
    public StateStore openStore(Path dataDirectory, HistoryLimits history) {
      events.add("open store");
      return store;
    }

    @Override
    public Replica prepare(
        ConsensusConfig config, StateStore opened, AppliedListener listener, FatalHandler fatal) {
      configs.add(config);
      return new Replica(
          new FakeConsensus(store, listener),
          this::startReplica,
          () -> events.add("stop"),
          System::nanoTime);
    }

    private void startReplica() {
      events.add("start");
      if (failing) {
        throw new StartupException(ExitCode.BAD_DATA_DIRECTORY, "another server's directory");
      }
    }
  }

  @Test
  void aStartedServerServesAndAClosedOneDoesNot() throws IOException {
    ServerConfig config = config(freePort());

    try (Server server = start(config)) {
      assertThat(mode(config)).contains("follower");
      assertThat(replicas.store.isClosed()).isFalse();
    }

    assertThat(
            StatusCall.mode(
                "127.0.0.1", config.grpcPort(), Optional.empty(), Duration.ofSeconds(2)))
        .isEmpty();
    assertThat(replicas.events).containsExactly("open store", "start", "stop");
    assertThat(replicas.store.isClosed()).isTrue();
  }

  @Test
  void aServerThatStopsTellsTheHoldersOfSessionsBeforeItClosesItsPort() throws Exception {
    ServerConfig config = config(freePort());
    CompletableFuture<ServerFrame> started = new CompletableFuture<>();
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", config.grpcPort()).usePlaintext().build();
    try {
      try (Server server = start(config)) {
        StreamObserver<ClientFrame> frames =
            SessionServiceGrpc.newStub(channel).session(observer(started, ended));
        frames.onNext(ClientFrame.newBuilder().setOpen(OpenSession.newBuilder()).build());
        assertThat(started.get(20, SECONDS).getStarted().getSessionId()).isPositive();
      }

      com.google.rpc.Status status = StatusProto.fromThrowable(ended.get(20, SECONDS));
      assertThat(status).isNotNull();
      assertThat(status.getDetails(0).unpack(ErrorInfo.class).getReason()).isEqualTo("NOT_SERVING");
    } finally {
      channel.shutdownNow();
    }
  }

  private static StreamObserver<ServerFrame> observer(
      CompletableFuture<ServerFrame> first, CompletableFuture<Throwable> end) {
    return new StreamObserver<>() {
      @Override
      public void onNext(ServerFrame frame) {
        first.complete(frame);
      }

      @Override
      public void onError(Throwable failure) {
        end.complete(failure);
      }

      @Override
      public void onCompleted() {
        end.completeExceptionally(new IllegalStateException("ended without an error"));
      }
    };
  }

  @Test
  void theSupervisorHearsOfTheStartThenOfReadinessAndLifeAndAtLastOfTheStop() throws IOException {
    try (Server server = start(config(freePort()))) {
      await().atMost(20, SECONDS).until(() -> notices.size() >= 3);
    }

    assertThat(notices.get(0)).startsWith("STATUS=Starting");
    assertThat(notices.get(1)).isEqualTo("READY=1");
    assertThat(notices.get(2))
        .startsWith("WATCHDOG=1\nSTATUS=Serving as follower; the leader is server 2; zxid 0x");
    assertThat(notices).last().asString().startsWith("STOPPING=1");
  }

  @Test
  void aServerThatCannotStartIsNeverSaidToBeReady() throws IOException {
    replicas.failing = true;
    ServerConfig config = config(freePort());

    assertThatThrownBy(() -> start(config)).isInstanceOf(StartupException.class);

    assertThat(notices).isNotEmpty().noneMatch(notice -> notice.contains("READY=1"));
  }

  @Test
  void onlyThePasswordOfTheConfiguredSuperChangesSomethingOnTheAdminPort() throws Exception {
    int adminPort = freePort();
    String superDigest = "super:{SHA-256}WTA5ucCHTdJq645xIMibj8HviTPeB5mMuJ4/+v1dIEw=";
    ServerConfig config =
        config(
            freePort(),
            "DigestAuthenticationProvider.superDigest=" + superDigest + "\n",
            "adminPort=" + adminPort + "\n");

    try (Server server = start(config)) {
      assertThat(changeLogLevel(adminPort, "super:secret")).isEqualTo(200);
      assertThat(changeLogLevel(adminPort, "super:guess")).isEqualTo(401);
      assertThat(changeLogLevel(adminPort, "another:secret")).isEqualTo(401);
      assertThat(changeLogLevel(adminPort, superDigest)).isEqualTo(401);
      assertThat(changeLogLevel(adminPort, "no colon")).isEqualTo(401);
    }
  }

  @Test
  void withoutASuperNobodyChangesAnythingOnTheAdminPort() throws Exception {
    int adminPort = freePort();

    try (Server server = start(config(freePort(), "adminPort=" + adminPort + "\n"))) {
      assertThat(changeLogLevel(adminPort, "super:secret")).isEqualTo(403);
    }
  }

  private static int changeLogLevel(int adminPort, String userAndPassword) throws Exception {
    String shown =
        Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder()
            .uri(URI.create("http://127.0.0.1:" + adminPort + LOG_LEVEL))
            .header("Authorization", "Basic " + shown)
            .timeout(Duration.ofSeconds(20))
            .POST(BodyPublishers.noBody())
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }

  @Test
  void consensusOfAStandaloneServerGetsAFreePortOfLoopback() throws IOException {
    ServerConfig config = config(freePort());

    start(config).close();

    Peer peer = replicas.configs.get(0).peers().get(0);
    assertThat(peer.host()).isEqualTo("127.0.0.1");
    assertThat(peer.port()).isPositive();
    assertThat(replicas.configs.get(0).clientAddress()).isEqualTo("127.0.0.1:" + config.grpcPort());
  }

  @Test
  void aReplicaThatCannotStartLeavesNothingOpen() throws IOException {
    replicas.failing = true;
    ServerConfig config = config(freePort());

    assertThatThrownBy(() -> start(config)).hasMessage("another server's directory");
    assertThat(replicas.events).containsExactly("open store", "start", "stop");
    assertThat(replicas.store.isClosed()).isTrue();
  }

  @Test
  void aPortInUseIsToldWithItsAddressBeforeAnythingIsOpened() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ServerConfig config = config(taken.getLocalPort());

      assertFails(config, ExitCode.PORT_IN_USE, "127.0.0.1:" + taken.getLocalPort());
    }
    assertThat(replicas.events).isEmpty();
  }

  @Test
  void thePortToTheOtherServersIsLookedAtToo() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(directory.resolve("myid"), "1");
      ServerConfig config = config(freePort(), "server.1=127.0.0.1:" + taken.getLocalPort() + "\n");

      assertFails(config, ExitCode.PORT_IN_USE, "talk to the other servers");
    }
  }

  @Test
  void anAddressOfAnotherMachineIsABadConfiguration() throws IOException {
    ServerConfig config = config(freePort(), "clientPortAddress=192.0.2.1\nallowPlaintext=true\n");

    assertFails(config, ExitCode.BAD_CONFIGURATION, "192.0.2.1");
  }

  @Test
  void aDataDirectoryThatCannotBeMadeIsToldByItsName() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    ServerConfig config = config(freePort(), "dataLogDir=" + file.resolve("logs") + "\n");

    assertFails(config, ExitCode.BAD_DATA_DIRECTORY, file.resolve("logs").toString());
  }

  @Test
  void theFirstFatalFailureEndsTheProcessWithItsExitStatus() {
    List<Integer> halts = new ArrayList<>();
    HaltingFatalHandler handler = new HaltingFatalHandler(halts::add);

    handler.halt(ExitCode.STORAGE_FAILED, "the disk is full", null);
    handler.halt(ExitCode.REPLICA_FAILED, "so the log failed", new IOException("full"));

    assertThat(halts).containsExactly(ExitCode.STORAGE_FAILED.number());
  }

  @Test
  void wrongArgumentsAreToldWithTheUsage() {
    assertThatThrownBy(() -> Main.start(new String[] {"--confg", "x"}, replicas))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("--config FILE");
  }

  @Test
  void theProbeTellsTheModeOfARunningServerAndFailsWithoutOne() throws IOException {
    ServerConfig config = config(freePort());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String[] arguments = {"status", directory.resolve("quoll.cfg").toString()};

    try (Server server = start(config)) {
      assertThat(probe(out).run(arguments)).isZero();
    }
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("Client port found: " + config.grpcPort() + ". Client address: 127.0.0.1.")
        .contains("Mode: follower");

    assertThat(probe(out).run(arguments)).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("Error contacting service. It is probably not running.");
  }

  @Test
  void theProbeWaitsForTheAnswerOfTheProcessThatIsMeantAndOfNoOther() throws IOException {
    ServerConfig config = config(freePort());
    String file = directory.resolve("quoll.cfg").toString();
    long self = ProcessHandle.current().pid();
    StatusProbe probe = probe(new ByteArrayOutputStream());

    try (Server server = start(config)) {
      assertThat(probe.run(new String[] {"await", file, Long.toString(self), "20"})).isZero();
      assertThat(probe.run(new String[] {"await", file, "1", "1"})).isEqualTo(1);
    }
    assertThat(ServingMark.in(directory).isOf(self)).isFalse();
  }

  @Test
  void theProbeStopsWaitingForAProcessThatIsGone() throws IOException {
    config(freePort());
    String noProcess = Long.toString(Long.MAX_VALUE);
    String[] arguments = {"await", directory.resolve("quoll.cfg").toString(), noProcess, "60"};

    assertThat(probe(new ByteArrayOutputStream()).run(arguments)).isEqualTo(1);
  }

  @Test
  void theProbeSeesAServerThatServesOnlyThoseWhoProveWhoTheyAre() throws IOException {
    config(freePort(), "enforce.auth.enabled=true\nenforce.auth.schemes=digest\n");
    String file = directory.resolve("quoll.cfg").toString();
    String self = Long.toString(ProcessHandle.current().pid());
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    try (Server server = start(ServerConfig.read(Path.of(file)))) {
      assertThat(probe(out).run(new String[] {"await", file, self, "20"})).isZero();
      await().atMost(20, SECONDS).until(() -> probe(out).run(new String[] {"status", file}) == 0);
    }
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("Mode: serving");
  }

  private static StatusProbe probe(ByteArrayOutputStream out) {
    PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
    return new StatusProbe(printed, printed);
  }

  private Server start(ServerConfig config) {
    return Server.start(
        config,
        replicas,
        new HaltingFatalHandler(status -> {}),
        new Supervisor(notices::add, Optional.empty()));
  }

  private Optional<String> mode(ServerConfig config) {
    return StatusCall.mode(
        "127.0.0.1", config.grpcPort(), Optional.empty(), Duration.ofSeconds(10));
  }

  private void assertFails(ServerConfig config, ExitCode exitCode, String told) {
    assertThatThrownBy(() -> start(config))
        .isInstanceOfSatisfying(
            StartupException.class, failure -> assertThat(failure.exitCode()).isEqualTo(exitCode))
        .hasMessageContaining(told);
  }

  private ServerConfig config(int port, String... lines) throws IOException {
    String text = "dataDir=" + directory + "\ngrpcPort=" + port + "\n" + String.join("", lines);
    if (!text.contains("adminPort=")) {
      text += "adminPort=0\n";
    }
    return ServerConfig.read(Files.writeString(directory.resolve("quoll.cfg"), text));
  }

  private static int freePort() {
    return Ports.anyFree("127.0.0.1");
  }
}
