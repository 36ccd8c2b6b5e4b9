package io.quoll.cli.script;

/**
 * What stands on a line of a script.
 *
 * @param line its number, from 1
 */
record Numbered<T>(int line, T command) {
  String where() {
    return where(line);
  }

  static String where(int line) {
    return "line " + line;
  }
}
