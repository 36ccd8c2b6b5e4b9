package io.quoll.integration.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.store.InMemoryStore;
import org.junit.jupiter.api.Test;

class SessionWritesTest {
  @Test
  void everyWriteOfEachEntryTakesEffect() {
    SessionWrites writes = new SessionWrites(new InMemoryStore());

    for (int entry = 0; entry < 5; entry++) {
      EntryOutcome outcome = writes.apply(writes.entry());
      writes.commit(outcome);
      writes.advance();

      assertThat(outcome.applied())
          .hasSize(SessionWrites.WRITES)
          .allSatisfy(applied -> assertThat(applied.result()).isInstanceOf(Result.DataSet.class));
    }
  }
}
