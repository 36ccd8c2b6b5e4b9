package io.quoll.cli.bench;

import com.google.errorprone.annotations.Immutable;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is asked of an ensemble, and by how many at a time.
 *
 * @param sessions how many sessions there are
 * @param inFlight how many requests each of them has under way
 * @param valueBytes how long the data of a znode is
 * @param znodes how many znodes there are to read and to set
 */
@Immutable
public record Workload(Kind kind, int sessions, int inFlight, int valueBytes, int znodes) {
  /** As many bytes as the data of a znode has unless something else is said. */
  public static final int VALUE_BYTES = 100;

  /** As many znodes as there are unless something else is said. */
  public static final int ZNODES = 1_000;

  /** More would not be sessions of one process. */
  public static final int SESSIONS_MAX = 20_000;

  /** More in flight would measure how long they wait in line. */
  public static final int IN_FLIGHT_MAX = 10_000;

  private static final int ZNODES_MAX = 20_000_000;
  private static final int MILLION = 1_000_000;
  private static final int KILO = 1_024;
  private static final int VALUE_BYTES_MAX = 512 * KILO;

  private static final Pattern NAME =
      Pattern.compile(
          "([a-z-]+?)(?:-([0-9]{1,6})(k?))?-([0-9]{1,6})x([0-9]{1,6})(?:@([0-9]{1,7})([km]?))?");

  /** Which requests are made. */
  public enum Kind {
    /** Replaces the data of znodes at random. */
    SET("set"),
    /** Reads the data of znodes at random. */
    GET("get"),
    /** Nine reads on one write, at random. */
    MIXED("mixed"),
    /** Creates a znode of its own and deletes it, in turns. */
    CREATE_DELETE("create-delete"),
    /** Creates ten znodes in a multi; the multi that deletes them again is load and not counted. */
    MULTI("multi");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** What names of workloads begin with. */
    public String label() {
      return label;
    }

    /**
     * The kind with that label.
     *
     * @throws IllegalArgumentException if there is none, with a message that lists them
     */
    public static Kind labelled(String text) {
      return Arrays.stream(values())
          .filter(kind -> kind.label.equals(text))
          .findFirst()
          .orElseThrow(
              () -> new IllegalArgumentException("\"%s\" is none of %s".formatted(text, labels())));
    }

    private static String labels() {
      return Arrays.stream(values()).map(Kind::label).collect(Collectors.joining(", "));
    }
  }

  /** Refuses what nobody could bear. */
  public Workload {
    require("sessions", sessions, 1, SESSIONS_MAX);
    require("requests in flight", inFlight, 1, IN_FLIGHT_MAX);
    require("bytes of data", valueBytes, 0, VALUE_BYTES_MAX);
    require("znodes", znodes, 1, ZNODES_MAX);
  }

  private static void require(String what, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%d %s: there may be %d to %d".formatted(value, what, min, max));
    }
  }

  /**
   * The workload that a name spells, such as {@code set-6x100} for six sessions with a hundred
   * requests each in flight, {@code set-64k-6x20} with data of 64 KiB, or {@code get-6x1@5m} with
   * five million znodes.
   *
   * @throws IllegalArgumentException if the name spells none, with a message that says why
   */
  public static Workload named(String name) {
    Matcher parts = NAME.matcher(name);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is no workload: KIND[-BYTES[k]]-SESSIONSxINFLIGHT[@ZNODES[k|m]]".formatted(name));
    }
    return new Workload(
        Kind.labelled(parts.group(1)),
        Integer.parseInt(parts.group(4)),
        Integer.parseInt(parts.group(5)),
        parts.group(2) == null ? VALUE_BYTES : bytes(parts.group(2), !parts.group(3).isEmpty()),
        parts.group(6) == null ? ZNODES : znodes(parts.group(6), parts.group(7)));
  }

  private static int znodes(String number, String unit) {
    long count = Long.parseLong(number) * (unit.isEmpty() ? 1 : unit.equals("k") ? 1_000 : MILLION);
    return (int) Math.min(count, Integer.MAX_VALUE); // Which is refused.
  }

  private static int bytes(String number, boolean isKilo) {
    return Integer.parseInt(number) * (isKilo ? KILO : 1);
  }

  /** The name that spells it. */
  public String name() {
    return "%s%s-%dx%d%s".formatted(kind.label(), size(), sessions, inFlight, tree());
  }

  private String tree() {
    if (znodes == ZNODES) {
      return "";
    }
    if (znodes % MILLION == 0) {
      return "@" + znodes / MILLION + "m";
    }
    return znodes % 1_000 == 0 ? "@" + znodes / 1_000 + "k" : "@" + znodes;
  }

  private String size() {
    if (valueBytes == VALUE_BYTES) {
      return "";
    }
    return valueBytes > 0 && valueBytes % KILO == 0
        ? "-" + valueBytes / KILO + "k"
        : "-" + valueBytes;
  }
}
