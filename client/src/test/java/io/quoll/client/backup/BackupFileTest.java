package io.quoll.client.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.api.v1.BackupContent;
import io.quoll.api.v1.BackupPart;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupFileTest {
  private static final BackupInfo INFO =
      new BackupInfo(
          1,
          "cluster",
          2,
          "1.2.3",
          4,
          99,
          0x4D,
          Instant.ofEpochMilli(1_532_765_649_000L),
          0xCAFE,
          3,
          1,
          5);

  @TempDir private Path folder;
  private BackupFile file;

  @BeforeEach
  void name() {
    file = BackupFile.at(folder.resolve("b.quollbackup"));
  }

  private static Iterator<ByteString> encoded(List<BackupPart> parts) {
    return parts.stream().map(BackupPart::toByteString).iterator();
  }

  @Test
  void whatWasWrittenIsVerifiedAndRead() throws IOException {
    BackupInfo written = file.write(encoded(BackupParts.whole()));

    assertThat(written).isEqualTo(INFO);
    assertThat(file.verify()).isEqualTo(INFO);
    assertThat(file.peek().zxid()).isEqualTo(0x4D);
    ImmutableList.Builder<BackupPart> read = ImmutableList.builder();
    assertThat(file.read(part -> read.add(BackupPart.parseFrom(part)))).isEqualTo(INFO);
    assertThat(read.build()).isEqualTo(BackupParts.whole());
  }

  @Test
  void aBackupThatEndsEarlyLeavesNoFile() throws IOException {
    List<BackupPart> cut = BackupParts.whole().subList(0, 2);

    assertThatThrownBy(() -> file.write(encoded(cut)))
        .isInstanceOf(BadBackupException.class)
        .hasMessage("the backup is cut off: it has no end");

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFileThatIsThereStays() throws IOException {
    Files.writeString(file.path(), "mine");

    assertThatThrownBy(() -> file.write(encoded(BackupParts.whole())))
        .isInstanceOf(FileAlreadyExistsException.class);

    assertThat(file.path()).hasContent("mine");
  }

  @Test
  void aFileCutShortIsRefusedWhereverItIsCut() throws IOException {
    Object unused = file.write(encoded(BackupParts.whole()));
    byte[] whole = Files.readAllBytes(file.path());

    for (int length = 0; length < whole.length; length++) {
      Files.write(file.path(), Arrays.copyOf(whole, length));

      assertThatThrownBy(file::verify)
          .as("%s bytes", length)
          .isInstanceOf(BadBackupException.class);
    }
  }

  @Test
  void aFileWithAFlippedBitIsRefusedWhicheverItIs() throws IOException {
    Object unused = file.write(encoded(BackupParts.whole()));
    byte[] whole = Files.readAllBytes(file.path());

    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file.path(), flipped);

      assertThatThrownBy(file::verify).as("bit %s", bit).isInstanceOf(IOException.class);
    }
  }

  @Test
  void partsThatMakeNoWholeBackupAreRefused() {
    ImmutableList<BackupPart> whole = BackupParts.whole();
    BackupPart miscounted =
        BackupParts.part(BackupContent.newBuilder().setIndex(2).setEnd(BackupParts.end(4)));
    BackupPart newer =
        BackupParts.part(
            BackupContent.newBuilder()
                .setManifest(BackupParts.MANIFEST.toBuilder().setFormatVersion(2)));

    assertRefused("part 1 of the backup is missing: part 2 is here", whole.get(0), whole.get(2));
    assertRefused("the backup does not begin with a manifest", miscountedAt(0));
    assertRefused(
        "the backup goes on after its end", whole.get(0), whole.get(1), whole.get(2), whole.get(2));
    assertRefused("and tells of", whole.get(0), whole.get(1), miscounted);
    assertRefused("the backup has format 2, and this version knows formats up to 1", newer);
    assertRefused("cut off");
  }

  private static BackupPart miscountedAt(long index) {
    return BackupParts.part(BackupContent.newBuilder().setIndex(index).setEnd(BackupParts.end(0)));
  }

  private void assertRefused(String why, BackupPart... parts) {
    assertThatThrownBy(() -> file.write(encoded(ImmutableList.copyOf(parts))))
        .isInstanceOf(BadBackupException.class)
        .hasMessageContaining(why);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anotherFileIsNoBackup() throws IOException {
    Files.writeString(file.path(), "a script, and longer than the beginning");

    assertThatThrownBy(file::peek)
        .isInstanceOf(BadBackupException.class)
        .hasMessage("it is no backup of Quoll");
  }
}
