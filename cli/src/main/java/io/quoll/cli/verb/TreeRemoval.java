package io.quoll.cli.verb;

import com.google.common.collect.Lists;
import io.quoll.cli.reply.Output;
import io.quoll.cli.reply.TextReply;
import io.quoll.cli.tree.Answer;
import io.quoll.cli.tree.Ensemble;
import io.quoll.cli.tree.Tree;
import io.quoll.cli.verb.TreeWalk.Below;
import io.quoll.client.ErrorCode;
import io.quoll.client.QuollException;
import io.quoll.client.Write;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Deletes a subtree: as one transaction if it fits into one, else from below, the leaves under a
 * znode in multis and each smaller subtree as one transaction. It goes on for as long as others add
 * znodes, but each round takes away all that was there before it.
 */
final class TreeRemoval implements Command.Task {
  /** How many leaves one multi deletes. */
  private static final int LEAVES_MAX = 1000;

  private final String root;

  TreeRemoval(String root) {
    this.root = root;
  }

  @Override
  public void run(Ensemble ensemble, Output output) {
    Tree tree = ensemble.tree();
    long deleted = 0;
    Deque<String> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      String path = open.element();
      try {
        deleted += Answer.of(tree.deleteRecursive(path));
        open.pop();
      } catch (QuollException failure) {
        switch (failure.code()) {
          case LIMIT_EXCEEDED -> deleted += thin(tree, path, open);
          case NO_NODE -> {
            if (path.equals(root) && deleted == 0) {
              throw failure;
            }
            open.pop();
          }
          default -> throw failure;
        }
      }
    }
    output.reply(TextReply.done(root, "deleted", deleted));
  }

  /** Deletes the leaves under {@code path}, and leaves its inner children to the next rounds. */
  private static long thin(Tree tree, String path, Deque<String> open) {
    List<Below> children = TreeWalk.belowIfAny(tree, path);
    children.stream().filter(Below::hasChildren).forEach(child -> open.push(child.path()));
    List<String> leaves =
        children.stream().filter(child -> !child.hasChildren()).map(Below::path).toList();
    long deleted = 0;
    for (List<String> batch : Lists.partition(leaves, LEAVES_MAX)) {
      deleted += deleteLeaves(tree, batch);
    }
    return deleted;
  }

  private static long deleteLeaves(Tree tree, List<String> leaves) {
    List<Write> deletes =
        leaves.stream().<Write>map(leaf -> new Write.Delete(leaf, Write.ANY_VERSION)).toList();
    if (Answer.of(tree.multi(deletes)).committed()) {
      return leaves.size();
    }
    // Somebody else was here: a leaf is gone, or is none any more.
    long deleted = 0;
    for (String leaf : leaves) {
      deleted += deleteIfLeaf(tree, leaf);
    }
    return deleted;
  }

  private static long deleteIfLeaf(Tree tree, String leaf) {
    try {
      Answer.of(tree.delete(leaf, Write.ANY_VERSION));
      return 1;
    } catch (QuollException failure) {
      if (failure.code() == ErrorCode.NO_NODE || failure.code() == ErrorCode.NOT_EMPTY) {
        return 0;
      }
      throw failure;
    }
  }
}
