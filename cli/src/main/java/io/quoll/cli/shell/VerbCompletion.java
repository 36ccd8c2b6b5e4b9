package io.quoll.cli.shell;

import com.google.common.collect.ImmutableList;
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
    if (syntax.hasValue(before.get(before.size() - 1))) {
      return ImmutableList.of();
    }
    if (typed.startsWith("-")) {
      return whole(syntax.options(), typed);
    }
    return isFirstWord(syntax, before) ? named(syntax, typed) : ImmutableList.of();
  }

  private static boolean isFirstWord(Syntax syntax, ImmutableList<String> before) {
    for (int i = 1; i < before.size(); i++) {
      boolean isOption = before.get(i).startsWith("-") || syntax.hasValue(before.get(i - 1));
      if (!isOption) {
        return false;
      }
    }
    return true;
  }

  private ImmutableList<Choice> named(Syntax syntax, String typed) {
    return switch (syntax.operand()) {
      case PATH -> paths.choices(typed);
      case VERB -> whole(verbs.names(), typed);
      case ANY -> whole(syntax.choices(), typed);
    };
  }

  private static ImmutableList<Choice> whole(Collection<String> words, String typed) {
    return words.stream()
        .filter(word -> word.startsWith(typed))
        .map(word -> new Choice(word, true))
        .collect(ImmutableList.toImmutableList());
  }
}
