package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.reply.BackupListReply;
import io.quoll.cli.reply.BackupListReply.Listed;
import io.quoll.cli.reply.BackupReply;
import io.quoll.cli.reply.Output;
import io.quoll.cli.tree.Ensemble;
import io.quoll.client.backup.BackupFile;
import io.quoll.client.backup.BackupInfo;
import io.quoll.client.backup.BadBackupException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Makes backups of the whole tree, and looks after them. */
final class Backup implements Verb {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Syntax syntax =
      Syntax.named("backup")
          .takes("create [--stale] file|directory | list directory | verify file")
          .does(
              "Writes a backup of the tree at one zxid to a file, which create names in a"
                  + " directory; lists backups; reads one against its checksums, without a server.")
          .flags("--stale")
          .words(2, 2)
          .choices("create", "list", "verify")
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    Path path = Path.of(arguments.word(1));
    boolean stale = arguments.has("--stale");
    return switch (arguments.word(0)) {
      case "create" ->
          new Command.Work(
              "",
              (ensemble, output) ->
                  told(path, output, () -> create(path, stale, ensemble, output)));
      case "list" ->
          new Command.Work("", (ensemble, output) -> told(path, output, () -> list(path, output)));
      case "verify" ->
          new Command.Work(
              "", (ensemble, output) -> told(path, output, () -> verify(path, output)));
      default -> throw new UsageException(syntax.usage());
    };
  }

  /** Work with files. */
  private interface FileWork {
    void run() throws IOException;
  }

  private static void told(Path path, Output output, FileWork work) {
    try {
      work.run();
    } catch (FileAlreadyExistsException present) {
      fail("FILE_EXISTS", present.getFile() + " exists already", path, output);
    } catch (NoSuchFileException missing) {
      fail("NO_FILE", "there is no " + missing.getFile(), path, output);
    } catch (BadBackupException bad) {
      fail("BAD_BACKUP", path + ": " + bad.getMessage(), path, output);
    } catch (IOException failure) {
      fail("FILE_FAILED", path + ": " + failure.getMessage(), path, output);
    }
  }

  private static void fail(String name, String text, Path path, Output output) {
    output.failure(name, text, Map.of("file", path.toString()));
  }

  private static void create(Path path, boolean stale, Ensemble ensemble, Output output)
      throws IOException {
    Path file =
        Files.isDirectory(path)
            ? path.resolve("quoll-" + NAME.format(Instant.now()) + BackupFile.SUFFIX)
            : path;
    BackupInfo info = ensemble.client().createBackup(BackupFile.at(file), stale);
    output.reply(new BackupReply(file, info, Files.size(file)));
  }

  private static void verify(Path file, Output output) throws IOException {
    BackupInfo info = BackupFile.at(file).verify();
    output.reply(new BackupReply(file, info, Files.size(file)));
  }

  private static void list(Path directory, Output output) throws IOException {
    List<Listed> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, "*" + BackupFile.SUFFIX)) {
      for (Path file : files) {
        told(
            file,
            output,
            () -> found.add(new Listed(file, BackupFile.at(file).peek(), Files.size(file))));
      }
    }
    found.sort(Comparator.comparing(each -> each.info().created()));
    output.reply(new BackupListReply(ImmutableList.copyOf(found)));
  }
}
