package io.quoll.statemachine.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpRangeTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.1,            10.0.0.1,       true",
    "10.0.0.1,            10.0.0.2,       false",
    "10.0.0.0/8,          10.255.1.2,     true",
    "10.0.0.0/8,          11.0.0.0,       false",
    "10.1.2.3/16,         10.1.9.9,       true",
    "192.168.4.0/22,      192.168.7.255,  true",
    "192.168.4.0/22,      192.168.8.0,    false",
    "0.0.0.0/0,           1.2.3.4,        true",
    "255.255.255.255/32,  255.255.255.255, true",
    "::1,                 ::1,            true",
    "::1,                 ::2,            false",
    "2001:db8::/32,       2001:db8:1::9,  true",
    "2001:db8::/32,       2001:db9::,     false",
    "2001:DB8:0:0:0:0:0:1, 2001:db8::1,   true",
    "::/0,                fe80::1,        true",
    "64:ff9b::1.2.3.4,    64:ff9b::102:304, true",
  })
  void aRangeContainsTheAddressesThatBeginWithItsBits(String range, String address, boolean isIn) {
    IpRange parsed = IpRange.of(range).orElseThrow();

    boolean contained = parsed.contains(bytes(address));

    assertThat(contained).isEqualTo(isIn);
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0/0, ::1", "::/0, 10.0.0.1"})
  void theFamiliesAreNeverAmongEachOther(String range, String address) {
    IpRange parsed = IpRange.of(range).orElseThrow();

    boolean contained = parsed.contains(bytes(address));

    assertThat(contained).isFalse();
  }

  @Test
  void noAddressIsInNoRange() {
    IpRange all = IpRange.of("0.0.0.0/0").orElseThrow();

    boolean contained = all.contains(ByteString.EMPTY);

    assertThat(contained).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10",
        "10.0.0",
        "10.0.0.0.1",
        "10.0.0.256",
        "10.0.0.-1",
        "10.0.0.+1",
        "10.0.0.a",
        "10.0.0.1/",
        "10.0.0.1/33",
        "10.0.0.1/-1",
        "10.0.0.1/8/8",
        "10.0.0.1/x",
        "localhost",
        ":",
        ":::",
        "1::2::3",
        ":1",
        "1:",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "::12345",
        "::g",
        "1:2:3:4:5:6:7::8",
        "::1%eth0",
        "::1/129",
        "1.2.3.4::",
        "::1.2.3",
        " 10.0.0.1"
      })
  void whatSpellsNoRangeIsNone(String text) {
    var parsed = IpRange.of(text);

    assertThat(parsed).isEmpty();
  }

  @Test
  void everyAddressThatTheJdkSpellsIsReadBack() throws UnknownHostException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] address = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(address);
      InetAddress spelled = InetAddress.getByAddress(address);

      var parsed = IpRange.of(spelled.getHostAddress());

      assertThat(parsed)
          .as("seed %d, %s", seed, spelled)
          .contains(
              new IpRange(
                  ByteString.copyFrom(spelled.getAddress()), 8 * spelled.getAddress().length));
    }
  }

  private static ByteString bytes(String address) {
    return ByteString.copyFrom(InetAddresses.forString(address).getAddress());
  }
}
