package io.quoll.statemachine.command;

import static io.quoll.statemachine.command.Replica.ANY_VERSION;
import static io.quoll.statemachine.command.Replica.replica;
import static io.quoll.statemachine.state.ErrorCode.BAD_VERSION;
import static io.quoll.statemachine.state.ErrorCode.NO_NODE;
import static io.quoll.statemachine.state.Tree.path;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckTest {
  @ParameterizedTest
  @ValueSource(ints = {0, ANY_VERSION})
  void checkAcceptsTheOwnVersionAndAnyVersion(int version) {
    assertThat(replica("/a").apply(new Check(path("/a"), version))).isEqualTo(new Result.Done());
  }

  @Test
  void checkChangesNothingAndTakesNoZxid() {
    Replica replica = replica("/a");
    Object before = replica.tree.contents();

    replica.apply(new Check(path("/a"), 0));

    assertThat(replica.tree.contents()).isEqualTo(before);
  }

  @Test
  void checkReportsAMissingZnode() {
    assertThat(replica().codeOf(new Check(path("/a"), ANY_VERSION))).isEqualTo(NO_NODE);
  }

  @Test
  void checkReportsAnotherVersion() {
    assertThat(replica("/a").codeOf(new Check(path("/a"), 1))).isEqualTo(BAD_VERSION);
  }

  @Test
  void checkReportsNoNodeBeforeBadVersion() {
    assertThat(replica().codeOf(new Check(path("/a"), 1))).isEqualTo(NO_NODE);
  }
}
