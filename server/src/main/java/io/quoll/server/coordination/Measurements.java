package io.quoll.server.coordination;

/**
 * Takes what is measured, in Prometheus' terms: a name in words of lower case with its unit last, a
 * help text, and labels as names and values by turns. The same name comes with the same help and
 * the same label names each time.
 */
public interface Measurements {
  /** A value that goes up and down. */
  void gauge(String name, String help, double value, String... labels);

  /** As above, for a value that has no fraction. */
  default void gauge(String name, String help, long value, String... labels) {
    gauge(name, help, (double) value, labels);
  }

  /** A value that only grows while the server runs; its name ends with {@code _total}. */
  void counter(String name, String help, double value, String... labels);

  /** As above, for a value that has no fraction. */
  default void counter(String name, String help, long value, String... labels) {
    counter(name, help, (double) value, labels);
  }

  /** A distribution. */
  void histogram(String name, String help, Histogram values, String... labels);
}
