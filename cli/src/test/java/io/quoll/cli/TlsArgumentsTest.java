package io.quoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quoll.client.TlsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsArgumentsTest {
  private static final Map<String, String> NOTHING = Map.of();

  @TempDir Path folder;

  @Test
  void withoutAWordOfItThereIsPlaintext() {
    assertThat(tls(NOTHING)).isEmpty();
  }

  @Test
  void whoNamesAFileWantsTls() {
    assertThat(tls(NOTHING, "--ca", "ca.pem")).contains(TlsOptions.trusting(Path.of("ca.pem")));
    assertThat(tls(NOTHING, "--ca", "ca.pem", "--cert", "c.pem", "--key", "k.pem"))
        .contains(
            TlsOptions.trusting(Path.of("ca.pem"))
                .withCertificate(Path.of("c.pem"), Path.of("k.pem")));
    assertThat(tls(NOTHING, "--tls")).contains(TlsOptions.trustingAsJavaDoes());
  }

  @Test
  void theEnvironmentSaysWhatTheCommandLineDoesNot() {
    Map<String, String> environment =
        Map.of("QUOLL_CA", "e-ca.pem", "QUOLL_CERT", "e.pem", "QUOLL_KEY", "e-key.pem");

    assertThat(tls(environment))
        .contains(
            TlsOptions.trusting(Path.of("e-ca.pem"))
                .withCertificate(Path.of("e.pem"), Path.of("e-key.pem")));
    assertThat(tls(environment, "--cert", "own.pem"))
        .contains(TlsOptions.trusting(Path.of("e-ca.pem")).withCertificate(Path.of("own.pem")));
    assertThat(tls(Map.of("QUOLL_CA", "e-ca.pem", "QUOLL_TLS", "false"))).isEmpty();
  }

  @Test
  void aFileOfZkClisPropertiesIsUnderstood() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("client.cfg"),
            """
            zookeeper.client.secure=true
            zookeeper.ssl.trustStore.location=ca.pem
            zookeeper.ssl.keyStore.location=client.pem
            """);

    assertThat(tls(NOTHING, "-client-configuration", file.toString()))
        .contains(TlsOptions.trusting(Path.of("ca.pem")).withCertificate(Path.of("client.pem")));
  }

  @Test
  void whatCannotBeUsedIsRefused() throws IOException {
    Path store =
        Files.writeString(
            folder.resolve("jks.cfg"), "zookeeper.ssl.trustStore.location=trust.jks\n");

    assertThatThrownBy(() -> tls(NOTHING, "--key", "k.pem"))
        .hasMessage("the key k.pem is given without its certificate");
    assertThatThrownBy(() -> tls(NOTHING, "-client-configuration", store.toString()))
        .hasMessageContaining("must be a PEM file, not trust.jks");
    assertThatThrownBy(() -> tls(NOTHING, "-client-configuration", "none.cfg"))
        .hasMessageContaining("cannot read none.cfg");
    assertThatThrownBy(() -> tls(Map.of("QUOLL_TLS", "maybe")))
        .hasMessageContaining("QUOLL_TLS is true or false");
  }

  @Test
  void aFileThatIsNotThereIsToldByTheTool() {
    Run run = Run.script("", "--ca", folder.resolve("none.pem").toString(), "ls", "/");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(folder.resolve("none.pem") + ": there is no such file");
  }

  private static Optional<TlsOptions> tls(Map<String, String> environment, String... args) {
    return ToolArguments.of(args, environment).client().tls();
  }
}
