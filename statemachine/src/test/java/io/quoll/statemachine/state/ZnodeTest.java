package io.quoll.statemachine.state;

import static io.quoll.statemachine.state.Tree.bytes;
import static io.quoll.statemachine.state.Tree.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZnodeTest {
  private static final Znode BORN = Znode.createdAt(7, 1_000, bytes("abc"), Acl.OPEN);

  @Test
  void aNewZnodeHasTheZxidAndTheTimeOfItsCreation() {
    assertThat(BORN.stat()).isEqualTo(new Stat(7, 7, 1_000, 1_000, 0, 0, 0, 0, 3, 0, 7));
    assertThat(BORN.acl()).isEqualTo(Acl.OPEN);
    assertThat(BORN.isEphemeral()).isFalse();
  }

  @Test
  void newDataChangesMzxidMtimeVersionAndDataLengthOnly() {
    Znode parent = BORN.withNewChild(8);

    Znode changed = parent.withData(9, 2_000, bytes("longer"));

    assertThat(changed.stat()).isEqualTo(new Stat(7, 9, 1_000, 2_000, 1, 1, 0, 0, 6, 1, 8));
  }

  @Test
  void aNewChildChangesPzxidCversionAndNumChildrenOnly() {
    assertThat(BORN.withNewChild(8).stat())
        .isEqualTo(new Stat(7, 7, 1_000, 1_000, 0, 1, 0, 0, 3, 1, 8));
  }

  @Test
  void aLostChildChangesPzxidCversionAndNumChildrenOnly() {
    assertThat(BORN.withNewChild(8).withoutChild(9).stat())
        .isEqualTo(new Stat(7, 7, 1_000, 1_000, 0, 2, 0, 0, 3, 0, 9));
  }

  @Test
  void theVisibleCversionCountsCreatesAndDeletes() {
    Znode parent = BORN.withNewChild(8).withNewChild(9).withNewChild(10);

    assertThat(parent.withoutChild(11).withoutChild(12).stat().cversion()).isEqualTo(5);
  }

  @Test
  void childrenEverCreatedAreNotForgottenWhenTheyAreDeleted() {
    assertThat(BORN.withNewChild(8).withoutChild(9).childrenCreated()).isEqualTo(1);
  }

  @Test
  void theVisibleCversionWrapsAsAnIntDoes() {
    Znode busy = BORN.withChildren(8, 1L << 30, 0);

    assertThat(busy.stat().cversion()).isEqualTo(Integer.MIN_VALUE);
  }

  @ParameterizedTest
  @CsvSource({"0,1", "41,42", "2147483647,-2147483648", "-2147483648,-2147483647", "-3,-2", "-2,0"})
  void theVersionWrapsAndSkipsMinusOne(int version, int next) {
    Znode changed = withVersion(version).withData(8, 2_000, null);

    assertThat(changed.version()).isEqualTo(next);
  }

  @Test
  void nullDataIsKnownFromEmptyDataButLooksAsLong() {
    Znode nothing = BORN.withData(8, 2_000, null);
    Znode empty = BORN.withData(8, 2_000, ByteString.EMPTY);

    assertThat(nothing.dataLength()).isEqualTo(-1);
    assertThat(empty.dataLength()).isEqualTo(0);
    assertThat(nothing.stat()).isEqualTo(empty.stat());
    assertThat(nothing.dataFingerprint()).isNotEqualTo(empty.dataFingerprint());
  }

  @Test
  void theFingerprintIsThatOfTheBytesHoweverTheyAreHeld() {
    ByteString rope = ByteString.copyFromUtf8("x".repeat(500)).concat(bytes("y".repeat(500)));
    ByteString flat = ByteString.copyFrom(rope.toByteArray());

    assertThat(Znode.createdAt(7, 0, rope, Acl.OPEN))
        .isEqualTo(Znode.createdAt(7, 0, flat, Acl.OPEN));
  }

  // Fixed for ever: the digests of replicas of different releases are compared.
  @Test
  void theFingerprintOfGivenBytesNeverChanges() {
    assertThat(BORN.dataFingerprint()).isEqualTo(FINGERPRINT_OF_ABC);
  }

  @Test
  void theOwnVersionAndMinusOneAreAccepted() {
    Znode third = withVersion(3);

    assertThatCode(() -> third.requireVersion(3, path("/a"))).doesNotThrowAnyException();
    assertThatCode(() -> third.requireVersion(-1, path("/a"))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"0", "2", "4", "-2", "2147483647", "-2147483648"})
  void anyOtherVersionIsRejected(int expected) {
    Rejection rejection =
        catchThrowableOfType(
            Rejection.class, () -> withVersion(3).requireVersion(expected, path("/a")));

    assertThat(rejection.code()).isEqualTo(ErrorCode.BAD_VERSION);
    assertThat(rejection.detail())
        .isEqualTo("/a has version 3, and the request expects " + expected);
  }

  private static final long FINGERPRINT_OF_ABC = 0x24a5b3a074e7f369L;

  private static Znode withVersion(int version) {
    return new Znode(7, 7, 7, 1, 1, version, 0, ZnodeKind.PERSISTENT, 0, 0, -1, 0, Acl.OPEN);
  }
}
