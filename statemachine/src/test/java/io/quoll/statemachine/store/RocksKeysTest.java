package io.quoll.statemachine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.statemachine.state.ZnodePath;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class RocksKeysTest {
  @Property
  void keysAreInTheOrderOfPaths(@ForAll("paths") ZnodePath one, @ForAll("paths") ZnodePath other) {
    int order = Arrays.compareUnsigned(RocksKeys.znode(one), RocksKeys.znode(other));

    assertThat(Integer.signum(order)).isEqualTo(Integer.signum(one.compareTo(other)));
  }

  @Property
  void aPathIsReadFromItsKey(@ForAll("paths") ZnodePath path) {
    assertThat(RocksKeys.path(RocksKeys.znode(path))).isEqualTo(path);
  }

  @Property
  void theRangeOfADepthHoldsTheDescendantsAtItAndNothingElse(
      @ForAll("paths") ZnodePath ancestor, @ForAll("paths") ZnodePath path) {
    Assume.that(path.depth() > ancestor.depth());
    byte[] key = RocksKeys.znode(path);

    boolean inRange =
        Arrays.compareUnsigned(key, RocksKeys.firstBelow(ancestor, path.depth())) >= 0
            && Arrays.compareUnsigned(key, RocksKeys.endBelow(ancestor, path.depth())) < 0;

    assertThat(inRange).isEqualTo(path.isBelow(ancestor));
  }

  @Test
  void theDeepestPathHasAKeyInOrder() {
    ZnodePath deepest = ZnodePath.of("/a".repeat(ZnodePath.PATH_BYTES_MAX / 2));
    ZnodePath shallow = ZnodePath.of("/z");

    assertThat(RocksKeys.path(RocksKeys.znode(deepest))).isEqualTo(deepest);
    assertThat(Arrays.compareUnsigned(RocksKeys.znode(deepest), RocksKeys.znode(shallow)))
        .isPositive();
  }

  // Few characters, so that paths meet: around the slash, and of one, two and three bytes.
  @Provide
  Arbitrary<ZnodePath> paths() {
    Arbitrary<String> names =
        Arbitraries.strings()
            .withChars(' ', '!', '-', '0', 'a', '~', '\u00a0', 'é', '\u07ff')
            .withChars('\u0800', '日', '\ud7ff', '\uf900', '\uffef')
            .ofMinLength(1)
            .ofMaxLength(3);
    return names.list().ofMaxSize(4).map(RocksKeysTest::pathOf);
  }

  private static ZnodePath pathOf(List<String> names) {
    return ZnodePath.of("/" + String.join("/", names));
  }
}
