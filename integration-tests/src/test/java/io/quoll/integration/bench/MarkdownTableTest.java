package io.quoll.integration.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MarkdownTableTest {
  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    MarkdownTable table = new MarkdownTable("name", "n").row("a", "12,345").row("long name", "1");

    assertThat(table.toString())
        .isEqualTo(
            """
            | name      |      n |
            | --------- | ------:|
            | a         | 12,345 |
            | long name |      1 |
            """);
  }

  @Test
  void cellsWithoutHeadingsAreRefused() {
    assertThatThrownBy(() -> new MarkdownTable("name").row("a", "b"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
