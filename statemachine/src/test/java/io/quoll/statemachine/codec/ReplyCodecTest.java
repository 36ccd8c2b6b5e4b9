package io.quoll.statemachine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.command.RecordedReply;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Stat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ReplyCodecTest {
  private static final Stat STAT = new Stat(9, 8, 7, 6, -3, -1, 2, 1L << 40, 5, 4, 10);
  private static final Result.Rejected REJECTED =
      new Result.Rejected(ErrorCode.NO_NODE, "/naïve", "there is none");
  private static final ImmutableList<Result> RESULTS =
      ImmutableList.of(
          new Result.Created(Samples.PATH, STAT),
          new Result.DataSet(STAT),
          new Result.Deleted(10_000),
          new Result.Done(),
          new Result.AclSet(STAT),
          new Result.All(ImmutableList.of()),
          new Result.All(ImmutableList.of(new Result.Done(), new Result.DataSet(STAT))),
          REJECTED,
          new Result.MultiRejected(1, 3, REJECTED),
          new Result.SessionOpened(7, 1, 30_000),
          new Result.SessionAttached(7, 2, 30_000, 99),
          new Result.SessionClosed(7, 3),
          new Result.QuotaCounted(true),
          new Result.QuotaCounted(false));

  @Test
  void everyKindOfResultButARecordedOneHasASample() {
    Stream<Class<?>> kinds =
        Stream.of(Result.class.getPermittedSubclasses())
            .filter(kind -> !kind.equals(Result.Recorded.class));

    assertThat(RESULTS.stream().map(Object::getClass).distinct())
        .containsExactlyInAnyOrderElementsOf(kinds.toList());
  }

  @Test
  void aReplyIsReadAsItWasWritten() {
    for (Result result : RESULTS) {
      RecordedReply reply = new RecordedReply(1L << 50, result);

      assertThat(ReplyCodec.decode(ReplyCodec.encode(reply))).isEqualTo(reply);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyErrorIsReadAsItWasWritten(ErrorCode code) {
    RecordedReply reply = new RecordedReply(0, new Result.Rejected(code, "", ""));

    assertThat(ReplyCodec.decode(ReplyCodec.encode(reply))).isEqualTo(reply);
  }

  @Test
  void aRecordedReplyIsNotRecordedAgain() {
    Result recorded = new Result.Recorded(ByteString.EMPTY);

    assertThatThrownBy(() -> ReplyCodec.encode(new RecordedReply(1, recorded)))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void aReplyOfAnotherVersionOrKindOrErrorOrCutShortIsRefused() {
    ByteString reply = ReplyCodec.encode(new RecordedReply(1, REJECTED));

    assertRefused(ByteString.copyFrom(new byte[] {2}).concat(reply.substring(1)));
    assertRefused(reply.substring(0, reply.size() - 1));
    assertRefused(ByteString.copyFrom(new byte[] {1, 0, 99}));
    assertRefused(ByteString.copyFrom(new byte[] {1, 0, 6, 98, 0, 0}));
  }

  @Test
  void listsNestedWithoutEndAreRefused() {
    byte[] nested = new byte[1_000_000];
    nested[0] = 1;
    for (int i = 2; i < nested.length; i += 2) {
      nested[i] = 5; // The kind of a list;
      nested[Math.min(i + 1, nested.length - 1)] = 1; // and that it has one part.
    }

    assertRefused(ByteString.copyFrom(nested));
  }

  private static void assertRefused(ByteString bytes) {
    assertThatThrownBy(() -> ReplyCodec.decode(bytes)).isInstanceOf(CorruptBytesException.class);
  }
}
