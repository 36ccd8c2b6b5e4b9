package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
public final class Syntax {
  private final String name;
  private final String usage;
  private final String summary;
  private final String replacement;
  private final ImmutableList<String> flags;
  private final ImmutableList<String> valued;
  private final int wordsMin;
  private final int wordsMax;
  private final Operand operand;
  private final ImmutableList<String> choices;
  private final boolean isSecret;
  private @Nullable CommandLine parser;

  private Syntax(Builder builder) {
    this.name = builder.name;
    this.usage = builder.usage;
    this.summary = builder.summary;
    this.replacement = builder.replacement.isEmpty() ? usage() : builder.replacement;
    this.flags = builder.flags;
    this.valued = builder.valued;
    this.wordsMin = builder.wordsMin;
    this.wordsMax = builder.wordsMax;
    this.operand = builder.operand;
    this.choices = builder.choices;
    this.isSecret = builder.isSecret;
  }

  /** The beginning of a syntax that takes nothing, as long as nothing else is said. */
  static Builder named(String name) {
    return new Builder(name);
  }

  String name() {
    return name;
  }

  /** The verb and what it takes. */
  public String usage() {
    return usage.isEmpty() ? name : name + " " + usage;
  }

  /** What the verb does, in a sentence. */
  public String summary() {
    return summary;
  }

  /** What to type instead of an older form. */
  String replacement() {
    return replacement;
  }

  /** All options, those without a value first. */
  public ImmutableList<String> options() {
    return ImmutableList.<String>builder().addAll(flags).addAll(valued).build();
  }

  /** Whether a value follows the option. */
  public boolean hasValue(String option) {
    return valued.contains(option);
  }

  /** What the words name. */
  public Operand operand() {
    return operand;
  }

  /** What the first word may be; empty if that is not so few. */
  public ImmutableList<String> choices() {
    return choices;
  }

  /** Whether what follows the name is nobody else's business, so that it is kept nowhere. */
  public boolean isSecret() {
    return isSecret;
  }

  Arguments parse(List<String> words, Consumer<String> notices) {
    ParseResult result;
    try {
      result = parser().parseArgs(words.toArray(String[]::new));
    } catch (CommandLine.ParameterException malformed) {
      throw new UsageException(isSecret ? usage() : malformed.getMessage() + "\n" + usage());
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

  private CommandLine parser() {
    if (parser == null) { // Most runs need those of one verb.
      CommandSpec spec = CommandSpec.create().name(name);
      flags.forEach(flag -> spec.addOption(OptionSpec.builder(flag).type(boolean.class).build()));
      valued.forEach(flag -> spec.addOption(OptionSpec.builder(flag).type(String.class).build()));
      spec.addPositional(
          PositionalParamSpec.builder()
              .arity("0..*")
              .type(List.class)
              .auxiliaryTypes(String.class)
              .build());
      parser =
          new CommandLine(spec)
              .setExpandAtFiles(false)
              .setUnmatchedOptionsArePositionalParams(true)
              .setOverwrittenOptionsAllowed(true);
    }
    return parser;
  }

  /** Data may be a negative number, or a dash. */
  private void requireNoOption(String word) {
    if (isSecret) {
      return;
    }
    if (word.length() > 1 && word.charAt(0) == '-' && !Character.isDigit(word.charAt(1))) {
      String known =
          options().isEmpty() ? "has no options" : "has only " + String.join(", ", options());
      throw new UsageException(
          "Unrecognized option: %s (%s %s)\n%s".formatted(word, name, known, usage()));
    }
  }

  /**
   * A syntax in the making.
   *
   * <p>Confined to one thread.
   */
  static final class Builder {
    private final String name;
    private String usage = "";
    private String summary = "";
    private String replacement = "";
    private ImmutableList<String> flags = ImmutableList.of();
    private ImmutableList<String> valued = ImmutableList.of();
    private int wordsMin;
    private int wordsMax;
    private Operand operand = Operand.ANY;
    private ImmutableList<String> choices = ImmutableList.of();
    private boolean isSecret;

    private Builder(String name) {
      this.name = name;
    }

    /** What follows the name, as help tells it. */
    Builder takes(String text) {
      this.usage = text;
      return this;
    }

    Builder does(String text) {
      this.summary = text;
      return this;
    }

    /** What has taken the place of the verb. */
    Builder replacedBy(String text) {
      this.replacement = text;
      return this;
    }

    /** The options without a value. */
    Builder flags(String... names) {
      this.flags = ImmutableList.copyOf(names);
      return this;
    }

    /** The options with a value. */
    Builder valued(String... names) {
      this.valued = ImmutableList.copyOf(names);
      return this;
    }

    /** How many words there are at least and at most. */
    Builder words(int min, int max) {
      this.wordsMin = min;
      this.wordsMax = max;
      return this;
    }

    /** As {@link #words}, of which the first names a znode. */
    Builder path(int min, int max) {
      this.operand = Operand.PATH;
      return words(min, max);
    }

    /** What the words name. */
    Builder naming(Operand named) {
      this.operand = named;
      return this;
    }

    /** What the first word may be. */
    Builder choices(String... words) {
      this.choices = ImmutableList.copyOf(words);
      return this;
    }

    /** What follows the name is kept and told nowhere. */
    Builder secret() {
      this.isSecret = true;
      return this;
    }

    Syntax build() {
      return new Syntax(this);
    }
  }
}
