package io.quoll.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quoll.cli.verb.UsageException;
import org.junit.jupiter.api.Test;

class CommandHistoryTest {
  @Test
  void onlyTheLastCommandsAreKept() {
    CommandHistory history = new CommandHistory();
    for (int i = 0; i <= CommandHistory.KEPT_MAX; i++) {
      history.add("get /" + i);
    }
    history.add("redo");

    assertThat(history.redo(CommandHistory.KEPT_MAX)).isEqualTo("get /" + CommandHistory.KEPT_MAX);
    assertThatThrownBy(() -> history.redo(1)).isInstanceOf(UsageException.class);
    assertThat(history.next()).isEqualTo(CommandHistory.KEPT_MAX + 2);
  }
}
