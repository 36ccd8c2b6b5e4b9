package io.quoll.cli.shell;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.verb.Operand;
import io.quoll.cli.verb.Syntax;
import io.quoll.cli.verb.Verbs;
import java.util.Collection;

/**
 * Completes verbs, their options and what their words name.
 *
 * <p>Confined to the shell's thread.
 */
final class VerbCompletion implements Completion {
  private final Verbs verbs;
  private final PathCompletion paths;

  VerbCompletion(Verbs verbs, PathCompletion paths) {
    this.verbs = verbs;
    this.paths = paths;
  }

  @Override
  public ImmutableList<Choice> choices(ImmutableList<String> before, String typed) {
    if (before.isEmpty()) {
      return whole(verbs.names(), typed);
    }
    if (!verbs.names().contains(before.get(0))) {
      return ImmutableList.of();
    }
    Syntax syntax = verbs.syntax(before.get(0));
    boolean isValue = before.size() > 1 && syntax.hasValue(before.get(before.size() - 1));
    if (isValue) {
      return ImmutableList.of();
    }
    if (typed.startsWith("-")) {
      return whole(syntax.options(), typed);
    }
    if (syntax.operand() == Operand.PATH) {
      return paths.choices(typed);
    }
    if (before.size() > 1) {
      return ImmutableList.of();
    }
    return syntax.operand() == Operand.VERB
        ? whole(verbs.names(), typed)
        : whole(syntax.choices(), typed);
  }

  private static ImmutableList<Choice> whole(Collection<String> words, String typed) {
    return words.stream()
        .filter(word -> word.startsWith(typed))
        .map(word -> new Choice(word, true))
        .collect(ImmutableList.toImmutableList());
  }
}
