package io.quoll.statemachine.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quoll.statemachine.state.ZnodePath;
import java.nio.ByteBuffer;

/**
 * The keys of {@link RocksStore}.
 *
 * <ul>
 *   <li>family {@code default}: the {@linkplain StoreHead head} at the byte 0; the record of a
 *       server at the byte 1 and its number in four bytes
 *   <li>family {@code znodes}: a znode at the depth of its path in two bytes and the path in UTF-8
 *   <li>family {@code data}: the data of a znode at the znode's key; no row where the data is null
 *   <li>family {@code history}, planned and not yet created: the changes of a transaction at its
 *       zxid in eight bytes and the ordinal of the change in four, so that a watch resumes by one
 *       seek and trimming deletes one range
 * </ul>
 *
 * <p>All numbers have their highest byte first. The bytewise order of the keys of znodes is the
 * order of {@link ZnodePath}: the children of a znode are one range, and so are its descendants of
 * any one depth. The deepest path, of {@link ZnodePath#PATH_BYTES_MAX} bytes, is half as deep as
 * two bytes can count.
 */
final class RocksKeys {
  private static final byte HEAD = 0;
  private static final byte SERVER = 1;

  private RocksKeys() {}

  /** The key of the head. */
  static byte[] head() {
    return new byte[] {HEAD};
  }

  /** The key of the record of a server. */
  static byte[] server(int serverId) {
    return ByteBuffer.allocate(1 + Integer.BYTES).put(SERVER).putInt(serverId).array();
  }

  /** The key of a znode and of its data. */
  static byte[] znode(ZnodePath path) {
    return key(path.depth(), path.value());
  }

  /** Not above any key of a descendant of {@code ancestor} at {@code depth}, below its own. */
  static byte[] firstBelow(ZnodePath ancestor, int depth) {
    return key(depth, ancestor.childPrefix());
  }

  /** Above all keys of descendants of {@code ancestor} at {@code depth}, and not above others. */
  static byte[] endBelow(ZnodePath ancestor, int depth) {
    byte[] end = firstBelow(ancestor, depth);
    end[end.length - 1]++; // The slash becomes the character after it.
    return end;
  }

  /** The first possible key after that of the child {@code name} of {@code parent}. */
  static byte[] afterChild(ZnodePath parent, String name) {
    return after(key(parent.depth() + 1, parent.childPrefix() + name));
  }

  /** The first possible key after {@code key}. */
  static byte[] after(byte[] key) {
    return ByteBuffer.allocate(key.length + 1).put(key).array();
  }

  /** The path of the znode at {@code key}. */
  static ZnodePath path(byte[] key) {
    return ZnodePath.of(new String(key, Short.BYTES, key.length - Short.BYTES, UTF_8));
  }

  /**
   * The name of the znode at {@code key}, a child of the znode whose range begins at {@code first}.
   */
  static String name(byte[] key, byte[] first) {
    return new String(key, first.length, key.length - first.length, UTF_8);
  }

  private static byte[] key(int depth, String path) {
    byte[] utf8 = path.getBytes(UTF_8);
    return ByteBuffer.allocate(Short.BYTES + utf8.length).putShort((short) depth).put(utf8).array();
  }
}
