package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import io.quoll.client.Write;
import io.quoll.server.coordination.ExitCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

class StartupIT {
  private static final Duration REFUSAL_MAX = Duration.ofSeconds(30);

  private static void requireRefusal(ServerProcess server, ExitCode code, String... words) {
    server.launch();

    assertThat(server.awaitExit(REFUSAL_MAX)).as(server.output()).isEqualTo(code.number());
    assertThat(server.output()).contains(words);
  }

  private static void remove(Path path) throws IOException {
    MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
  }

  private static void replace(Path file, String text, String by) throws IOException {
    String before = Files.readString(file);
    assertThat(before).contains(text);
    Files.writeString(file, before.replace(text, by));
  }

  @Nested
  class AServerThatNeverRan {
    private Ensemble ensemble;
    private ServerProcess server;

    @BeforeEach
    void configure(TestInfo test) {
      ensemble = Ensemble.configured("startup-" + test.getTestMethod().orElseThrow().getName());
      server = ensemble.server(1);
    }

    @AfterEach
    void stop() {
      ensemble.close();
    }

    @Test
    void namesTheConfigurationThatIsMissing() throws IOException {
      Files.delete(server.configFile());

      requireRefusal(
          server, ExitCode.BAD_CONFIGURATION, server.configFile() + ": there is no such file");
    }

    @Test
    void namesTheUnknownKeyItsLineAndTheNearestKey() throws IOException {
      replace(server.configFile(), "grpcPort=", "grpPort=");

      requireRefusal(
          server, ExitCode.BAD_CONFIGURATION, server.configFile() + ":2: ", "grpPort", "grpcPort");
    }

    @Test
    void namesThePortOfClientsThatAnotherProcessHas() throws IOException {
      try (ServerSocket taken = new ServerSocket()) {
        taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.clientPort()));

        requireRefusal(server, ExitCode.PORT_IN_USE, server.clientAddress());
      }
    }

    @Test
    void namesThePortOfPeersThatAnotherProcessHas() throws IOException {
      try (ServerSocket taken = new ServerSocket()) {
        taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), ensemble.peerPort(1)));

        requireRefusal(server, ExitCode.PORT_IN_USE, "127.0.0.1:" + ensemble.peerPort(1));
      }
    }

    @Test
    void namesTheDirectoryThatCannotBeWritten() throws IOException {
      Path file = server.dataDirectory().resolveSibling("file");
      Files.createFile(file);
      replace(
          server.configFile(), "grpcPort=", "dataLogDir=" + file.resolve("log") + "\ngrpcPort=");

      requireRefusal(server, ExitCode.BAD_DATA_DIRECTORY, file.resolve("log").toString());
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  class AServerThatTookPart {
    private Ensemble ensemble;
    private ServerProcess server;
    private Path data;
    private Path kept;

    @BeforeAll
    void takePart() throws IOException {
      ensemble = Ensemble.start("startup", "clusterName=first");
      try (QuollClient client = ensemble.clientFrom(1)) {
        client.create("/written", null, CreateMode.PERSISTENT);
      }
      ensemble.awaitSameDigest();
      server = ensemble.server(3);
      server.kill();
      data = server.dataDirectory();
      kept = data.resolveSibling("kept");
      Files.move(data, kept);
    }

    @BeforeEach
    void bringBackWhatItHad() throws IOException {
      copy(kept, data);
    }

    @AfterEach
    void clean() throws IOException {
      server.kill();
      remove(data);
    }

    @AfterAll
    void stop() {
      ensemble.close();
    }

    private void copy(Path from, Path to) throws IOException {
      try (Stream<Path> paths = Files.walk(from)) {
        for (Path path : paths.toList()) {
          Files.copy(path, to.resolve(from.relativize(path).toString()));
        }
      }
    }

    private void requireOthersServe() {
      try (QuollClient client = ensemble.clientFrom(1)) {
        client.setData("/written", null, Write.ANY_VERSION);
      }
    }

    @Test
    void refusesTheDirectoryOfAnotherServer() throws IOException {
      Files.copy(
          ensemble.server(2).dataDirectory().resolve("identity"),
          data.resolve("identity"),
          StandardCopyOption.REPLACE_EXISTING);

      requireRefusal(
          server, ExitCode.BAD_DATA_DIRECTORY, data.toString(), "server 2", "server 3", "myid");
    }

    @Test
    void refusesTheDirectoryOfAnotherEnsemble() throws IOException {
      replace(server.configFile(), "clusterName=first", "clusterName=second");

      try {
        requireRefusal(
            server, ExitCode.BAD_DATA_DIRECTORY, "\"first\"", "\"second\"", "clusterName");
      } finally {
        replace(server.configFile(), "clusterName=second", "clusterName=first");
      }
    }

    @Test
    void refusesToComeBackWiped() throws IOException {
      remove(data);
      Files.createDirectory(data);
      Files.copy(kept.resolve("myid"), data.resolve("myid"));

      requireRefusal(
          server, ExitCode.BAD_DATA_DIRECTORY, "server 3", "under a number that was never used");
      requireOthersServe();
    }

    @Test
    void refusesToComeBackWithoutItsLog() throws IOException {
      remove(data.resolve("raft"));

      requireRefusal(server, ExitCode.BAD_DATA_DIRECTORY, "Raft log is gone", "new number");
      requireOthersServe();
    }

    @Test
    void refusesToComeBackWithADamagedLog() throws IOException {
      flipABit(segment(), "RaftLog1".length() + 20);

      requireRefusal(
          server, ExitCode.BAD_DATA_DIRECTORY, "the Raft log", "cannot be read", "new number");
      requireOthersServe();
    }

    private Path segment() throws IOException {
      try (Stream<Path> paths = Files.walk(data.resolve("raft"))) {
        return paths
            .filter(path -> path.getFileName().toString().startsWith("log_"))
            .findFirst()
            .orElseThrow();
      }
    }

    private void flipABit(Path path, int at) throws IOException {
      try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
        file.seek(at);
        int before = file.read();
        file.seek(at);
        file.write(before ^ 1);
      }
    }

    @Test
    void rebuildsALostStoreFromALogThatIsWhole() throws IOException {
      remove(data.resolve("store"));

      server.start();

      assertThat(ensemble.awaitSameDigest()).isPositive();
    }
  }
}
