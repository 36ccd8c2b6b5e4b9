package io.quoll.statemachine.codec;

import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.state.ErrorCode;

/**
 * Results. A kind keeps its number and its layout for ever, because stores hold them.
 *
 * <p>Layout: a byte for the kind, then
 *
 * <ul>
 *   <li>1, Created: string path, {@linkplain StatCodec stat}
 *   <li>2, DataSet: stat
 *   <li>3, Deleted: varint count
 *   <li>4, Done: nothing
 *   <li>5, All: varint count of parts, each a result other than All
 *   <li>6, Rejected: signed number of the code, string path, string detail
 *   <li>7, MultiRejected: varint index, varint size, the cause as Rejected
 *   <li>8, SessionOpened: varint id, varint epoch, varint timeout
 *   <li>9, SessionAttached: varint id, varint epoch, varint timeout, varint last cxid
 *   <li>10, SessionClosed: varint id, varint count of ephemerals
 *   <li>11, AclSet: stat
 *   <li>20, QuotaCounted: byte, 1 if it is whole
 * </ul>
 */
final class ResultCodec {
  private static final int CREATED = 1;
  private static final int DATA_SET = 2;
  private static final int DELETED = 3;
  private static final int DONE = 4;
  private static final int ALL = 5;
  private static final int REJECTED = 6;
  private static final int MULTI_REJECTED = 7;
  private static final int SESSION_OPENED = 8;
  private static final int SESSION_ATTACHED = 9;
  private static final int SESSION_CLOSED = 10;
  private static final int ACL_SET = 11;
  private static final int QUOTA_COUNTED = 20;

  private ResultCodec() {}

  static void write(Result result, BytesWriter out) {
    if (result instanceof Result.Created created) {
      out.writeByte(CREATED);
      out.writeString(created.path().value());
      StatCodec.write(created.stat(), out);
    } else if (result instanceof Result.DataSet set) {
      out.writeByte(DATA_SET);
      StatCodec.write(set.stat(), out);
    } else if (result instanceof Result.AclSet set) {
      out.writeByte(ACL_SET);
      StatCodec.write(set.stat(), out);
    } else if (result instanceof Result.Deleted deleted) {
      out.writeByte(DELETED);
      out.writeVarint(deleted.count());
    } else if (result instanceof Result.Done) {
      out.writeByte(DONE);
    } else if (result instanceof Result.QuotaCounted counted) {
      out.writeByte(QUOTA_COUNTED);
      out.writeByte(counted.whole() ? 1 : 0);
    } else if (result instanceof Result.All all) {
      out.writeByte(ALL);
      out.writeVarint(all.parts().size());
      all.parts().forEach(part -> write(part, out));
    } else if (result instanceof Result.Rejected rejected) {
      out.writeByte(REJECTED);
      writeRejected(rejected, out);
    } else if (result instanceof Result.MultiRejected rejected) {
      out.writeByte(MULTI_REJECTED);
      out.writeVarint(rejected.index());
      out.writeVarint(rejected.size());
      writeRejected(rejected.cause(), out);
    } else {
      writeOfSession(result, out);
    }
  }

  private static void writeOfSession(Result result, BytesWriter out) {
    if (result instanceof Result.SessionOpened opened) {
      out.writeByte(SESSION_OPENED);
      out.writeVarint(opened.sessionId());
      out.writeVarint(opened.epoch());
      out.writeVarint(opened.timeoutMillis());
    } else if (result instanceof Result.SessionAttached attached) {
      out.writeByte(SESSION_ATTACHED);
      out.writeVarint(attached.sessionId());
      out.writeVarint(attached.epoch());
      out.writeVarint(attached.timeoutMillis());
      out.writeVarint(attached.lastCxid());
    } else if (result instanceof Result.SessionClosed closed) {
      out.writeByte(SESSION_CLOSED);
      out.writeVarint(closed.sessionId());
      out.writeVarint(closed.ephemerals());
    } else {
      throw new AssertionError("a result without a layout: " + result.getClass());
    }
  }

  private static void writeRejected(Result.Rejected rejected, BytesWriter out) {
    out.writeSigned(rejected.code().number());
    out.writeString(rejected.path());
    out.writeString(rejected.detail());
  }

  static Result read(BytesReader in) {
    int kind = in.readByte();
    // Parts are never lists, so bytes that nest them without end cannot exhaust the stack.
    return kind == ALL
        ? new Result.All(in.readList(part -> readSimple(part.readByte(), part)))
        : readSimple(kind, in);
  }

  private static Result readSimple(int kind, BytesReader in) {
    return switch (kind) {
      case CREATED -> new Result.Created(in.readPath(), StatCodec.read(in));
      case DATA_SET -> new Result.DataSet(StatCodec.read(in));
      case ACL_SET -> new Result.AclSet(StatCodec.read(in));
      case DELETED -> new Result.Deleted(in.readVarintInt());
      case DONE -> new Result.Done();
      case REJECTED -> readRejected(in);
      case MULTI_REJECTED ->
          new Result.MultiRejected(in.readVarintInt(), in.readVarintInt(), readRejected(in));
      case SESSION_OPENED ->
          new Result.SessionOpened(in.readVarint(), in.readVarint(), in.readVarint());
      case SESSION_ATTACHED ->
          new Result.SessionAttached(
              in.readVarint(), in.readVarint(), in.readVarint(), in.readVarint());
      case QUOTA_COUNTED -> new Result.QuotaCounted(in.readByte() == 1);
      case SESSION_CLOSED -> new Result.SessionClosed(in.readVarint(), in.readVarintInt());
      default -> throw new CorruptBytesException("a result of the unknown kind " + kind);
    };
  }

  private static Result.Rejected readRejected(BytesReader in) {
    int number = in.readSignedInt();
    ErrorCode code =
        ErrorCode.ofNumber(number)
            .orElseThrow(() -> new CorruptBytesException("an error of the unknown code " + number));
    return new Result.Rejected(code, in.readString(), in.readString());
  }
}
