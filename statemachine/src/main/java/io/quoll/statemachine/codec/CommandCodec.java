package io.quoll.statemachine.codec;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.command.AttachSession;
import io.quoll.statemachine.command.Barrier;
import io.quoll.statemachine.command.Check;
import io.quoll.statemachine.command.CloseSession;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.CountQuota;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.CreateMode;
import io.quoll.statemachine.command.Delete;
import io.quoll.statemachine.command.DeleteIfUnused;
import io.quoll.statemachine.command.DeleteRecursive;
import io.quoll.statemachine.command.Multi;
import io.quoll.statemachine.command.OpenSession;
import io.quoll.statemachine.command.Refuse;
import io.quoll.statemachine.command.RegisterServer;
import io.quoll.statemachine.command.RemoveQuota;
import io.quoll.statemachine.command.SetAcl;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.command.SetQuota;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.QuotaLimits;
import io.quoll.statemachine.state.ZnodePath;

/**
 * Commands. A kind keeps its number and its layout for ever, because old logs are replayed; what
 * changes becomes a new kind.
 *
 * <p>Layout: a byte for the kind, then
 *
 * <ul>
 *   <li>1, Barrier: nothing
 *   <li>2, Check: string path, signed version
 *   <li>3, Create: string parent, string name, byte mode (the place in {@link #MODES}), varint time
 *       to live only if the mode has one, data, {@linkplain AclCodec ACL}
 *   <li>4, Delete: string path, signed version
 *   <li>5, DeleteRecursive: string path
 *   <li>6, Multi: varint count of parts, each a command other than Multi
 *   <li>7, RegisterServer: varint server id, string directory id, string client address
 *   <li>8, SetData: string path, data, signed version
 *   <li>9, OpenSession: data secret, varint timeout
 *   <li>10, AttachSession: varint session id, data secret, varint timeout
 *   <li>11, CloseSession: varint session id, varint epoch
 *   <li>12, DeleteIfUnused: string path
 *   <li>13, Refuse: signed number of the error, string path, string detail
 *   <li>14, SetAcl: string path, {@linkplain AclCodec ACL}, signed ACL version
 *   <li>20, SetQuota: string path, signed count, signed bytes, signed hard count, signed hard bytes
 *   <li>21, RemoveQuota: string path
 *   <li>22, CountQuota: string path
 * </ul>
 */
final class CommandCodec {
  private static final int BARRIER = 1;
  private static final int CHECK = 2;
  private static final int CREATE = 3;
  private static final int DELETE = 4;
  private static final int DELETE_RECURSIVE = 5;
  private static final int MULTI = 6;
  private static final int REGISTER_SERVER = 7;
  private static final int SET_DATA = 8;
  private static final int OPEN_SESSION = 9;
  private static final int ATTACH_SESSION = 10;
  private static final int CLOSE_SESSION = 11;
  private static final int DELETE_IF_UNUSED = 12;
  private static final int REFUSE = 13;
  private static final int SET_ACL = 14;
  private static final int SET_QUOTA = 20;
  private static final int REMOVE_QUOTA = 21;
  private static final int COUNT_QUOTA = 22;

  private static final ImmutableList<CreateMode> MODES =
      ImmutableList.of(
          CreateMode.PERSISTENT,
          CreateMode.PERSISTENT_SEQUENTIAL,
          CreateMode.EPHEMERAL,
          CreateMode.EPHEMERAL_SEQUENTIAL,
          CreateMode.CONTAINER,
          CreateMode.PERSISTENT_WITH_TTL,
          CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL);

  private CommandCodec() {}

  static void write(Command command, BytesWriter out) {
    if (command instanceof SetData setData) {
      writeSetData(setData, out);
    } else if (command instanceof Create create) {
      writeCreate(create, out);
    } else if (command instanceof Delete delete) {
      writeVersioned(DELETE, delete.path().value(), delete.version(), out);
    } else if (command instanceof Check check) {
      writeVersioned(CHECK, check.path().value(), check.version(), out);
    } else if (command instanceof Multi multi) {
      writeMulti(multi, out);
    } else if (command instanceof DeleteRecursive deleteRecursive) {
      out.writeByte(DELETE_RECURSIVE);
      out.writeString(deleteRecursive.path().value());
    } else if (command instanceof RegisterServer registerServer) {
      writeRegisterServer(registerServer, out);
    } else if (command instanceof Barrier) {
      out.writeByte(BARRIER);
    } else if (command instanceof DeleteIfUnused deleteIfUnused) {
      out.writeByte(DELETE_IF_UNUSED);
      out.writeString(deleteIfUnused.path().value());
    } else if (command instanceof SetAcl setAcl) {
      out.writeByte(SET_ACL);
      out.writeString(setAcl.path().value());
      AclCodec.write(setAcl.acl(), out);
      out.writeSigned(setAcl.aversion());
    } else if (command instanceof Refuse refuse) {
      out.writeByte(REFUSE);
      out.writeSigned(refuse.code().number());
      out.writeString(refuse.path());
      out.writeString(refuse.detail());
    } else if (!writeOfQuota(command, out)) {
      writeOfSession(command, out);
    }
  }

  private static boolean writeOfQuota(Command command, BytesWriter out) {
    if (command instanceof SetQuota set) {
      out.writeByte(SET_QUOTA);
      out.writeString(set.path().value());
      out.writeSigned(set.change().count());
      out.writeSigned(set.change().bytes());
      out.writeSigned(set.change().countHard());
      out.writeSigned(set.change().bytesHard());
      return true;
    }
    if (command instanceof RemoveQuota remove) {
      out.writeByte(REMOVE_QUOTA);
      out.writeString(remove.path().value());
      return true;
    }
    if (command instanceof CountQuota count) {
      out.writeByte(COUNT_QUOTA);
      out.writeString(count.path().value());
      return true;
    }
    return false;
  }

