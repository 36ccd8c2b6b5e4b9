package io.quoll.statemachine.codec;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.Event;
import io.quoll.statemachine.state.ZnodePath;
import java.util.List;

/**
 * Runs of events as the store keeps them, without the zxid of the first, which their key has.
 *
 * <p>Layout: byte version; varint count; varint zxid of the last event less that of the first;
 * varint time of the first; then of each event varint zxid and signed time, each less those of the
 * event before it, byte kind of the change (1 created, 2 data set, 3 deleted, 4 created below a
 * parent whose ACL is not the open one, 5 deleted below such), string path, {@linkplain AclCodec
 * ACL}, and in the kinds 4 and 5 the ACL of the parent.
 */
public final class EventCodec {
  private static final int VERSION = 2;
  private static final int CREATED = 1;
  private static final int DATA_SET = 2;
  private static final int DELETED = 3;
  private static final int CREATED_BELOW = 4;
  private static final int DELETED_BELOW = 5;
  private static final int HEADER_BYTES = 24;

  /** What an event takes beside its path, usually. */
  private static final int EVENT_BYTES = 8;

  private EventCodec() {}

  /**
   * What the bytes of a run begin with.
   *
   * @param count how many events it has
   * @param lastZxid the zxid of the last
   * @param timeMillis the time of the first
   */
  public record Summary(int count, long lastZxid, long timeMillis) {}

  /** The bytes of {@code events}, one at least, which are in the order in which they happened. */
  public static byte[] encode(List<Event> events) {
    BytesWriter out = new BytesWriter(bytesExpected(events));
    Event first = events.get(0);
    out.writeByte(VERSION);
    out.writeVarint(events.size());
    out.writeVarint(events.get(events.size() - 1).zxid() - first.zxid());
    out.writeVarint(first.timeMillis());
    Event before = first;
    for (Event event : events) {
      out.writeVarint(event.zxid() - before.zxid());
      out.writeSigned(event.timeMillis() - before.timeMillis());
      writeChange(event.change(), out);
      before = event;
    }
    return out.toByteArray();
  }

  private static int bytesExpected(List<Event> events) {
    int bytes = HEADER_BYTES;
    for (Event event : events) {
      bytes += EVENT_BYTES + event.change().path().value().length();
    }
    return bytes;
  }

  private static void writeChange(Change change, BytesWriter out) {
    if (change instanceof Change.Created created) {
      writeChange(CREATED, CREATED_BELOW, change, created.parentAcl(), out);
    } else if (change instanceof Change.Deleted deleted) {
      writeChange(DELETED, DELETED_BELOW, change, deleted.parentAcl(), out);
    } else {
      writeChange(DATA_SET, change, out);
    }
  }

  private static void writeChange(
      int kind, int kindBelow, Change change, Acl parentAcl, BytesWriter out) {
    boolean isOpenAbove = parentAcl.equals(Acl.OPEN);
    writeChange(isOpenAbove ? kind : kindBelow, change, out);
    if (!isOpenAbove) {
      AclCodec.write(parentAcl, out);
    }
  }

  private static void writeChange(int kind, Change change, BytesWriter out) {
    out.writeByte(kind);
    out.writeString(change.path().value());
    AclCodec.write(change.acl(), out);
  }

  /**
   * The events that {@code bytes} stand for, the first of them at {@code firstZxid}.
   *
   * @throws CorruptBytesException if they stand for none, or for some of an unknown version
   */
  public static ImmutableList<Event> decode(long firstZxid, byte[] bytes) {
    return BytesReader.readAll(bytes, in -> readEvents(firstZxid, in));
  }

  /**
   * What {@link #decode} would find, without the events.
   *
   * @throws CorruptBytesException as far as that shows without them
   */
  public static Summary summarise(long firstZxid, byte[] bytes) {
    return BytesReader.readStart(bytes, in -> readSummary(firstZxid, in));
  }

  private static Summary readSummary(long firstZxid, BytesReader in) {
    in.expectVersion(VERSION, "a run of events");
    return new Summary(in.readVarintInt(), firstZxid + in.readVarint(), in.readVarint());
  }

  private static ImmutableList<Event> readEvents(long firstZxid, BytesReader in) {
    Summary summary = readSummary(firstZxid, in);
    ImmutableList.Builder<Event> events = ImmutableList.builder();
    long zxid = firstZxid;
    long timeMillis = summary.timeMillis();
    for (int i = 0; i < summary.count(); i++) { // The bytes end before a wrong count does.
      zxid += in.readVarint();
      timeMillis += in.readSigned();
      events.add(new Event(zxid, timeMillis, readChange(in)));
    }
    return events.build();
  }

  private static Change readChange(BytesReader in) {
    int kind = in.readByte();
    ZnodePath path = in.readPath();
    Acl acl = AclCodec.read(in);
    return switch (kind) {
      case CREATED -> new Change.Created(path, acl, Acl.OPEN);
      case DATA_SET -> new Change.DataSet(path, acl);
      case DELETED -> new Change.Deleted(path, acl, Acl.OPEN);
      case CREATED_BELOW -> new Change.Created(path, acl, AclCodec.read(in));
      case DELETED_BELOW -> new Change.Deleted(path, acl, AclCodec.read(in));
      default -> throw new CorruptBytesException("a change of the unknown kind " + kind);
    };
  }
}
