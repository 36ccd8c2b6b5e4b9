package io.quoll.statemachine.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.Genesis;
import io.quoll.statemachine.state.Membership;
import io.quoll.statemachine.state.Membership.Member;
import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.store.InMemoryStore;
import io.quoll.statemachine.store.Position;
import org.junit.jupiter.api.Test;

class MembershipChangeTest {
  private static final Member ONE = new Member(1, "one:7281", "one:7181", false);
  private static final Member TWO = new Member(2, "two:7281", "", true);

  private final InMemoryStore store = new InMemoryStore();
  private long index;

  private EntryOutcome agree(Member... members) {
    EntryOutcome outcome =
        MembershipChange.of(new Membership(ImmutableList.copyOf(members)), store.committed());
    store.commit(outcome.transaction(), new Position(1, index++));
    return outcome;
  }

  private String config() {
    ByteString data = store.committed().data(Genesis.CONFIG);
    return data == null ? "" : data.toStringUtf8();
  }

  @Test
  void theFirstMembersArePartOfTheFreshTree() {
    EntryOutcome outcome = agree(TWO, ONE);

    assertThat(config())
        .isEqualTo(
            """
            server.1=one:7281:7281:participant;one:7181
            server.2=two:7281:7281:observer
            version=0\
            """);
    assertThat(store.committed().zxid()).isZero();
    assertThat(outcome.transaction().events()).isEmpty();
  }

  @Test
  void aChangeOfTheMembersIsAChangeOfTheTree() {
    agree(ONE);

    EntryOutcome outcome = agree(ONE, TWO);

    assertThat(config()).endsWith("server.2=two:7281:7281:observer\nversion=1");
    assertThat(store.committed().zxid()).isEqualTo(1);
    assertThat(outcome.transaction().changes()).singleElement().isInstanceOf(Change.DataSet.class);
  }

  @Test
  void whatIsSaidAgainChangesNothing() {
    agree(ONE, TWO);
    agree(ONE);

    EntryOutcome outcome = agree(ONE);

    assertThat(store.committed().zxid()).isEqualTo(1);
    assertThat(outcome.transaction().rows()).isEmpty();
  }

  @Test
  void aServerThatLeavesIsForgottenButForItsAddressAndItsNumbers() {
    agree(ONE, TWO);
    StateTransaction registered =
        new StateTransaction(store.committed(), 0, store.committed().timeMillis());
    registered.putServer(new ServerRecord(2, "directory", "two:7181", "two:7281", 5, 6));
    store.commit(registered, new Position(1, index++));

    agree(ONE);

    assertThat(store.committed().server(2)).contains(new ServerRecord(2, "", "", "two:7281", 5, 6));
  }

  @Test
  void theTextIsReadAsItWasWritten() {
    Membership members = new Membership(ImmutableList.of(ONE, TWO));

    assertThat(Membership.parse(members.textAt(7))).isEqualTo(members);
  }
}
