package io.quoll.statemachine.command;

import static io.quoll.statemachine.state.ErrorCode.BAD_ARGUMENTS;
import static io.quoll.statemachine.state.ErrorCode.LIMIT_EXCEEDED;
import static io.quoll.statemachine.state.ErrorCode.NODE_EXISTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.ZnodePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CreateAtTest {
  @ParameterizedTest
  @CsvSource({"/a,/,a", "/a/b,/a,b", "/a/...,/a,..."})
  void aPathIsAParentAndAName(String path, String parent, String name) {
    Create create = Create.at(path, false, null, Acl.OPEN);

    assertThat(create.parent().value()).isEqualTo(parent);
    assertThat(create.name()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "/a,/,a",
    "/,/,''",
    "/p/,/p,''",
    "/p/q,/p,q",
    "/p/.,/p,.",
    "/p/..,/p,..",
    "/p/q-,/p,q-"
  })
  void aSequentialPathMayBeAStartThatIsNoPath(String path, String parent, String name) {
    Create create = Create.at(path, true, null, Acl.OPEN);

    assertThat(create.parent().value()).isEqualTo(parent);
    assertThat(create.name()).isEqualTo(name);
    assertThat(create.mode().isSequential()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "/p/", "/a//b", "//", "/a/./b", "/..", "/a\u0000"})
  void anInvalidPathIsRejectedAsTheClientWroteIt(String path) {
    Rejection rejection = rejectionOf(path, false);

    assertThat(rejection.code()).isEqualTo(BAD_ARGUMENTS);
    assertThat(rejection.path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a/b", "/a//b", "//", "/a//", "/./b", "/../b", "/a\u0000"})
  void noNumberMakesAnInvalidPathValid(String path) {
    assertThat(rejectionOf(path, true).code()).isEqualTo(BAD_ARGUMENTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a"})
  void aSequentialPathWithoutASlashIsRejectedAsTheClientWroteIt(String path) {
    assertThat(rejectionOf(path, true).path()).isEqualTo(path);
  }

  @Test
  void theRootExistsAlready() {
    assertThat(rejectionOf("/", false).code()).isEqualTo(NODE_EXISTS);
  }

  @Test
  void aPathThatIsTooLongIsRejected() {
    String path = "/" + "a".repeat(ZnodePath.PATH_BYTES_MAX);

    assertThat(rejectionOf(path, false).code()).isEqualTo(LIMIT_EXCEEDED);
    assertThat(rejectionOf(path, true).code()).isEqualTo(LIMIT_EXCEEDED);
  }

  private static Rejection rejectionOf(String path, boolean sequential) {
    return catchThrowableOfType(Rejection.class, () -> Create.at(path, sequential, null, Acl.OPEN));
  }
}
