package io.quoll.statemachine.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import com.google.common.primitives.Bytes;
import io.quoll.statemachine.codec.ZnodeCodec;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.ZnodePath;
import java.util.ArrayList;
import java.util.List;

/** The digest of a tree, from scratch. */
final class Digests {
  private Digests() {}

  static TreeDigest ofAll(StateStore store) {
    try (StateStore.View view = store.view()) {
      List<ZnodePath> paths =
          new ArrayList<>(view.descendants(ZnodePath.ROOT, ZnodePath.ROOT, 1_000_000));
      paths.add(ZnodePath.ROOT);
      long sum = 0;
      for (ZnodePath path : paths) {
        sum += fingerprint(path, view);
      }
      return new TreeDigest(view.zxid(), sum);
    }
  }

  private static long fingerprint(ZnodePath path, StateView view) {
    byte[] depth = {(byte) (path.depth() >> 8), (byte) path.depth()};
    byte[] bytes =
        Bytes.concat(depth, path.value().getBytes(UTF_8), ZnodeCodec.encode(view.require(path)));
    return Hashing.farmHashFingerprint64().hashBytes(bytes).asLong();
  }
}
