package io.quoll.integration.fault;

/**
 * A step at which a process is killed, as {@code preload.c} takes it.
 *
 * @param time at which of its occurrences, from 1
 * @param operation what is about to be done: create, write, force, rename, link, delete, ...
 * @param pattern to what path below the data directory, any number being a star
 */
record CrashPoint(int time, String operation, String pattern) {
  /** The step of a line in a trace. */
  static CrashPoint of(String line) {
    int space = line.indexOf(' ');
    return new CrashPoint(
        1,
        line.substring(0, space),
        line.substring(space + 1)
            .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "*")
            .replaceAll("\\d+", "*"));
  }

  /** The same step when it comes for that time. */
  CrashPoint atTime(int wanted) {
    return new CrashPoint(wanted, operation, pattern);
  }

  @Override
  public String toString() {
    return time + " " + operation + " " + pattern;
  }
}
