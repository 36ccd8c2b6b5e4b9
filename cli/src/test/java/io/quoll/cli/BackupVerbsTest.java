package io.quoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that write files, and read them. */
class BackupVerbsTest {
  private final FakeTree tree = new FakeTree();
  private final FakeServer server = FakeServer.start(tree);
  @TempDir private Path folder;

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aBackupIsWrittenAndVerifiedWithoutAServerAndListed() {
    Path file = folder.resolve("b.quollbackup");
    String told =
        """
        %s
          cluster    cluster
          taken      2018-07-28T08:14:09Z from server 2, version 1.2.3
          zxid       0x4d, term 4, index 99
          digest     cafe
          znodes     3, of which 1 are ephemeral, with 5 bytes of data
          file       %d bytes, format 1
        """;

    Run created = run("backup", "create", file.toString());

    String text = told.formatted(file, file.toFile().length());
    assertThat(created).isEqualTo(new Run(0, text, ""));
    server.close();
    assertThat(run("backup", "verify", file.toString())).isEqualTo(new Run(0, text, ""));
    assertThat(run("backup", "list", folder.toString()).out())
        .contains("FILE", "CREATED", file + "  2018-07-28T08:14:09Z  cluster  2       0x4d");
  }

  @Test
  void aServerIsToldToTakeASnapshot() {
    assertThat(run("cluster", "snapshot"))
        .isEqualTo(new Run(0, "Server 1 has a snapshot of index 99, term 4\n", ""));
  }

  @Test
  void aBackupInADirectoryIsNamedByItsTime() throws IOException {
    assertThat(run("backup", "create", folder.toString()).exitCode()).isZero();

    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .singleElement()
          .asString()
          .matches("quoll-\\d{8}T\\d{6}Z\\.quollbackup");
    }
  }

  @Test
  void whatIsWrongWithAFileIsSaid() throws IOException {
    Path file = folder.resolve("f");
    Path missing = folder.resolve("missing");
    Files.writeString(file, "no backup, and long enough");

    assertThat(run("backup", "verify", file.toString()))
        .isEqualTo(new Run(1, "", file + ": it is no backup of Quoll\n"));
    assertThat(run("backup", "create", file.toString()))
        .isEqualTo(new Run(1, "", file + " exists already\n"));
    assertThat(run("backup", "verify", missing.toString()))
        .isEqualTo(new Run(1, "", "there is no " + missing + "\n"));
    assertThat(run("backup", "create", missing + "/b").exitCode()).isEqualTo(1);
    assertThat(run("backup", "make", file.toString()).err()).startsWith("backup create");
    assertThat(Files.readString(file)).startsWith("no backup");
  }

  @Test
  void aSubtreeIsExportedAndImportedAgain() throws IOException {
    run("create", "/a", "text");
    run("create", "/a/b");
    run("create", "/a/b/c", "deep");
    String lines =
        """
        {"path":"/a","text":"text"}
        {"path":"/a/b"}
        {"path":"/a/b/c","text":"deep"}
        """;
    Path file = folder.resolve("a.jsonl");

    assertThat(run("export", "/a")).isEqualTo(new Run(0, lines, ""));
    assertThat(run("export", "/a", file.toString()))
        .isEqualTo(new Run(0, "Exported 3 znodes to " + file + "\n", ""));
    assertThat(file).hasContent(lines);
    run("deleteall", "/a");
    assertThat(run("import", file.toString())).isEqualTo(new Run(0, "Imported 3 znodes\n", ""));
    assertThat(run("export", "/a").out()).isEqualTo(lines);
  }

  @Test
  void znodesThatAreThereAreFailedAtOrSkippedOrOverwritten() throws IOException {
    run("create", "/a", "old");
    Path file = folder.resolve("a.jsonl");
    Files.writeString(
        file,
        """
        {"path":"/a","data":"/w=="}

        {"path":"/a/new"}
        """);

    Run failed = run("import", file.toString());
    Run skipped = run("import", "--existing", "skip", file.toString());
    String kept = run("get", "/a").out();
    Run overwritten = run("import", "--existing", "overwrite", file.toString());

    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.err()).startsWith("/a: ").endsWith("; 0 znodes before it were imported\n");
    assertThat(skipped).isEqualTo(new Run(0, "Imported 1 znodes, skipped 1 that were there\n", ""));
    assertThat(kept).isEqualTo("old\n");
    assertThat(overwritten).isEqualTo(new Run(0, "Imported 2 znodes\n", ""));
    assertThat(run("export", "/a").out()).startsWith("{\"path\":\"/a\",\"data\":\"/w==\"}\n");
  }

  @Test
  void aLineThatIsNoneIsToldByItsNumber() throws IOException {
    Path file = folder.resolve("a.jsonl");
    Files.writeString(
        file,
        """
        {"path":"/a"}
        {"text":"x"}
        """);

    assertThat(run("import", file.toString()))
        .isEqualTo(new Run(1, "", "line 2 of " + file + ": it has no \"path\"\n"));
    assertThat(run("import", folder.resolve("no").toString()).err()).startsWith("cannot read ");
    assertThat(run("import", "--existing", "never", file.toString()).exitCode()).isEqualTo(1);
    assertThat(run("export", "/no").err()).isEqualTo("Node does not exist: /no\n");
  }

  private Run run(String... words) {
    return Run.at(server.address(), words);
  }
}
