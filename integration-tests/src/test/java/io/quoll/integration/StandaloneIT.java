package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.Role;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StandaloneIT {
  private static final ByteString DATA = ByteString.copyFromUtf8("kept");

  @Test
  void aServerWithoutMemberLinesServesAloneAndKeepsItsTreeOverKillAndStop() {
    try (Ensemble ensemble = Ensemble.standalone("standalone")) {
      ServerProcess server = ensemble.server(1);
      server.start();
      try (QuollClient client = Ensemble.clientOf(server)) {
        client.create("/kept", DATA, CreateMode.PERSISTENT);

        server.kill();
        server.start();

        assertThat(client.data("/kept").data()).isEqualTo(DATA);
        assertThat(server.standing().orElseThrow().getRole()).isEqualTo(Role.STANDALONE);
        assertThat(server.terminate()).isZero();

        server.start();

        assertThat(client.data("/kept").data()).isEqualTo(DATA);
      }
    }
  }

  @Test
  void aServerThatIsKilledLeavesNoTemporaryFiles() throws IOException {
    try (Ensemble ensemble = Ensemble.standalone("temporary")) {
      ServerProcess server = ensemble.server(1);
      server.start();

      server.kill();

      // But for what Java itself keeps there, which is removed by the next process.
      try (Stream<Path> left = Files.list(server.temporaryDirectory())) {
        assertThat(left.filter(path -> !path.getFileName().toString().startsWith("hsperf")))
            .isEmpty();
      }
    }
  }
}
