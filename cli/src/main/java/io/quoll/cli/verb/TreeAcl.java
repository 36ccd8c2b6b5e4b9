package io.quoll.cli.verb;

import io.quoll.cli.reply.Output;
import io.quoll.cli.reply.TextReply;
import io.quoll.cli.tree.Answer;
import io.quoll.cli.tree.Ensemble;
import io.quoll.cli.tree.Tree;
import io.quoll.cli.verb.TreeWalk.Below;
import io.quoll.client.Acl;
import io.quoll.client.ErrorCode;
import io.quoll.client.QuollException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;

/**
 * Replaces the ACLs of a subtree, some under way at a time. A znode has its turn after all below it
 * was listed, so that an ACL which takes the right to read from the caller does not stop him half
 * way, and that he may begin again after a failure. What is deleted meanwhile is left out.
 */
final class TreeAcl implements Command.Task {
  /** How many are under way at a time. */
  private static final int IN_FLIGHT_MAX = 64;

  private final String root;
  private final Acl acl;
  private final int expectedAversion;

  TreeAcl(String root, Acl acl, int expectedAversion) {
    this.root = root;
    this.acl = acl;
    this.expectedAversion = expectedAversion;
  }

  @Override
  public void run(Ensemble ensemble, Output output) {
    Tree tree = ensemble.tree();
    Window window = new Window(tree);
    Deque<Open> open = new ArrayDeque<>();
    open.push(new Open(root, TreeWalk.below(tree, root).iterator()));
    while (!open.isEmpty()) {
      Open top = open.element();
      if (!top.children().hasNext()) {
        window.set(top.path());
        open.pop();
        continue;
      }
      Below child = top.children().next();
      if (child.hasChildren()) {
        open.push(new Open(child.path(), TreeWalk.belowIfAny(tree, child.path()).iterator()));
      } else {
        window.set(child.path());
      }
    }
    output.reply(TextReply.done(root, "set", window.finish()));
  }

  /** A znode whose children have their turn. */
  private record Open(String path, Iterator<Below> children) {}

  /** What is under way. Confined to one thread. */
  private final class Window {
    private final Tree tree;
    private final Deque<UnderWay> underWay = new ArrayDeque<>();
    private long done;

    Window(Tree tree) {
      this.tree = tree;
    }

    void set(String path) {
      if (underWay.size() == IN_FLIGHT_MAX) {
        await(underWay.remove());
      }
      underWay.add(new UnderWay(path, tree.setAcl(path, acl, expectedAversion)));
    }

    long finish() {
      while (!underWay.isEmpty()) {
        await(underWay.remove());
      }
      return done;
    }

    private void await(UnderWay next) {
      try {
        var unused = Answer.of(next.stat());
        done++;
      } catch (QuollException failure) {
        if (failure.code() != ErrorCode.NO_NODE || next.path().equals(root)) {
          throw failure;
        }
      }
    }
  }

  private record UnderWay(String path, CompletableFuture<io.quoll.client.Stat> stat) {}
}
