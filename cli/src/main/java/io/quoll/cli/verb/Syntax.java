package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * What a verb is called and takes. Flags and words may come in any order; after {@code --} all are
 * words.
 *
 * <p>Confined to one thread.
 */
final class Syntax {
  private final String name;
  private final String usage;
  private final String replacement;
  private final int wordsMin;
  private final int wordsMax;
  private final CommandLine parser;

  /**
   * A syntax.
   *
   * @param usage what follows the name, as help tells it
   * @param flags the options without a value
   * @param valued the options with a value
   */
  Syntax(
      String name,
      String usage,
      ImmutableList<String> flags,
      ImmutableList<String> valued,
      int wordsMin,
      int wordsMax) {
    this(name, usage, name + " " + usage, flags, valued, wordsMin, wordsMax);
  }

  /** The syntax of a verb that {@code replacement} has taken the place of. */
  Syntax(
      String name,
      String usage,
      String replacement,
      ImmutableList<String> flags,
      ImmutableList<String> valued,
      int wordsMin,
      int wordsMax) {
    this.name = name;
    this.usage = usage;
    this.replacement = replacement;
    this.wordsMin = wordsMin;
    this.wordsMax = wordsMax;
    CommandSpec spec = CommandSpec.create().name(name);
    flags.forEach(flag -> spec.addOption(OptionSpec.builder(flag).type(boolean.class).build()));
    valued.forEach(option -> spec.addOption(OptionSpec.builder(option).type(String.class).build()));
    spec.addPositional(
        PositionalParamSpec.builder()
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .build());
    this.parser =
        new CommandLine(spec)
            .setExpandAtFiles(false)
            .setUnmatchedOptionsArePositionalParams(true)
            .setOverwrittenOptionsAllowed(true);
  }

  String name() {
    return name;
  }

  String usage() {
    return usage.isEmpty() ? name : name + " " + usage;
  }

  /** What to type instead of an older form. */
  String replacement() {
    return replacement;
  }

  Arguments parse(List<String> words, Consumer<String> notices) {
    ParseResult result;
    try {
      result = parser.parseArgs(words.toArray(String[]::new));
    } catch (CommandLine.ParameterException malformed) {
      throw new UsageException(malformed.getMessage() + "\n" + usage());
    }
    List<String> plain = result.matchedPositionalValue(0, List.of());
    if (!words.contains("--")) {
      plain.forEach(this::requireNoOption);
    }
    if (plain.size() < wordsMin || plain.size() > wordsMax) {
      throw new UsageException(usage());
    }
    return new Arguments(this, result, plain, notices);
  }

  /** Data may be a negative number, or a dash. */
  private void requireNoOption(String word) {
    if (word.length() > 1 && word.charAt(0) == '-' && !Character.isDigit(word.charAt(1))) {
      throw new UsageException("Unrecognized option: " + word + "\n" + usage());
    }
  }
}
