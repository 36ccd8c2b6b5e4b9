package io.quoll.statemachine.state;

import static io.quoll.statemachine.state.ErrorCode.NO_NODE;
import static io.quoll.statemachine.state.Tree.path;
import static io.quoll.statemachine.state.Tree.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RejectionTest {
  @Test
  void aMissingZnodeIsNamed() {
    Rejection rejection = catchThrowableOfType(Rejection.class, () -> tree().require(path("/a")));

    assertThat(rejection.code()).isEqualTo(NO_NODE);
    assertThat(rejection.path()).isEqualTo("/a");
    assertThat(rejection.detail()).isEqualTo("there is no znode at /a");
  }

  @Test
  void aRejectionCarriesNoStack() {
    assertThat(new Rejection(NO_NODE, path("/a"), "why").getStackTrace()).isEmpty();
  }

  @Test
  void aRejectionIsInNoPartUnlessItIsSaid() {
    Rejection rejection = new Rejection(NO_NODE, path("/a"), "why");

    assertThat(rejection.isInPart()).isFalse();
    assertThat(rejection.part()).isEqualTo(-1);
  }

  @Test
  void aRejectionInAPartKeepsItsCause() {
    Rejection inPart = new Rejection(NO_NODE, path("/a"), "why").inPart(0);

    assertThat(inPart.isInPart()).isTrue();
    assertThat(inPart.part()).isZero();
    assertThat(inPart.code()).isEqualTo(NO_NODE);
    assertThat(inPart.path()).isEqualTo("/a");
    assertThat(inPart.detail()).isEqualTo("why");
  }

  @ParameterizedTest
  @CsvSource({
    "OK,0",
    "RUNTIME_INCONSISTENCY,-2",
    "BAD_ARGUMENTS,-8",
    "NO_NODE,-101",
    "BAD_VERSION,-103",
    "NO_CHILDREN_FOR_EPHEMERALS,-108",
    "NODE_EXISTS,-110",
    "NOT_EMPTY,-111",
    "INVALID_ACL,-114",
    "LIMIT_EXCEEDED,-1001"
  })
  void theNumbersOfTheCodesAreThoseOfZooKeeper(ErrorCode code, int number) {
    assertThat(code.number()).isEqualTo(number);
  }
}
