package io.quoll.integration.bench;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/** A table in Markdown that is also one to the eye. Confined to one thread. */
final class MarkdownTable {
  private final List<ImmutableList<String>> rows = new ArrayList<>();

  MarkdownTable(String... headings) {
    rows.add(ImmutableList.copyOf(headings));
  }

  /** Adds a row of as many cells as there are headings. */
  MarkdownTable row(String... cells) {
    if (cells.length != rows.get(0).size()) {
      throw new IllegalArgumentException("cells without headings: " + String.join(", ", cells));
    }
    rows.add(ImmutableList.copyOf(cells));
    return this;
  }

  /** The first column is aligned to the left, the others to the right. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < rows.size(); row++) {
      text.append('|');
      for (int column = 0; column < rows.get(row).size(); column++) {
        text.append(' ').append(padded(row, column)).append(" |");
      }
      text.append('\n');
      if (row == 0) {
        rule(text);
      }
    }
    return text.toString();
  }

  private void rule(StringBuilder text) {
    text.append('|');
    for (int column = 0; column < rows.get(0).size(); column++) {
      String dashes = "-".repeat(width(column));
      text.append(column == 0 ? " " + dashes + " |" : " " + dashes + ":|");
    }
    text.append('\n');
  }

  private String padded(int row, int column) {
    String cell = rows.get(row).get(column);
    String padding = " ".repeat(width(column) - cell.length());
    return column == 0 ? cell + padding : padding + cell;
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
