package io.quoll.statemachine.state;

import static io.quoll.statemachine.state.ErrorCode.BAD_ARGUMENTS;
import static io.quoll.statemachine.state.ErrorCode.LIMIT_EXCEEDED;
import static io.quoll.statemachine.state.Tree.path;
import static io.quoll.statemachine.state.ZnodePath.PATH_BYTES_MAX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules are those of ZooKeeper's PathUtils.validatePath. */
class ZnodePathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "a", "a/b", " /a", "//", "/a/", "/a/b/", "//a", "/a//b", "/a///b", ".", "..", "/.",
        "/..", "/./a", "/../a", "/a/.", "/a/..", "/a/./b", "/a/../b", "/a//", "\\a"
      })
  void illegalFormsAreRejected(String value) {
    Rejection rejection = rejectionOf(value);

    assertThat(rejection.code()).isEqualTo(BAD_ARGUMENTS);
    assertThat(rejection.path()).isEqualTo(value);
    assertThat(rejection.detail()).startsWith("Invalid path string \"" + value + "\": ");
  }

  @ParameterizedTest
  @ValueSource(
      chars = {
        '\u0000', '\u0001', '\t', '\n', '\u001f', '\u007f', '\u0085', '\u009f', '\ud800', '\udbff',
        '\udc00', '\udfff', '\ue000', '\uf8ff', '\ufff0', '\ufffd', '\uffff'
      })
  void illegalCharactersAreRejectedWhereverTheyStand(char illegal) {
    for (String value : List.of("/" + illegal, "/a" + illegal + "b", "/a/b" + illegal)) {
      assertThat(rejectionOf(value).code()).as(value).isEqualTo(BAD_ARGUMENTS);
    }
  }

  @Test
  void charactersBeyondTheBasicPlaneAreRejectedAsInZooKeeper() {
    assertThat(rejectionOf("/\ud83d\ude00").code()).isEqualTo(BAD_ARGUMENTS);
  }

  @ParameterizedTest
  @ValueSource(
      chars = {' ', '!', '~', '\u00a0', '\u00e4', '\u4e2d', '\ud7ff', '\uf900', '\uffef', '\\'})
  void theNeighboursOfIllegalCharactersAreLegal(char legal) {
    assertThat(ZnodePath.of("/a" + legal).value()).isEqualTo("/a" + legal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/...",
        "/.a",
        "/a.",
        "/..a",
        "/a..",
        "/a/.b",
        "/a/...",
        "/a..b",
        "/-",
        "/ ",
        "/a b",
        "/%2F",
        "/*",
        "/?",
        "/a:b",
        "/zookeeper",
        "/0000000001"
      })
  void oddNamesAreLegal(String value) {
    assertThat(ZnodePath.of(value).value()).isEqualTo(value);
  }

  @Test
  void theMessageNamesThePlaceAndTheCharacter() {
    assertThat(rejectionOf("/ab\u001f").detail())
        .endsWith("character 3 (U+001F) is not allowed in a path");
  }

  @Test
  void aPathMayHaveItsMostBytes() {
    String longest = "/" + "a".repeat(PATH_BYTES_MAX - 1);

    assertThat(ZnodePath.of(longest).value()).hasSize(PATH_BYTES_MAX);
  }

  @Test
  void theLengthOfAPathIsCountedInBytesOfUtf8() {
    String threeBytesEach = "/" + "\u4e2d".repeat(PATH_BYTES_MAX / 3 + 1);

    assertThat(rejectionOf(threeBytesEach).code()).isEqualTo(LIMIT_EXCEEDED);
  }

  @Test
  void theRejectionOfALongPathIsShortEvenIfThePathIsInvalidToo() {
    Rejection rejection = rejectionOf("/" + "/".repeat(PATH_BYTES_MAX));

    assertThat(rejection.code()).isEqualTo(LIMIT_EXCEEDED);
    assertThat(rejection.path() + rejection.detail()).hasSizeLessThan(200);
  }

  @ParameterizedTest
  @CsvSource({"/,0,/,''", "/a,1,/,a", "/a/b,2,/a,b", "/a/b/c,3,/a/b,c"})
  void aPathKnowsItsDepthItsParentAndItsName(String value, int depth, String parent, String name) {
    ZnodePath path = path(value);

    assertThat(path.depth()).isEqualTo(depth);
    assertThat(path.parent()).isEqualTo(path(parent));
    assertThat(path.name()).isEqualTo(name);
    assertThat(path.isRoot()).isEqualTo(depth == 0);
  }

  @Test
  void aChildIsItsParentsPathAndOneName() {
    assertThat(ZnodePath.ROOT.child("a")).isEqualTo(path("/a"));
    assertThat(path("/a").child("b")).isEqualTo(path("/a/b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "b/c", "/b", "b/", ".", ".."})
  void whatIsNotOneNameIsNoChild(String name) {
    Rejection rejection = catchThrowableOfType(Rejection.class, () -> path("/a").child(name));

    assertThat(rejection.code()).isEqualTo(BAD_ARGUMENTS);
  }

  @Test
  void aPathIsBelowItsAncestorsOnly() {
    assertThat(path("/a/b").isBelow(path("/a"))).isTrue();
    assertThat(path("/a/b").isBelow(ZnodePath.ROOT)).isTrue();
    assertThat(path("/a").isBelow(path("/a"))).isFalse();
    assertThat(path("/ab/c").isBelow(path("/a"))).isFalse();
    assertThat(path("/a").isBelow(path("/a/b"))).isFalse();
    assertThat(ZnodePath.ROOT.isBelow(ZnodePath.ROOT)).isFalse();
  }

  @Test
  void pathsAreOrderedByDepthAndThenByTheirCharacters() {
    ImmutableList<ZnodePath> ordered =
        ImmutableList.of(
            ZnodePath.ROOT,
            path("/a"),
            path("/a b"),
            path("/b"),
            path("/a b/x"),
            path("/a/x"),
            path("/b/a"),
            path("/a/x/y"));
    List<ZnodePath> shuffled = new java.util.ArrayList<>(ordered);
    Collections.reverse(shuffled);

    assertThat(shuffled.stream().sorted()).containsExactlyElementsOf(ordered);
  }

  private static Rejection rejectionOf(String value) {
    return catchThrowableOfType(Rejection.class, () -> ZnodePath.of(value));
  }
}
