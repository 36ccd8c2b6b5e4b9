package io.quoll.statemachine.command;

import static io.quoll.statemachine.command.Replica.persistent;
import static io.quoll.statemachine.command.Replica.replica;
import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.state.StateTransaction;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  @Test
  void aChangeTakesTheNextZxid() {
    Replica replica = replica("/a");

    replica.apply(persistent("/b"));
    replica.apply(persistent("/c"));

    assertThat(replica.stat("/b").czxid()).isEqualTo(2);
    assertThat(replica.stat("/c").czxid()).isEqualTo(3);
  }

  @Test
  void aRejectedCommandLeavesItsZxidToTheNext() {
    Replica replica = replica("/a");

    replica.apply(persistent("/a"));
    replica.apply(persistent("/b"));

    assertThat(replica.stat("/b").czxid()).isEqualTo(2);
  }

  @Test
  void theStampedTimeIsTaken() {
    Replica replica = replica();

    replica.applyAt(5_000, persistent("/a"));

    assertThat(replica.stat("/a").ctime()).isEqualTo(5_000);
    assertThat(replica.tree.timeMillis()).isEqualTo(5_000);
  }

  @Test
  void theTimeNeverGoesBack() {
    Replica replica = replica();

    replica.applyAt(5_000, persistent("/a"));
    replica.applyAt(4_000, persistent("/b"));

    assertThat(replica.stat("/b").ctime()).isEqualTo(5_000);
  }

  @Test
  void aBarrierChangesNothing() {
    Replica replica = replica("/a");
    Object before = replica.tree.contents();

    assertThat(replica.apply(new Barrier())).isEqualTo(new Result.Done());
    assertThat(replica.tree.contents()).isEqualTo(before);
  }

  @Test
  void registeringAServerRecordsItAndTakesNoZxid() {
    Replica replica = replica("/a");

    Result result = replica.apply(new RegisterServer(3, "directory", "host:7181"));

    assertThat(result).isEqualTo(new Result.Done());
    assertThat(replica.tree.server(3))
        .contains(new ServerRecord(3, "directory", "host:7181", 0, 0));
    assertThat(replica.tree.zxid()).isEqualTo(1);
  }

  @Test
  void registeringAServerAgainKeepsWhatItProposed() {
    Replica replica = replica();
    StateTransaction heard = new StateTransaction(replica.tree, 0, 0);
    heard.putServer(new ServerRecord(3, "directory", "old:7181", 12, 34));
    replica.tree.take(heard);

    replica.apply(new RegisterServer(3, "directory", "new:7181"));

    assertThat(replica.tree.server(3))
        .contains(new ServerRecord(3, "directory", "new:7181", 12, 34));
  }
}
