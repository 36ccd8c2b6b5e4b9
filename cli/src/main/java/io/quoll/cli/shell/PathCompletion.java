package io.quoll.cli.shell;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.shell.Completion.Choice;
import io.quoll.cli.tree.Tree;
import io.quoll.client.Child;
import io.quoll.client.PageRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Completes paths by asking for the children of what was typed up to the last slash. Whoever waits
 * for it cannot type, so it asks for little and gives up soon.
 *
 * <p>Confined to the shell's thread.
 */
final class PathCompletion {
  /** How many children of one znode are looked at, the first by name. */
  static final int CHILDREN_MAX = 5000;

  private final Supplier<Optional<Tree>> tree;
  private final Duration patience;

  /**
   * A completion.
   *
   * @param tree what to ask; empty if there is nothing to ask
   * @param patience how long to wait for the answer
   */
  PathCompletion(Supplier<Optional<Tree>> tree, Duration patience) {
    this.tree = tree;
    this.patience = patience;
  }

  ImmutableList<Choice> choices(String typed) {
    if (typed.isEmpty()) {
      return ImmutableList.of(new Choice("/", false));
    }
    if (!typed.startsWith("/")) {
      return ImmutableList.of();
    }
    int slash = typed.lastIndexOf('/');
    String parent = slash == 0 ? "/" : typed.substring(0, slash);
    String prefix = typed.substring(slash + 1);
    List<Child> found =
        children(parent).stream().filter(child -> child.name().startsWith(prefix)).toList();
    boolean goesOnBelow =
        found.size() == 1 && found.get(0).name().equals(prefix) && hasChildren(found.get(0));
    if (goesOnBelow) { // What was typed is whole; who asks for more means what is below.
      return ImmutableList.of(new Choice(typed + "/", false));
    }
    String before = typed.substring(0, slash + 1);
    return found.stream()
        .map(child -> new Choice(before + child.name(), !hasChildren(child)))
        .collect(ImmutableList.toImmutableList());
  }

  private static boolean hasChildren(Child child) {
    return child.stat() != null && child.stat().numChildren() > 0;
  }

  private List<Child> children(String parent) {
    Optional<Tree> asked = tree.get();
    if (asked.isEmpty()) {
      return List.of();
    }
    PageRequest page = PageRequest.first().withStats().withLimit(CHILDREN_MAX);
    try {
      return asked
          .get()
          .children(parent, page)
          .get(patience.toMillis(), TimeUnit.MILLISECONDS)
          .children();
    } catch (ExecutionException | TimeoutException unanswered) {
      return List.of(); // Then there is nothing to choose from.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }
}
