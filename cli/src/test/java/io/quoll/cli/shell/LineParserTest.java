package io.quoll.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.jline.reader.CompletingParsedLine;
import org.jline.reader.Parser.ParseContext;
import org.junit.jupiter.api.Test;

class LineParserTest {
  @Test
  void wordIsWhatStandsBeforeTheCursor() {
    CompletingParsedLine line = parsed("ls -s /config", 8);

    assertThat(line.words()).containsExactly("ls", "-s", "/c");
    assertThat(line.word()).isEqualTo("/c");
    assertThat(line.wordIndex()).isEqualTo(2);
    assertThat(line.rawWordLength()).isEqualTo(2);
  }

  @Test
  void afterABlankAnEmptyWordBegins() {
    CompletingParsedLine line = parsed("get ", 4);

    assertThat(line.words()).containsExactly("get", "");
    assertThat(line.rawWordLength()).isZero();
  }

  @Test
  void openQuotesAndEscapesCountAsTheyAreTyped() {
    CompletingParsedLine quoted = parsed("get '/a b", 9);
    CompletingParsedLine escaped = parsed("get /a\\ b", 9);

    assertThat(quoted.word()).isEqualTo("/a b");
    assertThat(quoted.rawWordLength()).isEqualTo(5);
    assertThat(escaped.word()).isEqualTo("/a b");
    assertThat(escaped.rawWordLength()).isEqualTo(5);
  }

  @Test
  void completedWordStaysOneWord() {
    assertThat(parsed("get /", 5).escape("/it's a \"b\\", true))
        .isEqualTo("/it\\'s\\ a\\ \\\"b\\\\");
  }

  private static CompletingParsedLine parsed(String line, int cursor) {
    return (CompletingParsedLine) new LineParser().parse(line, cursor, ParseContext.COMPLETE);
  }
}
