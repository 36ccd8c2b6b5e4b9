package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.quoll.server.coordination.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One server has its data on a small disk of its own, which only root can mount. */
class FullDiskIT {
  private static final int DISK_MEBIBYTES = 256;
  private static final Duration EXIT_MAX = Duration.ofSeconds(30);

  private Ensemble ensemble;
  private ServerProcess server;
  private Path disk;
  private Path filler;

  @BeforeEach
  void giveOneServerASmallDisk() throws Exception {
    ensemble = Ensemble.configured("full-disk", "txnLogSizeLimitInKb=4096");
    server = ensemble.server(3);
    disk = server.dataDirectory();
    filler = disk.resolve("filler");
    String myId = Files.readString(disk.resolve("myid"));
    assumeThat(
            run(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "size=%dm".formatted(DISK_MEBIBYTES),
                "quoll-it",
                disk.toString()))
        .as("a disk can be mounted")
        .isTrue();
    Files.writeString(disk.resolve("myid"), myId);
    ensemble.startAll();
  }

  @AfterEach
  void takeTheDiskAway() throws Exception {
    server.kill();
    run("umount", disk.toString());
    ensemble.close();
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  @Test
  void aServerWhoseDiskIsFullStopsAloneAndComesBackOnceThereIsRoom() throws Exception {
    try (Load load = Load.start(ensemble)) {
      load.awaitMore(300);

      fill();

      assertThat(server.awaitExit(EXIT_MAX))
          .as(server.output())
          .isEqualTo(ExitCode.STORAGE_FAILED.number());
      load.awaitMore(300);
      server.launch();
      assertThat(server.awaitExit(EXIT_MAX))
          .as(server.output())
          .isEqualTo(ExitCode.STORAGE_FAILED.number());

      Files.delete(filler);
      server.start();

      load.awaitMore(300);
      load.stop();
      ensemble.awaitSameDigest();
      load.requireKept(server);
    }
  }

  private void fill() throws IOException {
    byte[] block = new byte[64 * 1024];
    try (OutputStream out = Files.newOutputStream(filler)) {
      for (int i = 0; i < DISK_MEBIBYTES * 16; i++) {
        out.write(block);
      }
    } catch (IOException full) {
      return;
    }
    throw new AssertionError("the disk was not filled");
  }
}
