package io.quoll.integration.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DiskTest {
  @Test
  void writtenAreTheSectorsThatLinuxCounts() {
    String statistics = "  537273    55293 18364322   754835 10488786   635456  1000  3892012  0\n";

    assertThat(Disk.writtenBytes(statistics)).isEqualTo(512_000);
  }

  @Test
  void aDeviceIsCalledByItsMajorAndMinorNumbers() {
    assertThat(Disk.name(0xfe00)).isEqualTo("254:0");
    assertThat(Disk.name(0x1_0301)).isEqualTo("259:1");
    assertThat(Disk.name(0x10_0801)).isEqualTo("8:257");
  }

  @Test
  void whatIsInMemoryOnlyIsOnNoDisk() {
    assertThat(Disk.of(Path.of("/proc"))).isEmpty();
  }
}
