package io.quoll.server.coordination;

import com.google.common.base.Utf8;
import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.command.AttachSession;
import io.quoll.statemachine.command.Barrier;
import io.quoll.statemachine.command.Check;
import io.quoll.statemachine.command.CloseSession;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.CountQuota;
import io.quoll.statemachine.command.Create;
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
import io.quoll.statemachine.query.CountDescendants;
import io.quoll.statemachine.query.Exists;
import io.quoll.statemachine.query.GetAcl;
import io.quoll.statemachine.query.GetChildren;
import io.quoll.statemachine.query.GetData;
import io.quoll.statemachine.query.GetEphemerals;
import io.quoll.statemachine.query.GetQuota;
import io.quoll.statemachine.query.ListSessions;
import io.quoll.statemachine.query.MultiRead;
import io.quoll.statemachine.query.Query;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.ZnodePath;
import org.jspecify.annotations.Nullable;

/**
 * How large a request may be. Checked before a command is proposed, because an entry that is too
 * large for the log would cost the leader its office.
 */
public final class RequestLimits {
  /** The most bytes of data that a znode holds. */
  public static final int DATA_BYTES_MAX = 1024 * 1024;

  /** The most bytes of a multi: paths, in UTF-8, and data of all its parts. */
  public static final int MULTI_BYTES_MAX = 2 * 1024 * 1024;

  /** What a command is taken to weigh beside its paths and its data. */
  public static final int COMMAND_BYTES = 64;

  private RequestLimits() {}

  /**
   * Lets {@code command} pass if it is within the limits.
   *
   * @throws Rejection {@code LIMIT_EXCEEDED}, whose detail names the limit and the size
   */
  public static void check(Command command) {
    if (command instanceof Create create) {
      checkData(create.parent().childPrefix() + create.name(), create.data());
      checkAcl(create.parent().childPrefix() + create.name(), create.acl());
    } else if (command instanceof SetAcl set) {
      checkAcl(set.path().value(), set.acl());
    } else if (command instanceof SetData set) {
      checkData(set.path().value(), set.data());
    } else if (command instanceof Multi multi) {
      checkMulti(multi);
    }
  }

  /**
   * Lets {@code query} pass if it is within the limits.
   *
   * @throws Rejection {@code LIMIT_EXCEEDED}, whose detail names the limit and the size
   */
  public static void check(Query query) {
    if (query instanceof MultiRead read) {
      checkParts("multi-read", read.parts().size(), MultiRead.PARTS_MAX);
    }
  }

  /**
   * Refuses more parts than {@code most}; for front ends, before they build the parts.
   *
   * @param what the kind of the request, for the message
   * @throws Rejection {@code LIMIT_EXCEEDED}
   */
  public static void checkParts(String what, int parts, int most) {
    if (parts > most) {
      throw exceeded("", "a %s has at most %d operations, this one has %d", what, most, parts);
    }
  }

  private static void checkMulti(Multi multi) {
    checkParts("multi", multi.parts().size(), Multi.PARTS_MAX);
    multi.parts().forEach(RequestLimits::check);
    long bytes = payloadBytes(multi.parts());
    if (bytes > MULTI_BYTES_MAX) {
      throw exceeded(
          "",
          "a multi holds at most %d bytes of paths and data, this one holds %d",
          MULTI_BYTES_MAX,
          bytes);
    }
  }

  private static void checkData(String path, @Nullable ByteString data) {
    if (data != null && data.size() > DATA_BYTES_MAX) {
      throw exceeded(
          path,
          "a znode holds at most %d bytes of data, these are %d",
          DATA_BYTES_MAX,
          data.size());
    }
  }

  // What the caller's identities add is checked in apply.
  private static void checkAcl(String path, Acl acl) {
    if (acl.characters() > Acl.CHARACTERS_MAX) {
      throw exceeded(
          path,
          "an ACL has at most %d characters, this one has %d",
          Acl.CHARACTERS_MAX,
          acl.characters());
    }
  }

