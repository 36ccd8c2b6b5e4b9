package io.quoll.cli.verb;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.ParseResult;

/** The words that came with a verb. */
record Arguments(Syntax syntax, ParseResult result, List<String> words, Consumer<String> notices) {
  boolean has(String flag) {
    return result.hasMatchedOption(flag);
  }

  Optional<String> option(String name) {
    return Optional.ofNullable(result.matchedOptionValue(name, null));
  }

  String word(int index) {
    return words.get(index);
  }

  Optional<String> wordIfAny(int index) {
    return index < words.size() ? Optional.of(words.get(index)) : Optional.empty();
  }

  /** The version that is expected: from the option, or from the older place behind the words. */
  int version(int olderPlace) {
    if (olderPlace < words.size()) {
      warnOfOlder();
    }
    String text = option("-v").or(() -> wordIfAny(olderPlace)).orElse("-1");
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException notANumber) {
      throw new UsageException("\"" + text + "\" is no version number\n" + syntax.usage());
    }
  }

  /** Whether a watch is to be set: by the flag, or as in the older {@code verb path watch}. */
  boolean wantsWatch() {
    if (words.size() > 1) {
      warnOfOlder();
      return true;
    }
    return has("-w");
  }

  /** Says that this way to put it is out of use, and which is not. */
  void warnOfOlder() {
    notices.accept(
        "'%s %s' has been deprecated. Please use '%s' instead."
            .formatted(syntax.name(), String.join(" ", words), syntax.replacement()));
  }
}
