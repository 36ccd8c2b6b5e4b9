package io.quoll.statemachine.state;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.errorprone.annotations.Immutable;
import com.google.protobuf.ByteString;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much a subtree may hold. A limit is a number from 0 up, or {@link #NONE}; in a change of
 * limits it may also be {@link #KEEP}.
 *
 * @param count how many znodes there ought to be at most, the root of the subtree among them
 * @param bytes how many bytes of data they ought to have at most
 * @param countHard how many znodes there can be at most
 * @param bytesHard how many bytes of data they can have at most
 */
@Immutable
public record QuotaLimits(long count, long bytes, long countHard, long bytesHard) {
  /** There is no such limit. */
  public static final long NONE = -1;

  /** In a change: the limit stays as it is. */
  public static final long KEEP = -2;

  static final QuotaLimits UNLIMITED = new QuotaLimits(NONE, NONE, NONE, NONE);

  // The form of ZooKeeper's StatsTrack; its second equals sign keeps older tools from reading on.
  private static final Pattern TEXT =
      Pattern.compile(
          "count=(-?\\d{1,19}),bytes=(-?\\d{1,19})"
              + "=;byteHardLimit=(-?\\d{1,19});countHardLimit=(-?\\d{1,19})");

  /** Refuses numbers that are neither a limit nor one of the two constants. */
  public QuotaLimits {
    checkArgument(
        Math.min(Math.min(count, bytes), Math.min(countHard, bytesHard)) >= KEEP,
        "a limit below %s",
        KEEP);
  }

  /** Whether a change sets any limit. */
  boolean setsAny() {
    return count >= 0 || bytes >= 0 || countHard >= 0 || bytesHard >= 0;
  }

  /** These limits after {@code change}. */
  QuotaLimits changedBy(QuotaLimits change) {
    return new QuotaLimits(
        changed(count, change.count),
        changed(bytes, change.bytes),
        changed(countHard, change.countHard),
        changed(bytesHard, change.bytesHard));
  }

  private static long changed(long limit, long change) {
    return change == KEEP ? limit : change;
  }

  /** The data of the znode that holds these limits. */
  ByteString toData() {
    return ByteString.copyFromUtf8(
        "count="
            + count
            + ",bytes="
            + bytes
            + "=;byteHardLimit="
            + bytesHard
            + ";countHardLimit="
            + countHard);
  }

  static QuotaLimits of(ByteString data) {
    Matcher matcher = TEXT.matcher(data.toStringUtf8());
    if (!matcher.matches()) {
      throw new IllegalStateException("no limits of a quota: " + data.toStringUtf8());
    }
    return new QuotaLimits(
        Long.parseLong(matcher.group(1)),
        Long.parseLong(matcher.group(2)),
        Long.parseLong(matcher.group(4)),
        Long.parseLong(matcher.group(3)));
  }
}
