package io.quoll.integration.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class UsageTest {
  @Test
  void figuresOfLinuxAreReadWhateverTheProgramIsCalled() {
    String stat = "42 (a b) c) S 1 42 42 0 -1 4194560 100 0 0 0 150 250 0 0 20 0 30 0 9000";

    Usage usage =
        Usage.parse(
            stat,
            List.of("Name:\ta b) c", "VmRSS:\t   2048 kB"),
            List.of("rchar: 1", "write_bytes: 4096", "cancelled_write_bytes: 7"));

    assertThat(usage).isEqualTo(new Usage(4.0, 2048 * 1024, 4096));
  }

  @Test
  void whatWasUsedSinceThenHasTheMemoryOfNow() {
    Usage before = new Usage(1, 100, 10);
    Usage now = new Usage(3, 50, 40);

    assertThat(now.since(before)).isEqualTo(new Usage(2, 50, 30));
  }
}
