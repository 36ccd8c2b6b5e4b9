package io.quoll.cli.script;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.verb.UsageException;

/**
 * Splits a line into words as a shell does: blanks part words, {@code '…'} keeps all as it is,
 * {@code "…"} all but a backslash before a quote or a backslash, and a backslash outside keeps the
 * next character. Nothing is expanded.
 *
 * <p>Confined to one thread; one line each.
 */
final class Words {
  private final String line;
  private final ImmutableList.Builder<String> words = ImmutableList.builder();
  private final StringBuilder word = new StringBuilder();
  private boolean isInWord;
  private int at;

  private Words(String line) {
    this.line = line;
  }

  /**
   * The words of {@code line}; none if it is blank or a comment, which starts with {@code #}.
   *
   * @throws UsageException if a quote is not closed
   */
  static ImmutableList<String> of(String line) {
    if (line.stripLeading().startsWith("#")) {
      return ImmutableList.of();
    }
    return new Words(line).split();
  }

  private ImmutableList<String> split() {
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (Character.isWhitespace(c)) {
        endWord();
        continue;
      }
      isInWord = true;
      switch (c) {
        case '\'' -> quoted('\'');
        case '"' -> quoted('"');
        case '\\' -> word.append(next());
        default -> word.append(c);
      }
    }
    endWord();
    return words.build();
  }

  private void quoted(char quote) {
    char c = next();
    while (c != quote) {
      boolean escapes =
          c == '\\' && quote == '"' && at < line.length() && escapable(line.charAt(at));
      word.append(escapes ? next() : c);
      c = next();
    }
  }

  private static boolean escapable(char c) {
    return c == '"' || c == '\\';
  }

  private char next() {
    if (at == line.length()) {
      throw new UsageException("the line ends within a quote or after a backslash");
    }
    return line.charAt(at++);
  }

  private void endWord() {
    if (isInWord) {
      words.add(word.toString());
      word.setLength(0);
      isInWord = false;
    }
  }
}
