package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.cli.reply.Output;
import io.quoll.cli.reply.TextReply;
import io.quoll.cli.tree.Answer;
import io.quoll.cli.tree.Ensemble;
import io.quoll.cli.tree.Tree;
import io.quoll.client.CreateMode;
import io.quoll.client.ErrorCode;
import io.quoll.client.MultiOutcome;
import io.quoll.client.Stat;
import io.quoll.client.Write;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Creates znodes from JSON lines, as {@link Export} writes them, many in a transaction. Not all of
 * them are one transaction: what was done before an error stays.
 */
final class Import implements Verb {
  private static final int BATCH_MAX = 500;
  private static final int BATCH_BYTES = 1 << 20;
  private static final Path INPUT = Path.of("/dev/stdin");

  private final Syntax syntax =
      Syntax.named("import")
          .takes("[--existing fail|skip|overwrite] [file]")
          .does(
              "Creates znodes from JSON lines, of a file or of the input; tells what to do with"
                  + " those that are there already, at which it fails unless told otherwise.")
          .valued("--existing")
          .words(0, 1)
          .build();

  /** What to do with a znode that is there already. */
  private enum Existing {
    FAIL,
    SKIP,
    OVERWRITE
  }

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    Existing existing =
        switch (arguments.option("--existing").orElse("fail")) {
          case "fail" -> Existing.FAIL;
          case "skip" -> Existing.SKIP;
          case "overwrite" -> Existing.OVERWRITE;
          default -> throw new UsageException(syntax.usage());
        };
    String file = arguments.wordIfAny(0).orElse("-");
    Path source = file.equals("-") ? INPUT : Path.of(file);
    return new Command.Work("", (ensemble, output) -> run(source, existing, ensemble, output));
  }

  private static void run(Path source, Existing existing, Ensemble ensemble, Output output) {
    Batches batches = new Batches(ensemble.tree(), existing);
    long number = 0;
    try (BufferedReader in = Files.newBufferedReader(source)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        if (!line.isBlank()) {
          batches.add(ZnodeLine.decode(line));
        }
      }
      batches.write();
      output.reply(batches.reply());
    } catch (IOException failure) {
      output.failure(
          "FILE_FAILED",
          "cannot read " + source + ": " + failure.getMessage(),
          Map.of("written", batches.written));
    } catch (IllegalArgumentException garbled) {
      output.failure(
          "BAD_LINE",
          "line " + number + " of " + source + ": " + garbled.getMessage(),
          Map.of("line", number, "written", batches.written));
    } catch (Refused refused) {
      output.failure(
          refused.code.name(),
          refused.getMessage() + "; " + batches.written + " znodes before it were imported",
          Map.of("path", refused.path, "written", batches.written));
    }
  }

  /** A znode could not be written. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final ErrorCode code;
    private final String path;

    Refused(ErrorCode code, String path, String message) {
      super(message);
      this.code = code;
      this.path = path;
    }
  }

  /** Gathers lines, and writes them. Confined to one thread. */
  private static final class Batches {
    private final Tree tree;
    private final Existing existing;
    private final List<ZnodeLine> gathered = new ArrayList<>();
    private int bytes;
    private long written;
    private long skipped;

    Batches(Tree tree, Existing existing) {
      this.tree = tree;
      this.existing = existing;
    }

    void add(ZnodeLine line) throws Refused {
      int size = line.path().length() + (line.data() == null ? 0 : line.data().size());
      if (gathered.size() == BATCH_MAX || (bytes > 0 && bytes + size > BATCH_BYTES)) {
        write();
      }
      gathered.add(line);
      bytes += size;
    }

    void write() throws Refused {
      List<Write> writes = existing == Existing.FAIL ? creates() : createsOrSets();
      if (!writes.isEmpty()) {
        MultiOutcome outcome = Answer.of(tree.multi(writes));
        if (!outcome.committed()) {
          throw refused(outcome, writes);
        }
      }
      written += writes.size();
      gathered.clear();
      bytes = 0;
    }

    private List<Write> creates() {
      return gathered.stream().map(Batches::create).toList();
    }

    private static Write create(ZnodeLine line) {
      return new Write.Create(line.path(), line.data(), CreateMode.PERSISTENT);
    }

    private List<Write> createsOrSets() {
      List<CompletableFuture<Optional<Stat>>> asked =
          gathered.stream().map(line -> tree.exists(line.path())).toList();
      List<Write> writes = new ArrayList<>();
      for (int i = 0; i < gathered.size(); i++) {
        ZnodeLine line = gathered.get(i);
        if (Answer.ofRead(asked.get(i)).isEmpty()) {
          writes.add(create(line));
        } else if (existing == Existing.OVERWRITE) {
          writes.add(new Write.SetData(line.path(), line.data(), Write.ANY_VERSION));
        } else {
          skipped++;
        }
      }
      return writes;
    }

    private static Refused refused(MultiOutcome outcome, List<Write> writes) {
      for (int i = 0; i < writes.size(); i++) {
        ErrorCode error = outcome.results().get(i).code();
        if (error != ErrorCode.OK) {
          String path = writes.get(i).path();
          return new Refused(error, path, path + ": " + outcome.results().get(i).message());
        }
      }
      return new Refused(ErrorCode.UNKNOWN, "", "the transaction was refused");
    }

    TextReply reply() {
      return new TextReply(
          ImmutableList.of(
              "Imported "
                  + written
                  + " znodes"
                  + (skipped == 0 ? "" : ", skipped " + skipped + " that were there")),
          ImmutableMap.of("written", written, "skipped", skipped));
    }
  }
}
