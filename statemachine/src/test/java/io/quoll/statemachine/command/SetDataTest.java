package io.quoll.statemachine.command;

import static io.quoll.statemachine.command.Replica.ANY_VERSION;
import static io.quoll.statemachine.command.Replica.NOW_MILLIS;
import static io.quoll.statemachine.command.Replica.replica;
import static io.quoll.statemachine.state.ErrorCode.BAD_VERSION;
import static io.quoll.statemachine.state.ErrorCode.LIMIT_EXCEEDED;
import static io.quoll.statemachine.state.ErrorCode.NO_NODE;
import static io.quoll.statemachine.state.Tree.BIRTH_MILLIS;
import static io.quoll.statemachine.state.Tree.bytes;
import static io.quoll.statemachine.state.Tree.path;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.Stat;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import org.junit.jupiter.api.Test;

class SetDataTest {
  private static final ZnodePath APP = path("/app");

  @Test
  void setDataTouchesOnlyMzxidMtimeVersionAndDataLength() {
    Replica replica = replica("/app", "/app/a");

    Result result = replica.apply(new SetData(APP, bytes("abc"), 0));

    Stat expected = new Stat(1, 3, BIRTH_MILLIS, NOW_MILLIS, 1, 1, 0, 0, 3, 1, 2);
    assertThat(result).isEqualTo(new Result.DataSet(expected));
    assertThat(replica.stat("/app")).isEqualTo(expected);
    assertThat(replica.tree.data(APP)).isEqualTo(bytes("abc"));
  }

  @Test
  void setDataDoesNotTouchTheParent() {
    Replica replica = replica("/app", "/app/a");
    Stat before = replica.stat("/app");

    replica.apply(new SetData(path("/app/a"), bytes("abc"), ANY_VERSION));

    assertThat(replica.stat("/app")).isEqualTo(before);
  }

  @Test
  void theVersionGrowsEvenIfTheDataIsTheSame() {
    Replica replica = replica("/app");

    replica.apply(new SetData(APP, bytes("same"), ANY_VERSION));
    replica.apply(new SetData(APP, bytes("same"), ANY_VERSION));

    assertThat(replica.stat("/app").version()).isEqualTo(2);
    assertThat(replica.stat("/app").mzxid()).isEqualTo(3);
  }

  @Test
  void setDataKeepsNullDataApartFromEmptyData() {
    Replica replica = replica("/app");

    replica.apply(new SetData(APP, ByteString.EMPTY, ANY_VERSION));
    assertThat(replica.tree.data(APP)).isEqualTo(ByteString.EMPTY);

    replica.apply(new SetData(APP, null, ANY_VERSION));
    assertThat(replica.tree.data(APP)).isNull();
    assertThat(replica.stat("/app").dataLength()).isZero();
  }

  @Test
  void theDataOfTheRootMayBeSet() {
    assertThat(replica().apply(new SetData(ZnodePath.ROOT, bytes("abc"), 0)))
        .isEqualTo(new Result.DataSet(new Stat(0, 1, 0, NOW_MILLIS, 1, -1, 0, 0, 3, 1, 0)));
  }

  @Test
  void setDataIsToldAsOneChange() {
    assertThat(replica("/app").changesOf(new SetData(APP, null, ANY_VERSION)))
        .containsExactly(new Change.DataSet(APP, Acl.OPEN));
  }

  @Test
  void setDataReportsAMissingZnode() {
    assertThat(replica().codeOf(new SetData(APP, null, ANY_VERSION))).isEqualTo(NO_NODE);
  }

  @Test
  void setDataReportsAnotherVersion() {
    assertThat(replica("/app").apply(new SetData(APP, null, 7)))
        .isEqualTo(
            new Result.Rejected(
                BAD_VERSION, "/app", "/app has version 0, and the request expects 7"));
  }

  @Test
  void setDataReportsDataThatIsTooLong() {
    assertThat(replica("/app").codeOf(new SetData(APP, tooLong(), 0))).isEqualTo(LIMIT_EXCEEDED);
  }

  @Test
  void setDataReportsNoNodeBeforeBadVersion() {
    assertThat(replica().codeOf(new SetData(APP, null, 7))).isEqualTo(NO_NODE);
  }

  @Test
  void setDataReportsBadVersionBeforeLimitExceeded() {
    assertThat(replica("/app").codeOf(new SetData(APP, tooLong(), 7))).isEqualTo(BAD_VERSION);
  }

  private static ByteString tooLong() {
    return ByteString.copyFrom(new byte[Znode.DATA_BYTES_MAX + 1]);
  }
}
