package io.quoll.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {
  @TempDir private Path home;

  @Test
  void fileIsItsOwnersAlone() throws Exception {
    Path file = HistoryFile.in(home).orElseThrow();

    assertThat(permissions(file)).isEqualTo("rw-------");
  }

  @Test
  void fileThatOthersCouldReadIsKeptAndClosedToThem() throws Exception {
    Path file = Files.writeString(home.resolve(".quoll_history"), "kept");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(HistoryFile.in(home)).contains(file);
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(Files.readString(file)).isEqualTo("kept");
  }

  @Test
  void withoutAHomeThereIsNoFile() {
    assertThat(HistoryFile.in(home.resolve("missing"))).isEqualTo(Optional.empty());
  }

  private static String permissions(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
