package io.quoll.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tool as people start it. It keeps an archive of classes for a quick start, and whatever is
 * the matter with that, commands do the same and print nothing of it.
 */
class ToolIT {
  private static final Path SCRIPT =
      Path.of("..", "deploy", "bin", "quoll").toAbsolutePath().normalize();
  private static final int EXIT_SECONDS_MAX = 60;
  private static final Duration ARCHIVE_MAX = Duration.ofSeconds(60);

  private static Ensemble ensemble;

  @TempDir Path folder;

  /** A run of the tool that has ended. */
  private record Ended(int status, String data, String errors) {}

  @BeforeAll
  static void start() {
    ensemble = Ensemble.standalone("tool");
    ensemble.server(1).start();
    try (QuollClient client = Ensemble.clientOf(ensemble.server(1))) {
      client.create("/greeting", ByteString.copyFromUtf8("hello"), CreateMode.PERSISTENT);
    }
  }

  @AfterAll
  static void stop() {
    ensemble.close();
  }

  @Test
  void theFirstRunsTogetherLeaveOneArchiveThatLaterRunsUse() throws Exception {
    Path cache = folder.resolve("cache");
    Process first = begin(cache, "get", "/greeting");
    Process second = begin(cache, "get", "/greeting");

    assertThat(end(first)).isEqualTo(greeting());
    assertThat(end(second)).isEqualTo(greeting());

    assertThat(awaitArchive(cache)).exists();
    assertThat(run(cache, "get", "/greeting")).isEqualTo(greeting());
    assertThat(files(cache)).hasSize(1);
  }

  @Test
  void anArchiveThatIsDamagedDoesNoHarm() throws Exception {
    Path cache = folder.resolve("cache");
    run(cache, "get", "/greeting");
    Path archive = awaitArchive(cache);

    Files.delete(archive);
    Files.writeString(archive, "no archive");

    assertThat(run(cache, "get", "/greeting")).isEqualTo(greeting());
  }

  @Test
  void aPlaceWhereNoArchiveCanBeMadeDoesNoHarm() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "no folder");

    assertThat(run(file.resolve("cache"), "get", "/greeting")).isEqualTo(greeting());
    assertThat(run(Path.of("/proc/none"), "get", "/greeting")).isEqualTo(greeting());
  }

  @Test
  void aFailedCommandLooksTheSameWithAndWithoutAnArchive() throws Exception {
    Path cache = folder.resolve("cache");
    Ended before = run(cache, "get", "/missing");
    awaitArchive(cache);

    Ended after = run(cache, "get", "/missing");

    assertThat(after).isEqualTo(before).isEqualTo(new Ended(1, "", before.errors()));
    assertThat(after.errors()).isEqualTo("Node does not exist: /missing\n");
  }

  private static Ended greeting() {
    return new Ended(0, "hello\n", "");
  }

  private Ended run(Path cache, String... words) throws Exception {
    return end(begin(cache, words));
  }

  private Process begin(Path cache, String... words) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(
                    Stream.of(SCRIPT.toString(), "-server", ensemble.server(1).clientAddress()),
                    Stream.of(words))
                .toList());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("QUOLL_CACHE", cache.toString());
    return builder.start();
  }

  private static Ended end(Process process) throws Exception {
    process.getOutputStream().close();
    assertThat(process.waitFor(EXIT_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    return new Ended(
        process.exitValue(),
        new String(process.getInputStream().readAllBytes(), UTF_8),
        new String(process.getErrorStream().readAllBytes(), UTF_8));
  }

  /** Waits until an archive is there, and nothing else any more. */
  private static Path awaitArchive(Path cache) throws IOException {
    await("an archive of classes")
        .atMost(ARCHIVE_MAX)
        .until(() -> files(cache).size() == 1 && files(cache).get(0).toString().endsWith(".jsa"));
    return files(cache).get(0);
  }

  private static List<Path> files(Path cache) throws IOException {
    if (!Files.exists(cache)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(cache)) {
      return files.toList();
    }
  }
}
