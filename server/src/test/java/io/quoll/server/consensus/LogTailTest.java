package io.quoll.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
  @TempDir Path raft;
  private Path segment;

  @BeforeEach
  void makeSegment() throws IOException {
    Path current = Files.createDirectories(raft.resolve("group/current"));
    segment = current.resolve("log_inprogress_0");
  }

  @Test
  void aWholeLogIsLeftAsItIs() throws IOException {
    byte[] log = log(record(100), record(200), zeros(1000));
    Files.write(segment, log);

    assertThat(LogTail.mend(raft)).isEmpty();
    assertThat(segment).hasBinaryContent(log);
  }

  @Test
  void aRecordThatEndsInZerosIsCutOffWhereverItWasTorn() throws IOException {
    byte[] whole = record(300);
    for (int kept = 1; kept <= whole.length - 2; kept++) {
      byte[] torn = Arrays.copyOf(Arrays.copyOf(whole, kept), whole.length);
      Files.write(segment, log(record(100), torn, zeros(1000)));

      assertThat(LogTail.mend(raft)).as("torn after %d bytes", kept).containsExactly(segment);
      assertThat(segment).hasBinaryContent(log(record(100)));
    }
  }

  @Test
  void aRottenRecordIsLeftForTheReaderToRefuse() throws IOException {
    byte[] rotten = record(300);
    rotten[150] ^= 4;
    byte[] last = log(record(100), rotten, zeros(1000));
    byte[] middle = log(rotten, record(100), zeros(1000));

    Files.write(segment, last);
    assertThat(LogTail.mend(raft)).isEmpty();
    Files.write(segment, middle);
    assertThat(LogTail.mend(raft)).isEmpty();
  }

  @Test
  void aLengthThatGrewByOneBitDoesNotCutOffTheRecordsBehindIt() throws IOException {
    for (int bit = 0; bit < 16; bit++) {
      byte[] damaged = record(300);
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      byte[] log = log(record(100), damaged, record(200), record(150), zeros(100_000));
      Files.write(segment, log);

      assertThat(LogTail.mend(raft)).as("bit %d", bit).isEmpty();
      assertThat(segment).hasBinaryContent(log);
    }
  }

  @Test
  void aRottenLastRecordWhoseChecksumEndsInZeroIsLeft() throws IOException {
    byte[] rotten = record(300);
    rotten[rotten.length - 1] = 0;
    rotten[20] ^= 1;
    Files.write(segment, log(record(100), rotten, zeros(1000)));

    assertThat(LogTail.mend(raft)).isEmpty();
  }

  @Test
  void aDamagedLengthInTheMiddleIsLeftForTheReaderToRefuse() throws IOException {
    byte[] damaged = record(300);
    Arrays.fill(damaged, 0, 5, (byte) 0xff);
    Files.write(segment, log(damaged, record(100), zeros(1000)));

    assertThat(LogTail.mend(raft)).isEmpty();
  }

  private static byte[] log(byte[]... parts) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write("RaftLog1".getBytes(StandardCharsets.US_ASCII));
    for (byte[] part : parts) {
      out.write(part);
    }
    return out.toByteArray();
  }

  private static byte[] zeros(int count) {
    return new byte[count];
  }

  private static byte[] record(int length) {
    ByteBuffer record = ByteBuffer.allocate(2 + length + 4);
    record.put((byte) ((length & 0x7f) | 0x80)).put((byte) (length >> 7));
    record.put((byte) 8); // The tag of the term, with which every entry begins.
    for (int i = 1; i < length; i++) {
      record.put((byte) ((i + 1) | 1));
    }
    CRC32C checksum = new CRC32C();
    checksum.update(record.array(), 0, 2 + length);
    return record.putInt((int) checksum.getValue()).array();
  }
}
