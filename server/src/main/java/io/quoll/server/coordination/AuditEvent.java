package io.quoll.server.coordination;

import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableList;
import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Check;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.CountQuota;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.Delete;
import io.quoll.statemachine.command.DeleteIfUnused;
import io.quoll.statemachine.command.DeleteRecursive;
import io.quoll.statemachine.command.Multi;
import io.quoll.statemachine.command.Refuse;
import io.quoll.statemachine.command.RemoveQuota;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.command.SetAcl;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.command.SetQuota;
import io.quoll.statemachine.state.Rejection;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Something that somebody did, or tried to.
 *
 * @param operation what, in lower camel case as ZooKeeper has it: {@code create}, {@code setData}
 * @param users who, as {@code scheme:id}, with commas between; empty for somebody unknown
 * @param address from where, as {@code host:port}; empty if that is not known
 * @param sessionId by which session; 0 for none
 * @param path on which znode; empty if it is about none, or about several
 * @param code what it came to: {@code OK}, or the code that the client was told
 * @param zxid the zxid of the change; 0 if there is none
 * @param parts the parts of a multi
 * @param detail what else is to be known, or empty
 */
public record AuditEvent(
    String operation,
    String users,
    String address,
    long sessionId,
    String path,
    String code,
    long zxid,
    ImmutableList<Part> parts,
    String detail) {
  /** The code of what was done. */
  public static final String OK = "OK";

  /** The parts of a multi that are told. */
  static final int PARTS_MAX = 1_000;

  /** A part of a multi. */
  public record Part(String operation, String path) {}

  /** Whether it was done. */
  public boolean isSuccess() {
    return code.equals(OK);
  }

  /** Something about a session. */
  static AuditEvent ofSession(
      String operation, String address, long sessionId, String code, long zxid, String detail) {
    return new AuditEvent(
        operation, "", address, sessionId, "", code, zxid, ImmutableList.of(), detail);
  }

  /** The end of a session, which came to {@code reply}, or failed. */
  static AuditEvent ofSessionEnd(
      String operation,
      String address,
      long sessionId,
      @Nullable Reply reply,
      @Nullable Throwable failure) {
    if (reply != null && reply.result() instanceof Result.SessionClosed closed) {
      return ofSession(
          operation,
          address,
          sessionId,
          OK,
          reply.zxid(),
          closed.ephemerals() + " ephemeral znodes deleted");
    }
    String code = reply == null ? codeOf(failure) : codeOf(reply.result());
    return ofSession(operation, address, sessionId, code, 0, "");
  }

  /** A change of the members or of the leader, which came to {@code outcome}, or failed. */
  static AuditEvent ofMembers(
      MemberRequest request, @Nullable MemberOutcome outcome, @Nullable Throwable failure) {
    return new AuditEvent(
        request instanceof MemberRequest.Transfer ? "transferLeadership" : "reconfig",
        "",
        "",
        0,
        "",
        outcome == null ? codeOf(failure) : OK,
        outcome == null ? 0 : outcome.version(),
        ImmutableList.of(),
        request.toString());
  }

  /** A write, which came to {@code reply}, or failed. */
  static AuditEvent ofWrite(
      Caller caller,
      String address,
      Command command,
      @Nullable Reply reply,
      @Nullable Throwable failure) {
    String code = reply == null ? codeOf(failure) : codeOf(reply.result());
    return new AuditEvent(
        operationOf(command),
        users(caller),
        address,
        caller.sessionId(),
        reply != null && reply.result() instanceof Result.Created created
            ? created.path().value()
            : pathOf(command),
        code,
        reply != null && code.equals(OK) ? reply.zxid() : 0,
        partsOf(command),
        detailOf(command));
  }

  private static String users(Caller caller) {
    return caller.identities().proved().stream()
        .map(identity -> identity.scheme() + ":" + identity.user())
        .collect(Collectors.joining(","));
  }

  private static String operationOf(Command command) {
    return CaseFormat.UPPER_CAMEL.to(CaseFormat.LOWER_CAMEL, command.getClass().getSimpleName());
  }

  /** The path that {@code command} is about, or empty. */
  static String pathOf(Command command) {
    if (command instanceof Create create) {
      return create.parent().childPrefix() + create.name();
    }
    if (command instanceof Delete delete) {
      return delete.path().value();
    }
    if (command instanceof SetAcl set) {
      return set.path().value();
    }
    if (command instanceof SetData set) {
      return set.path().value();
    }
    if (command instanceof Check check) {
      return check.path().value();
    }
    if (command instanceof DeleteRecursive delete) {
      return delete.path().value();
    }
    if (command instanceof DeleteIfUnused delete) {
      return delete.path().value();
    }
    if (command instanceof SetQuota set) {
      return set.path().value();
    }
    if (command instanceof RemoveQuota remove) {
      return remove.path().value();
    }
    if (command instanceof CountQuota count) {
      return count.path().value();
    }
    return command instanceof Refuse refuse ? refuse.path() : "";
  }

  private static ImmutableList<Part> partsOf(Command command) {
    if (!(command instanceof Multi multi)) {
      return ImmutableList.of();
    }
    return multi.parts().stream()
        .limit(PARTS_MAX)
        .map(part -> new Part(operationOf(part), pathOf(part)))
        .collect(ImmutableList.toImmutableList());
  }

  private static String detailOf(Command command) {
    return command instanceof Multi multi && multi.parts().size() > PARTS_MAX
        ? "%d parts, of which %d are told".formatted(multi.parts().size(), PARTS_MAX)
        : "";
  }

  private static String codeOf(Result result) {
    if (result instanceof Result.MultiRejected multi) {
      return multi.cause().code().name();
    }
    return result instanceof Result.Rejected rejected ? rejected.code().name() : OK;
  }

  /** The code of a failure: whether the write was applied is part of it. */
  static String codeOf(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException
            ? Optional.ofNullable(failure.getCause()).orElse(failure)
            : failure;
    if (cause instanceof Rejection rejection) {
      return rejection.code().name();
    }
    if (cause instanceof UnavailableException unavailable) {
      return unavailable.reason().name()
          + (unavailable.applied() == UnavailableException.Applied.UNKNOWN ? "_UNKNOWN" : "");
    }
    return cause instanceof CancellationException ? "CANCELLED" : "SYSTEM_ERROR";
  }
}