  private static void writeOfSession(Command command, BytesWriter out) {
    if (command instanceof OpenSession open) {
      out.writeByte(OPEN_SESSION);
      out.writeData(open.secret());
      out.writeVarint(open.timeoutMillis());
    } else if (command instanceof AttachSession attach) {
      out.writeByte(ATTACH_SESSION);
      out.writeVarint(attach.sessionId());
      out.writeData(attach.secret());
      out.writeVarint(attach.timeoutMillis());
    } else if (command instanceof CloseSession close) {
      out.writeByte(CLOSE_SESSION);
      out.writeVarint(close.sessionId());
      out.writeVarint(close.epoch());
    } else {
      throw new AssertionError("a command without a layout: " + command.getClass());
    }
  }

  private static void writeVersioned(int kind, String path, int version, BytesWriter out) {
    out.writeByte(kind);
    out.writeString(path);
    out.writeSigned(version);
  }

  private static void writeSetData(SetData setData, BytesWriter out) {
    out.writeByte(SET_DATA);
    out.writeString(setData.path().value());
    out.writeData(setData.data());
    out.writeSigned(setData.version());
  }

  private static void writeCreate(Create create, BytesWriter out) {
    out.writeByte(CREATE);
    out.writeString(create.parent().value());
    out.writeString(create.name());
    out.writeByte(MODES.indexOf(create.mode()));
    if (create.mode().hasTimeToLive()) {
      out.writeVarint(create.ttlMillis());
    }
    out.writeData(create.data());
    AclCodec.write(create.acl(), out);
  }

  private static void writeMulti(Multi multi, BytesWriter out) {
    out.writeByte(MULTI);
    out.writeVarint(multi.parts().size());
    for (Command part : multi.parts()) {
      write(part, out);
    }
  }

  private static void writeRegisterServer(RegisterServer registerServer, BytesWriter out) {
    out.writeByte(REGISTER_SERVER);
    out.writeVarint(registerServer.serverId());
    out.writeString(registerServer.directoryId());
    out.writeString(registerServer.clientAddress());
  }

  static Command read(BytesReader in) {
    int kind = in.readByte();
    return kind == MULTI ? readMulti(in) : readSimple(kind, in);
  }

  private static Multi readMulti(BytesReader in) {
    // Parts are never multis, so bytes that nest them without end cannot exhaust the stack.
    try {
      return new Multi(in.readList(part -> readSimple(part.readByte(), part)));
    } catch (IllegalArgumentException e) {
      throw new CorruptBytesException("a multi with a part that cannot be in one", e);
    }
  }

  private static Command readSimple(int kind, BytesReader in) {
    return switch (kind) {
      case BARRIER -> new Barrier();
      case CHECK -> new Check(in.readPath(), in.readSignedInt());
      case CREATE -> readCreate(in);
      case DELETE -> new Delete(in.readPath(), in.readSignedInt());
      case DELETE_RECURSIVE -> new DeleteRecursive(in.readPath());
      case DELETE_IF_UNUSED -> new DeleteIfUnused(in.readPath());
      case OPEN_SESSION -> new OpenSession(SessionCodec.readSecret(in), in.readVarint());
      case ATTACH_SESSION ->
          new AttachSession(in.readVarint(), SessionCodec.readSecret(in), in.readVarint());
      case CLOSE_SESSION -> new CloseSession(in.readVarint(), in.readVarint());
      case REGISTER_SERVER ->
          new RegisterServer(in.readVarintInt(), in.readString(), in.readString());
      case REFUSE -> readRefuse(in);
      case SET_ACL -> new SetAcl(in.readPath(), AclCodec.read(in), in.readSignedInt());
      case SET_QUOTA -> readSetQuota(in);
      case REMOVE_QUOTA -> new RemoveQuota(in.readPath());
      case COUNT_QUOTA -> new CountQuota(in.readPath());
      case SET_DATA -> new SetData(in.readPath(), in.readData(), in.readSignedInt());
      default -> throw new CorruptBytesException("a command of the unknown kind " + kind);
    };
  }

  private static Refuse readRefuse(BytesReader in) {
    int number = in.readSignedInt();
    ErrorCode code =
        ErrorCode.ofNumber(number)
            .orElseThrow(() -> new CorruptBytesException("the unknown error " + number));
    return new Refuse(code, in.readString(), in.readString());
  }

  private static SetQuota readSetQuota(BytesReader in) {
    ZnodePath path = in.readPath();
    try {
      return new SetQuota(
          path,
          new QuotaLimits(in.readSigned(), in.readSigned(), in.readSigned(), in.readSigned()));
    } catch (IllegalArgumentException e) {
      throw new CorruptBytesException("a quota that cannot be one", e);
    }
  }

  private static Create readCreate(BytesReader in) {
    ZnodePath parent = in.readPath();
    String name = in.readString();
    CreateMode mode = readMode(in);
    long ttlMillis = mode.hasTimeToLive() ? in.readVarint() : 0;
    try {
      return new Create(parent, name, mode, ttlMillis, in.readData(), AclCodec.read(in));
    } catch (IllegalArgumentException e) {
      throw new CorruptBytesException("a time to live that cannot be one", e);
    }
  }

  private static CreateMode readMode(BytesReader in) {
    int mode = in.readByte();
    if (mode >= MODES.size()) {
      throw new CorruptBytesException("a create of the unknown mode " + mode);
    }
    return MODES.get(mode);
  }
}
