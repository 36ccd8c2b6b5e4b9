package io.quoll.statemachine.state;

import com.google.errorprone.annotations.Immutable;
import com.google.protobuf.ByteString;

/**
 * How much a subtree holds.
 *
 * @param count how many znodes, its root among them
 * @param bytes how many bytes of data
 */
@Immutable
public record QuotaUsage(long count, long bytes) {
  static final QuotaUsage NOTHING = new QuotaUsage(0, 0);

  private static final String COUNT = "count=";
  private static final String BYTES = ",bytes=";

  QuotaUsage plus(long moreCount, long moreBytes) {
    return new QuotaUsage(count + moreCount, bytes + moreBytes);
  }

  /** The data of the znode that tells this usage, in the form of ZooKeeper's StatsTrack. */
  ByteString toData() {
    return ByteString.copyFromUtf8(COUNT + count + BYTES + bytes);
  }

  static QuotaUsage of(ByteString data) {
    String text = data.toStringUtf8();
    int end = text.indexOf(BYTES);
    if (!text.startsWith(COUNT) || end < 0) {
      throw new IllegalStateException("no usage of a quota: " + text);
    }
    return new QuotaUsage(
        Long.parseLong(text, COUNT.length(), end, 10),
        Long.parseLong(text, end + BYTES.length(), text.length(), 10));
  }
}
