package io.quoll.statemachine.codec;

import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.Event;
import io.quoll.statemachine.state.ZnodePath;

/**
 * Events as the store keeps them, without their zxid.
 *
 * <p>Layout: byte version, varint time, byte kind of the change (1 created, 2 data set, 3 deleted),
 * string path, {@linkplain AclCodec ACL}.
 */
public final class EventCodec {
  private static final int VERSION = 1;
  private static final int CREATED = 1;
  private static final int DATA_SET = 2;
  private static final int DELETED = 3;
  private static final int USUAL_BYTES = 128;

  private EventCodec() {}

  /** The bytes of {@code event}. */
  public static byte[] encode(Event event) {
    BytesWriter out = new BytesWriter(USUAL_BYTES);
    out.writeByte(VERSION);
    out.writeVarint(event.timeMillis());
    out.writeByte(kind(event.change()));
    out.writeString(event.change().path().value());
    AclCodec.write(event.change().acl(), out);
    return out.toByteString().toByteArray();
  }

  private static int kind(Change change) {
    if (change instanceof Change.Created) {
      return CREATED;
    }
    return change instanceof Change.DataSet ? DATA_SET : DELETED;
  }

  /**
   * The event at {@code zxid} that {@code bytes} stand for.
   *
   * @throws CorruptBytesException if they stand for none, or for one of an unknown version
   */
  public static Event decode(long zxid, byte[] bytes) {
    return BytesReader.readAll(bytes, in -> read(zxid, in));
  }

  private static Event read(long zxid, BytesReader in) {
    in.expectVersion(VERSION, "an event");
    return new Event(zxid, in.readVarint(), readChange(in));
  }

  private static Change readChange(BytesReader in) {
    int kind = in.readByte();
    ZnodePath path = in.readPath();
    Acl acl = AclCodec.read(in);
    return switch (kind) {
      case CREATED -> new Change.Created(path, acl);
      case DATA_SET -> new Change.DataSet(path, acl);
      case DELETED -> new Change.Deleted(path, acl);
      default -> throw new CorruptBytesException("a change of the unknown kind " + kind);
    };
  }
}
