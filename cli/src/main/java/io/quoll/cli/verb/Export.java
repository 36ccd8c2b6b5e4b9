package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.cli.reply.Output;
import io.quoll.cli.reply.TextReply;
import io.quoll.cli.tree.Answer;
import io.quoll.cli.tree.Ensemble;
import io.quoll.cli.tree.Tree;
import io.quoll.client.Child;
import io.quoll.client.ChildrenPage;
import io.quoll.client.ErrorCode;
import io.quoll.client.PageRequest;
import io.quoll.client.QuollException;
import io.quoll.client.ZnodeData;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a subtree as JSON lines, each znode before those below it. Ephemeral znodes are left out,
 * and so is what is deleted meanwhile.
 */
final class Export implements Verb {
  private static final String SUFFIX = ".incomplete";

  private final Syntax syntax =
      Syntax.named("export")
          .takes("path [file]")
          .does(
              "Writes a znode and all below it as JSON lines, to a file or to the output; ephemeral"
                  + " znodes, ACLs and times are left out.")
          .path(1, 2)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    String file = arguments.wordIfAny(1).orElse("-");
    return new Command.Work(
        path,
        (ensemble, output) -> {
          if (file.equals("-")) {
            toOutput(path, ensemble, output);
          } else {
            toFile(path, Path.of(file), ensemble, output);
          }
        });
  }

  private static void toOutput(String path, Ensemble ensemble, Output output) {
    try {
      long unusedCount = export(path, ensemble.tree(), output::line);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void toFile(String path, Path file, Ensemble ensemble, Output output) {
    Path incomplete = file.resolveSibling(file.getFileName() + SUFFIX);
    try {
      long count;
      try (BufferedWriter out = Files.newBufferedWriter(incomplete)) {
        count =
            export(
                path,
                ensemble.tree(),
                line -> {
                  out.write(line);
                  out.write('\n');
                });
      }
      Files.move(incomplete, file, StandardCopyOption.ATOMIC_MOVE);
      output.reply(
          new TextReply(
              ImmutableList.of("Exported " + count + " znodes to " + file),
              ImmutableMap.of("path", path, "file", file.toString(), "znodes", count)));
    } catch (IOException failure) {
      output.failure(
          "FILE_FAILED",
          "cannot write " + file + ": " + failure.getMessage(),
          Map.of("path", path));
    } finally {
      deleteIfExists(incomplete);
    }
  }

  private static void deleteIfExists(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException stays) {
      file.toFile().deleteOnExit();
    }
  }

  /** Takes lines. */
  private interface Lines {
    void accept(String line) throws IOException;
  }

  private static long export(String root, Tree tree, Lines lines) throws IOException {
    ZnodeData first = Answer.ofRead(tree.data(root));
    lines.accept(new ZnodeLine(root, first.data()).encode());
    long count = 1;
    Deque<String> parents = new ArrayDeque<>();
    parents.push(root);
    while (!parents.isEmpty()) {
      count += exportChildren(parents.pop(), tree, lines, parents);
    }
    return count;
  }

  private static long exportChildren(String parent, Tree tree, Lines lines, Deque<String> parents)
      throws IOException {
    long count = 0;
    PageRequest request = PageRequest.first().withStats().withDatas();
    Optional<ChildrenPage> page = page(tree, parent, request);
    while (page.isPresent()) {
      for (Child child : page.get().children()) {
        if (isExported(parent, child)) {
          String path = (parent.equals("/") ? "" : parent) + "/" + child.name();
          lines.accept(new ZnodeLine(path, child.data()).encode());
          count++;
          if (child.stat() == null || child.stat().numChildren() > 0) {
            parents.push(path);
          }
        }
      }
      page =
          page.get().isLast()
              ? Optional.empty()
              : page(tree, parent, request.withPageToken(page.get().nextPageToken()));
    }
    return count;
  }

  private static boolean isExported(String parent, Child child) {
    boolean isEphemeral = child.stat() != null && child.stat().ephemeralOwner() != 0;
    boolean isReserved = parent.equals("/") && child.name().equals("zookeeper");
    return !isEphemeral && !isReserved;
  }

  private static Optional<ChildrenPage> page(Tree tree, String path, PageRequest request) {
    try {
      return Optional.of(Answer.ofRead(tree.children(path, request)));
    } catch (QuollException failure) {
      if (failure.code() == ErrorCode.NO_NODE) { // It was deleted meanwhile.
        return Optional.empty();
      }
      throw failure;
    }
  }
}
