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
public final class Words {
  private final String line;
  private final ImmutableList.Builder<Word> words = ImmutableList.builder();
  private final StringBuilder word = new StringBuilder();
  private boolean isInWord;
  private boolean isCutOff;
  private int start;
  private int at;

  private Words(String line) {
    this.line = line;
  }

  /**
   * The words of {@code line}; none if it is blank or a comment, which starts with {@code #}.
   *
   * @throws UsageException if a quote is not closed
   */
  public static ImmutableList<String> of(String line) {
    if (line.stripLeading().startsWith("#")) {
      return ImmutableList.of();
    }
    Words split = new Words(line);
    ImmutableList<Word> found = split.split();
    if (split.isCutOff) {
      throw new UsageException("the line ends within a quote or after a backslash");
    }
    return found.stream().map(Word::text).collect(ImmutableList.toImmutableList());
  }

  /** The words of a line that is still being typed; a quote may be open. */
  public static ImmutableList<Word> soFar(String line) {
    return new Words(line).split();
  }

  /** The same word written so that it stays one, whatever is in it. */
  public static String quoted(String text) {
    StringBuilder written = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c) || c == '\'' || c == '"' || c == '\\') {
        written.append('\\');
      }
      written.append(c);
    }
    return written.toString();
  }

  private ImmutableList<Word> split() {
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (Character.isWhitespace(c)) {
        endWord(at - 1);
        continue;
      }
      if (!isInWord) {
        isInWord = true;
        start = at - 1;
      }
      switch (c) {
        case '\'' -> quotedBy('\'');
        case '"' -> quotedBy('"');
        case '\\' -> takeNext();
        default -> word.append(c);
      }
    }
    endWord(at);
    return words.build();
  }

  private void quotedBy(char quote) {
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == quote) {
        return;
      }
      boolean escapes =
          c == '\\' && quote == '"' && at < line.length() && escapable(line.charAt(at));
      if (escapes) {
        takeNext();
      } else {
        word.append(c);
      }
    }
    isCutOff = true;
  }

  private static boolean escapable(char c) {
    return c == '"' || c == '\\';
  }

  private void takeNext() {
    if (at == line.length()) {
      isCutOff = true;
      return;
    }
    word.append(line.charAt(at++));
  }

  private void endWord(int end) {
    if (isInWord) {
      words.add(new Word(word.toString(), start, end));
      word.setLength(0);
      isInWord = false;
    }
  }

  /**
   * A word.
   *
   * @param text the word, without its quotes
   * @param start where it begins in the line
   * @param end where it ends in the line
   */
  public record Word(String text, int start, int end) {}
}
