package io.quoll.server.coordination;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
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
import io.quoll.statemachine.query.Exists;
import io.quoll.statemachine.query.MultiRead;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.QuotaLimits;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.ZnodePath;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RequestLimitsTest {
  private static final ByteString SECRET = data(16);
  private static final ZnodePath PATH = ZnodePath.of("/app");

  @Test
  void aZnodeMayHoldExactlyOneMebibyte() {
    Command create = Create.at("/app", false, data(1_048_576), Acl.OPEN);
    Command set = new SetData(PATH, data(1_048_576), -1);

    assertThatCode(() -> RequestLimits.check(create)).doesNotThrowAnyException();
    assertThatCode(() -> RequestLimits.check(set)).doesNotThrowAnyException();
  }

  @Test
  void oneByteOfDataMoreIsRefusedWithTheLimitAndTheSize() {
    Command create = Create.at("/app", false, data(1_048_577), Acl.OPEN);
    Command set = new SetData(PATH, data(1_048_577), -1);

    for (Command command : ImmutableList.of(create, set)) {
      assertThatThrownBy(() -> RequestLimits.check(command))
          .isInstanceOfSatisfying(
              Rejection.class,
              rejection -> {
                assertThat(rejection.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
                assertThat(rejection.path()).isEqualTo("/app");
                assertThat(rejection.detail()).contains("1048576").contains("1048577");
              });
    }
  }

  @Test
  void aPartOfAMultiHasTheLimitsOfItsOwn() {
    Command multi = new Multi(ImmutableList.of(new SetData(PATH, data(1_048_577), -1)));

    assertRefused(multi, "1048577");
  }

  @Test
  void aMultiIsRefusedBeyondTwoMebibytesInAll() {
    SetData part = new SetData(PATH, data(1_048_576), -1);

    assertRefused(new Multi(ImmutableList.of(part, part)), "2097152");
  }

  @Test
  void thePathsOfAMultiCountByTheirBytesInTheLogAndNotByTheirCharacters() {
    ZnodePath path = ZnodePath.of("/" + "\u4e16".repeat(1_000));

    assertRefused(new Multi(ImmutableList.copyOf(nCopies(700, new Check(path, -1)))), "2100700");
  }

  @Test
  void aMultiIsRefusedBeyondItsMostParts() {
    Command multi = new Multi(ImmutableList.copyOf(nCopies(10_001, new Check(PATH, -1))));

    assertRefused(multi, "10001");
  }

  @Test
  void aMultiReadIsRefusedBeyondItsMostParts() {
    MultiRead read = new MultiRead(ImmutableList.copyOf(nCopies(1_001, new Exists(PATH))));

    assertThatThrownBy(() -> RequestLimits.check(read))
        .isInstanceOf(Rejection.class)
        .hasMessageContaining("1001");
  }

  @Test
  void theSizeOfEveryKindOfCommandIsKnown() {
    ImmutableMap<Class<?>, Command> commands =
        ImmutableMap.<Class<?>, Command>builder()
            .put(AttachSession.class, new AttachSession(1, SECRET, 1))
            .put(Barrier.class, new Barrier())
            .put(Check.class, new Check(PATH, -1))
            .put(CloseSession.class, new CloseSession(1, 1))
            .put(CountQuota.class, new CountQuota(PATH))
            .put(Create.class, Create.at("/app", false, data(100), Acl.OPEN))
            .put(Delete.class, new Delete(PATH, -1))
            .put(Refuse.class, new Refuse(ErrorCode.BAD_ARGUMENTS, "/a", "no"))
            .put(DeleteIfUnused.class, new DeleteIfUnused(PATH))
            .put(DeleteRecursive.class, new DeleteRecursive(PATH))
            .put(Multi.class, new Multi(ImmutableList.of(new SetData(PATH, data(100), -1))))
            .put(OpenSession.class, new OpenSession(SECRET, 1))
            .put(RegisterServer.class, new RegisterServer(1, "directory", "one:7181"))
            .put(RemoveQuota.class, new RemoveQuota(PATH))
            .put(SetAcl.class, new SetAcl(PATH, Acl.READABLE, -1))
            .put(SetData.class, new SetData(PATH, data(100), -1))
            .put(SetQuota.class, new SetQuota(PATH, new QuotaLimits(1, 2, 3, 4)))
            .buildOrThrow();

    assertThat(commands.keySet())
        .containsExactlyInAnyOrderElementsOf(Arrays.asList(Command.class.getPermittedSubclasses()));
    for (Command command : commands.values()) {
      assertThat(RequestLimits.bytesOf(command)).isGreaterThanOrEqualTo(64);
    }
    assertThat(RequestLimits.bytesOf(new SetData(PATH, data(100), -1))).isEqualTo(64 + 4 + 100);
  }

  private static void assertRefused(Command command, String size) {
    assertThatThrownBy(() -> RequestLimits.check(command))
        .isInstanceOf(Rejection.class)
        .hasMessageContaining(size);
  }

  private static ByteString data(int size) {
    return ByteString.copyFrom(new byte[size]);
  }
}
