package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import io.quoll.server.RecoveryTool;
import io.quoll.server.coordination.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An ensemble of one server that is made of what is left of another. */
class RecoveryIT {
  private static final Duration EXIT_MAX = Duration.ofSeconds(60);

  @Test
  void oneServerGoesOnAloneUnderANewNameAndNoFormerMemberDoes() throws Exception {
    try (Ensemble ensemble = Ensemble.start("recovery")) {
      try (QuollClient client = ensemble.clientFrom(1)) {
        client.create("/kept", ByteString.copyFromUtf8("x"), CreateMode.PERSISTENT);
      }
      ensemble.awaitSameDigest();
      ensemble.servers().forEach(ServerProcess::kill);
      ServerProcess left = ensemble.server(2);

      assertThat(recover(left)).isEqualTo(ExitCode.BAD_CONFIGURATION.number());
      left.configure("clusterName=revived\n" + ensemble.member(2, false) + "\n");
      assertThat(recover(left)).isZero();
      left.start();

      try (QuollClient client = Ensemble.strictClientOf(left)) {
        assertThat(client.exists("/kept")).isPresent();
        client.create("/after", null, CreateMode.PERSISTENT);
      }
      ServerProcess former = ensemble.server(1);
      former.configure("clusterName=revived\n" + ensemble.member(1, false) + "\n");
      former.launch();
      assertThat(former.awaitExit(EXIT_MAX)).isEqualTo(ExitCode.BAD_DATA_DIRECTORY.number());
    }
  }

  private static int recover(ServerProcess server) throws IOException, InterruptedException {
    Process tool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                RecoveryTool.class.getName(),
                "--config",
                server.configFile().toString(),
                "--yes")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(tool.waitFor(EXIT_MAX.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return tool.exitValue();
  }
}
