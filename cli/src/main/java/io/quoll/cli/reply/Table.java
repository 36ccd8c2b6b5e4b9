package io.quoll.cli.reply;

import com.google.common.base.Strings;
import java.util.List;

/** Columns for people. */
final class Table {
  private Table() {}

  /** Prints rows of as many cells each, the titles first. */
  static void print(List<List<String>> rows, Output output) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(Strings.padEnd(row.get(i), widths[i] + 2, ' '));
      }
      output.line(line.toString().stripTrailing());
    }
  }
}
