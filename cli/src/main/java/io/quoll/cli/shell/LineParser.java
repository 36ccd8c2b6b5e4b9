package io.quoll.cli.shell;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.script.Words;
import io.quoll.cli.script.Words.Word;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Shows the terminal the words of a line as scripts have them. Thread-safe. */
final class LineParser implements Parser {
  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    ImmutableList<Word> words = Words.soFar(line);
    List<String> texts = new ArrayList<>();
    for (Word word : words) {
      if (word.start() <= cursor && cursor <= word.end()) {
        return cutAt(line, cursor, word, texts);
      }
      if (word.start() > cursor) {
        break;
      }
      texts.add(word.text());
    }
    return cutAt(line, cursor, new Word("", cursor, cursor), texts);
  }

  /** Only what is before the cursor matters: what is behind it is not looked at. */
  private static Typed cutAt(String line, int cursor, Word word, List<String> before) {
    ImmutableList<Word> start = Words.soFar(line.substring(word.start(), cursor));
    String text = start.isEmpty() ? "" : start.get(0).text();
    ImmutableList<String> all = ImmutableList.<String>builder().addAll(before).add(text).build();
    return new Typed(line, cursor, all, text, cursor - word.start());
  }

  /** The words up to the cursor; the last one is being typed. */
  private record Typed(
      @Override String line,
      @Override int cursor,
      @Override ImmutableList<String> words,
      @Override String word,
      @Override int rawWordLength)
      implements CompletingParsedLine {
    @Override
    public int wordIndex() {
      return words.size() - 1;
    }

    @Override
    public int wordCursor() {
      return word.length();
    }

    @Override
    public int rawWordCursor() {
      return rawWordLength;
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean isWhole) {
      return Words.quoted(candidate.toString());
    }
  }
}
