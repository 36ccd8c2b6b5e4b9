package io.quoll.integration.bench;

/** Numbers as names of scenarios have them: 10k, 5m. */
final class Count {
  private static final int THOUSAND = 1_000;
  private static final int MILLION = 1_000_000;

  private Count() {}

  static String text(int count) {
    if (count >= MILLION && count % MILLION == 0) {
      return count / MILLION + "m";
    }
    return count >= THOUSAND && count % THOUSAND == 0 ? count / THOUSAND + "k" : "" + count;
  }

  /**
   * The number that a text spells.
   *
   * @throws NumberFormatException if it spells none that is positive
   */
  static int of(String text) {
    int unit = text.endsWith("m") ? MILLION : text.endsWith("k") ? THOUSAND : 1;
    int count = Integer.parseInt(unit == 1 ? text : text.substring(0, text.length() - 1));
    if (count < 1) {
      throw new NumberFormatException(text + " is not positive");
    }
    return Math.multiplyExact(count, unit);
  }
}
