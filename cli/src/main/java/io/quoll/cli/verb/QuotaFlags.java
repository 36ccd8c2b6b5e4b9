package io.quoll.cli.verb;

import io.quoll.client.QuotaLimits;

/** The flags by which the verbs about quotas name limits, as in ZooKeeper's shell. */
final class QuotaFlags {
  static final String COUNT = "-n";
  static final String BYTES = "-b";
  static final String HARD_COUNT = "-N";
  static final String HARD_BYTES = "-B";

  private QuotaFlags() {}

  /** The limits that the options set. */
  static QuotaLimits values(Arguments arguments) {
    return new QuotaLimits(
        value(arguments, COUNT, 1),
        value(arguments, BYTES, 0),
        value(arguments, HARD_COUNT, 1),
        value(arguments, HARD_BYTES, 0));
  }

  private static long value(Arguments arguments, String flag, int min) {
    return arguments.option(flag).map(text -> value(text, min)).orElse(QuotaLimits.KEEP);
  }

  private static long value(String text, int min) {
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException notANumber) {
      throw new UsageException("\"" + text + "\" is no number");
    }
    if (value < min) {
      throw new UsageException(
          min == 1
              ? "the num quota must be greater than zero"
              : "the bytes quota must be greater than or equal to zero");
    }
    return value;
  }

  /** The limits that the flags remove. */
  static QuotaLimits removed(Arguments arguments) {
    return new QuotaLimits(
        removed(arguments, COUNT),
        removed(arguments, BYTES),
        removed(arguments, HARD_COUNT),
        removed(arguments, HARD_BYTES));
  }

  private static long removed(Arguments arguments, String flag) {
    return arguments.has(flag) ? QuotaLimits.NONE : QuotaLimits.KEEP;
  }

  static boolean isEmpty(QuotaLimits change) {
    return change.equals(
        new QuotaLimits(QuotaLimits.KEEP, QuotaLimits.KEEP, QuotaLimits.KEEP, QuotaLimits.KEEP));
  }
}
