package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.cli.reply.Format;
import io.quoll.cli.reply.Output;
import io.quoll.cli.reply.TextReply;
import io.quoll.cli.tree.Answer;
import io.quoll.cli.tree.Ensemble;
import io.quoll.cli.tree.Tree;
import io.quoll.client.Child;
import io.quoll.client.ErrorCode;
import io.quoll.client.PageRequest;
import io.quoll.client.QuollException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The paths of a znode and of all below it, each before those below it, and children by name. Only
 * znodes that have children are asked for them. What is deleted meanwhile is left out.
 */
final class TreeWalk implements Command.Task {
  private final String root;

  TreeWalk(String root) {
    this.root = root;
  }

  @Override
  public void run(Ensemble ensemble, Output output) {
    Tree tree = ensemble.tree();
    if (output.format() == Format.TEXT) {
      walk(tree, output::line);
      return;
    }
    List<String> paths = new ArrayList<>();
    walk(tree, paths::add);
    output.reply(
        new TextReply(
            ImmutableList.of(),
            ImmutableMap.of("path", root, "paths", Collections.unmodifiableList(paths))));
  }

  private void walk(Tree tree, Consumer<String> found) {
    Deque<Iterator<Below>> open = new ArrayDeque<>();
    List<Below> first = below(tree, root);
    found.accept(root);
    open.push(first.iterator());
    while (!open.isEmpty()) {
      Iterator<Below> siblings = open.element();
      if (!siblings.hasNext()) {
        open.pop();
        continue;
      }
      Below next = siblings.next();
      found.accept(next.path());
      if (next.hasChildren()) {
        open.push(belowIfAny(tree, next.path()).iterator());
      }
    }
  }

  static List<Below> belowIfAny(Tree tree, String path) {
    try {
      return below(tree, path);
    } catch (QuollException failure) {
      if (failure.code() == ErrorCode.NO_NODE) {
        return ImmutableList.of();
      }
      throw failure;
    }
  }

  static List<Below> below(Tree tree, String path) {
    String prefix = path.equals("/") ? "/" : path + "/";
    return Answer.ofRead(tree.allChildren(path, PageRequest.first().withStats()))
        .children()
        .stream()
        .map(child -> new Below(prefix + child.name(), hasChildren(child)))
        .toList();
  }

  private static boolean hasChildren(Child child) {
    return child.stat() == null || child.stat().numChildren() > 0;
  }

  /** A child, and whether it had children when it was listed. */
  record Below(String path, boolean hasChildren) {}
}