  @FormatMethod
  private static Rejection exceeded(String path, @FormatString String detail, Object... values) {
    return new Rejection(ErrorCode.LIMIT_EXCEEDED, path, detail.formatted(values));
  }

  /** What {@code command} weighs in memory and in the log, about. */
  public static long bytesOf(Command command) {
    long parts = command instanceof Multi multi ? multi.parts().size() : 0;
    return COMMAND_BYTES * (1 + parts) + payloadBytes(command);
  }

  /** What {@code query} weighs in memory, about. */
  static long bytesOf(Query query) {
    if (query instanceof MultiRead read) {
      return COMMAND_BYTES + read.parts().stream().mapToLong(RequestLimits::bytesOf).sum();
    }
    if (query instanceof GetData read) {
      return bytesOf(read.path());
    }
    if (query instanceof Exists read) {
      return bytesOf(read.path());
    }
    if (query instanceof GetAcl read) {
      return bytesOf(read.path());
    }
    if (query instanceof GetChildren read) {
      return bytesOf(read.path()) + read.after().length();
    }
    if (query instanceof CountDescendants read) {
      return bytesOf(read.path()) + bytesOf(read.after());
    }
    if (query instanceof GetEphemerals read) {
      return 0L + COMMAND_BYTES + read.prefix().length();
    }
    if (query instanceof GetQuota read) {
      return bytesOf(read.path());
    }
    if (query instanceof ListSessions) {
      return COMMAND_BYTES;
    }
    throw new IllegalArgumentException("no size is known for " + query.getClass());
  }

  /** What {@code path} weighs in memory, about. */
  static long bytesOf(ZnodePath path) {
    return 0L + COMMAND_BYTES + path.value().length();
  }

  private static long payloadBytes(ImmutableList<Command> parts) {
    return parts.stream().mapToLong(RequestLimits::payloadBytes).sum();
  }

  private static long payloadBytes(Command command) {
    if (command instanceof Create create) {
      return 0L
          + utf8(create.parent())
          + Utf8.encodedLength(create.name())
          + size(create.data())
          + aclBytes(create.acl());
    }
    if (command instanceof SetData set) {
      return 0L + utf8(set.path()) + size(set.data());
    }
    if (command instanceof SetAcl set) {
      return utf8(set.path()) + aclBytes(set.acl());
    }
    if (command instanceof Delete delete) {
      return utf8(delete.path());
    }
    if (command instanceof DeleteRecursive delete) {
      return utf8(delete.path());
    }
    if (command instanceof Check check) {
      return utf8(check.path());
    }
    if (command instanceof RegisterServer register) {
      return 0L + register.directoryId().length() + register.clientAddress().length();
    }
    if (command instanceof Multi multi) {
      return payloadBytes(multi.parts());
    }
    if (command instanceof DeleteIfUnused delete) {
      return utf8(delete.path());
    }
    if (command instanceof SetQuota set) {
      return utf8(set.path());
    }
    if (command instanceof RemoveQuota remove) {
      return utf8(remove.path());
    }
    if (command instanceof CountQuota count) {
      return utf8(count.path());
    }
    if (command instanceof Refuse refuse) {
      return 0L + refuse.path().length() + refuse.detail().length();
    }
    if (command instanceof OpenSession || command instanceof AttachSession) {
      return Session.SECRET_BYTES;
    }
    if (command instanceof CloseSession || command instanceof Barrier) {
      return 0;
    }
    throw new IllegalArgumentException("no size is known for " + command.getClass());
  }

  private static int utf8(ZnodePath path) {
    return Utf8.encodedLength(path.value());
  }

  private static long aclBytes(Acl acl) {
    return acl.equals(Acl.OPEN) ? 0 : 2 * acl.characters(); // About, in UTF-8.
  }

  private static int size(@Nullable ByteString data) {
    return data == null ? 0 : data.size();
  }
}
