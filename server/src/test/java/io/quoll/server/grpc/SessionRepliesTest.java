package io.quoll.server.grpc;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.common.collect.ImmutableList;
import io.quoll.server.coordination.SessionItem;
import io.quoll.server.coordination.SessionReply;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Stat;
import io.quoll.statemachine.state.ZnodePath;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SessionRepliesTest {
  private static final long TIME = 1_764_000_000_000L;
  private static final long ZXID = 1L << 40;
  private static final Stat STAT =
      new Stat(ZXID, ZXID, TIME, TIME, 9_999, 9_999, 9_999, ZXID, 99_999, 99_999, ZXID);
  private static final Result.Created CREATED =
      new Result.Created(ZnodePath.of("/" + "a".repeat(200)), STAT);

  private final GrpcHarness grpc = new GrpcHarness();

  @AfterEach
  void shutDown() {
    grpc.close();
  }

  static Stream<Arguments> results() {
    Result.Rejected rejected =
        new Result.Rejected(ErrorCode.NO_NODE, CREATED.path().value(), "there is no such znode");
    return Stream.of(
        arguments("a create", CREATED),
        arguments("a set", new Result.DataSet(STAT)),
        arguments("a rejection", rejected),
        arguments(
            "a multi of creates", new Result.All(ImmutableList.copyOf(nCopies(999, CREATED)))),
        arguments(
            "a multi of sets",
            new Result.All(ImmutableList.copyOf(nCopies(999, new Result.DataSet(STAT))))),
        arguments(
            "a multi of deletes",
            new Result.All(ImmutableList.copyOf(nCopies(999, new Result.Deleted(1))))),
        arguments("a rejected multi", new Result.MultiRejected(5, 999, rejected)));
  }

  // Frames are filled by weight, and a client takes messages up to a limit, often of 4 MiB.
  @ParameterizedTest(name = "{0}")
  @MethodSource("results")
  void theReplyToAWriteWeighsAboutWhatItTakesOnTheWireOrMore(String what, Result result) {
    SessionItem.Reply reply = new SessionItem.Reply(1, ZXID, new SessionReply.Wrote(result, false));

    long wire = new SessionReplies(new Rejections(grpc.consensus)).item(reply).getSerializedSize();

    assertThat(reply.bytes()).isGreaterThan(wire * 2 / 3);
  }
}
