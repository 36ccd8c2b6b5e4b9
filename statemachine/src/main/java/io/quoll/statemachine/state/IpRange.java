package io.quoll.statemachine.state;

import com.google.common.base.Splitter;
import com.google.common.primitives.Ints;
import com.google.errorprone.annotations.Immutable;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that begin with some bits, as an ACL spells them: {@code 10.1.0.0/16}, {@code
 * 2001:db8::/32}, or one address alone. Those of IPv4 and of IPv6 are never among each other.
 *
 * @param address the 4 or 16 bytes that the bits are taken from
 * @param bits how many of them
 */
@Immutable
record IpRange(ByteString address, int bits) {
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;
  private static final int GROUPS = 8;

  /** The range that {@code text} spells, or empty if it spells none. */
  static Optional<IpRange> of(String text) {
    int slash = text.indexOf('/');
    @Nullable ByteString address = parse(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      return Optional.empty();
    }
    int most = address.size() * Byte.SIZE;
    int bits = slash < 0 ? most : number(text.substring(slash + 1), 10, most);
    return bits < 0 ? Optional.empty() : Optional.of(new IpRange(address, bits));
  }

  /** Whether {@code other}, 4 or 16 bytes or none, is one of these addresses. */
  boolean contains(ByteString other) {
    if (other.size() != address.size()) {
      return false;
    }
    int whole = bits / Byte.SIZE;
    for (int i = 0; i < whole; i++) {
      if (address.byteAt(i) != other.byteAt(i)) {
        return false;
      }
    }
    int rest = bits % Byte.SIZE;
    int differing = rest == 0 ? 0 : (address.byteAt(whole) ^ other.byteAt(whole)) & 0xff;
    return (differing >> (Byte.SIZE - rest)) == 0;
  }

  private static @Nullable ByteString parse(String text) {
    return text.indexOf(':') < 0 ? ipv4(text) : ipv6(text);
  }

  private static @Nullable ByteString ipv4(String text) {
    List<String> parts = Splitter.on('.').splitToList(text);
    byte[] bytes = new byte[IPV4_BYTES];
    if (parts.size() != bytes.length) {
      return null;
    }
    for (int i = 0; i < bytes.length; i++) {
      int part = number(parts.get(i), 10, 255);
      if (part < 0) {
        return null;
      }
      bytes[i] = (byte) part;
    }
    return ByteString.copyFrom(bytes);
  }

  // RFC 4291, 2.2: groups of up to four hexadecimal digits, of which "::" stands for all that are
  // left out; the last two may be spelled as an IPv4 address.
  private static @Nullable ByteString ipv6(String text) {
    @Nullable String groups = withoutIpv4(text);
    if (groups == null) {
      return null;
    }
    int gap = groups.indexOf("::");
    @Nullable ByteString head = groups(gap < 0 ? groups : groups.substring(0, gap));
    @Nullable ByteString tail = gap < 0 ? ByteString.EMPTY : groups(groups.substring(gap + 2));
    if (head == null || tail == null) {
      return null;
    }
    int missing = IPV6_BYTES - head.size() - tail.size();
    boolean isWhole = gap < 0 ? missing == 0 : missing >= 2;
    return isWhole ? head.concat(ByteString.copyFrom(new byte[missing])).concat(tail) : null;
  }

  private static @Nullable String withoutIpv4(String text) {
    if (text.indexOf('.') < 0) {
      return text;
    }
    int start = text.lastIndexOf(':') + 1;
    @Nullable ByteString last = ipv4(text.substring(start));
    return last == null ? null : text.substring(0, start) + hex(last, 0) + ":" + hex(last, 2);
  }

  private static String hex(ByteString bytes, int at) {
    int high = bytes.byteAt(at) & 0xff;
    int low = bytes.byteAt(at + 1) & 0xff;
    return Integer.toHexString((high << Byte.SIZE) | low);
  }

  private static @Nullable ByteString groups(String text) {
    if (text.isEmpty()) {
      return ByteString.EMPTY;
    }
    List<String> groups = Splitter.on(':').splitToList(text);
    if (groups.size() > GROUPS) {
      return null;
    }
    byte[] bytes = new byte[2 * groups.size()];
    for (int i = 0; i < groups.size(); i++) {
      int group = groups.get(i).length() > 4 ? -1 : number(groups.get(i), 16, 0xffff);
      if (group < 0) {
        return null;
      }
      bytes[2 * i] = (byte) (group >> Byte.SIZE);
      bytes[2 * i + 1] = (byte) group;
    }
    return ByteString.copyFrom(bytes);
  }

  // From 0 to the most; -1 for all that is no such number.
  private static int number(String digits, int radix, int most) {
    boolean isSigned = digits.startsWith("-") || digits.startsWith("+");
    @Nullable Integer number = isSigned ? null : Ints.tryParse(digits, radix);
    return number == null || number > most ? -1 : number;
  }
}
