package io.quoll.statemachine.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quoll.statemachine.state.ZnodePath;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The keys of {@link RocksStore}.
 *
 * <ul>
 *   <li>family {@code default}: the {@linkplain StoreHead head} at the byte 0; the record of a
 *       server at the byte 1 and its number in four bytes; the {@linkplain HistoryExtent extent} of
 *       the history at the byte 2
 *   <li>family {@code znodes}: a znode, with its data if that is short, at the depth of its path in
 *       two bytes and the path in UTF-8
 *   <li>family {@code data}: the data of a znode that is not short, at the znode's key
 *   <li>family {@code sessions}: a session at the byte 1 and its id in eight bytes; a run of
 *       replies at the byte 2, the id and the cxid of the first in eight bytes each; an empty row
 *       for an ephemeral znode at the byte 3, the id of its session and the znode's key, and for a
 *       perishable one at the byte 4 and the znode's key
 *   <li>family {@code history}: a run of events at the zxid of the first in eight bytes and its
 *       ordinal in its transaction in four, so that a watch resumes by one seek and trimming
 *       deletes one range
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
  private static final byte HISTORY_EXTENT = 2;
  private static final byte SESSION = 1;
  private static final byte REPLIES = 2;
  private static final byte EPHEMERAL = 3;
  private static final byte PERISHABLE = 4;
  private static final int OWNER_BYTES = 1 + Long.BYTES;

  private RocksKeys() {}

  /** The key of the head. */
  static byte[] head() {
    return new byte[] {HEAD};
  }

  /** The key of the record of a server. */
  static byte[] server(int serverId) {
    return ByteBuffer.allocate(1 + Integer.BYTES).put(SERVER).putInt(serverId).array();
  }

  /** The key of the extent of the history. */
  static byte[] historyExtent() {
    return new byte[] {HISTORY_EXTENT};
  }

  /** The key of the run of events that begins with that of {@code zxid} and {@code ordinal}. */
  static byte[] event(long zxid, int ordinal) {
    return ByteBuffer.allocate(Long.BYTES + Integer.BYTES).putLong(zxid).putInt(ordinal).array();
  }

  /** The zxid of the first event of the run at {@code key}. */
  static long eventZxid(byte[] key) {
    return ByteBuffer.wrap(key).getLong();
  }

  /** The key of a session. */
  static byte[] session(long sessionId) {
    return ByteBuffer.allocate(OWNER_BYTES).put(SESSION).putLong(sessionId).array();
  }

  /** Not above the key of any session. */
  static byte[] firstSession() {
    return new byte[] {SESSION};
  }

  /** Above the keys of all sessions, and not above others. */
  static byte[] endOfSessions() {
    return new byte[] {SESSION + 1};
  }

  /** The key of the run of replies that begins with {@code cxid}. */
  static byte[] replies(long sessionId, long cxid) {
    return ByteBuffer.allocate(OWNER_BYTES + Long.BYTES)
        .put(REPLIES)
        .putLong(sessionId)
        .putLong(cxid)
        .array();
  }

  /** Not above the key of any run of replies. */
  static byte[] firstReplies() {
    return new byte[] {REPLIES};
  }

  /** Above the keys of all runs of replies, and not above others. */
  static byte[] endOfReplies() {
    return new byte[] {REPLIES + 1};
  }

  /** The session in the key of a run of replies. */
  static long repliesSession(byte[] key) {
    return ByteBuffer.wrap(key).getLong(1);
  }

  /** The number of the first reply in the key of a run of replies. */
  static long repliesCxid(byte[] key) {
    return ByteBuffer.wrap(key).getLong(OWNER_BYTES);
  }

  /** The key of the note that a session owns the znode at {@code path}. */
  static byte[] ephemeral(long sessionId, ZnodePath path) {
    byte[] znode = znode(path);
    return ByteBuffer.allocate(OWNER_BYTES + znode.length)
        .put(EPHEMERAL)
        .putLong(sessionId)
        .put(znode)
        .array();
  }

  /** Not above any note of what {@code sessionId} owns. */
  static byte[] firstEphemeral(long sessionId) {
    return ByteBuffer.allocate(OWNER_BYTES).put(EPHEMERAL).putLong(sessionId).array();
  }

  /** Above all notes of what {@code sessionId} owns, and not above others. */
  static byte[] endOfEphemerals(long sessionId) {
    return firstEphemeral(sessionId + 1);
  }

  /** The path in the note at {@code key}. */
  static ZnodePath ephemeralPath(byte[] key) {
    return path(Arrays.copyOfRange(key, OWNER_BYTES, key.length));
  }

  /** The key of the note that the znode at {@code path} is perishable. */
  static byte[] perishable(ZnodePath path) {
    byte[] znode = znode(path);
    return ByteBuffer.allocate(1 + znode.length).put(PERISHABLE).put(znode).array();
  }

  /** Above the notes of all perishable znodes, and not above others. */
  static byte[] endOfPerishables() {
    return new byte[] {PERISHABLE + 1};
  }

  /** The path in the note of a perishable znode at {@code key}. */
  static ZnodePath perishablePath(byte[] key) {
    return path(Arrays.copyOfRange(key, 1, key.length));
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
