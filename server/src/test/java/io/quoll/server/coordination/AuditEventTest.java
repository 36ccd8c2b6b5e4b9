package io.quoll.server.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.quoll.server.coordination.Consensus.Reply;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.CreateMode;
import io.quoll.statemachine.command.Delete;
import io.quoll.statemachine.command.Multi;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.ZnodePath;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AuditEventTest {
  private static final Delete DELETE = new Delete(ZnodePath.of("/a"), -1);

  @Test
  void aWriteTellsItsPathItsZxidAndThatItWasDone() {
    AuditEvent event =
        AuditEvent.ofWrite(
            Caller.ANONYMOUS, "h:1", DELETE, new Reply(7, new Result.Deleted(1)), null);

    assertThat(event.operation()).isEqualTo("delete");
    assertThat(event.path()).isEqualTo("/a");
    assertThat(event.address()).isEqualTo("h:1");
    assertThat(event.isSuccess()).isTrue();
    assertThat(event.zxid()).isEqualTo(7);
  }

  @Test
  void aRejectedWriteTellsWhyAndHasNoZxid() {
    Result rejected = new Result.Rejected(ErrorCode.NO_NODE, "/a", "");

    AuditEvent event =
        AuditEvent.ofWrite(Caller.ANONYMOUS, "", DELETE, new Reply(7, rejected), null);

    assertThat(event.code()).isEqualTo("NO_NODE");
    assertThat(event.zxid()).isZero();
  }

  @Test
  void aWriteThatMayHaveBeenAppliedSaysSo() {
    UnavailableException lost =
        new UnavailableException(
            UnavailableException.Reason.NO_QUORUM, UnavailableException.Applied.UNKNOWN, "lost");

    AuditEvent event = AuditEvent.ofWrite(Caller.ANONYMOUS, "", DELETE, null, lost);

    assertThat(event.code()).isEqualTo("NO_QUORUM_UNKNOWN");
  }

  @Test
  void aMultiTellsItsParts() {
    Create create = new Create(ZnodePath.ROOT, "b", CreateMode.PERSISTENT, 0, null, Acl.OPEN);
    Multi multi = new Multi(ImmutableList.of(create, DELETE));

    AuditEvent event =
        AuditEvent.ofWrite(
            Caller.ANONYMOUS, "", multi, new Reply(7, new Result.All(ImmutableList.of())), null);

    assertThat(event.parts())
        .containsExactly(new AuditEvent.Part("create", "/b"), new AuditEvent.Part("delete", "/a"));
  }

  @Test
  void aChangeOfTheLeaderThatWasRefusedTellsWhatWasAskedFor() {
    Rejection refusal = new Rejection(ErrorCode.BAD_ARGUMENTS, "", "no voter");

    AuditEvent event = AuditEvent.ofMembers(new MemberRequest.Transfer(2), null, refusal);

    assertThat(event.operation()).isEqualTo("transferLeadership");
    assertThat(event.code()).isEqualTo("BAD_ARGUMENTS");
    assertThat(event.detail()).contains("serverId=2");
  }

  @Test
  void everyCommandThatHasAPathTellsIt() throws Exception {
    String source =
        Files.readString(
            Path.of("src/main/java/io/quoll/server/coordination/AuditEvent.java"),
            StandardCharsets.UTF_8);

    for (Class<?> kind : Command.class.getPermittedSubclasses()) {
      boolean hasPath =
          Arrays.stream(kind.getRecordComponents())
              .map(RecordComponent::getName)
              .anyMatch("path"::equals);
      if (hasPath) {
        assertThat(source).contains("instanceof " + kind.getSimpleName() + " ");
      }
    }
  }
}
