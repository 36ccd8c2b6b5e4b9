package io.quoll.cli.script;

import io.quoll.cli.reply.Output;
import io.quoll.cli.reply.Reply;
import io.quoll.cli.tree.Ensemble;
import io.quoll.cli.verb.Command.Question;
import io.quoll.client.ErrorCode;
import io.quoll.client.QuollException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * Reads that follow one another, many under way at a time, answered in the order of their lines.
 *
 * <p>Confined to the thread that runs the script.
 */
final class ReadRun {
  /** How many reads are under way at a time. */
  private static final int IN_FLIGHT_MAX = 256;

  private final Ensemble ensemble;
  private final Output output;
  private final Deque<UnderWay> underWay = new ArrayDeque<>();

  ReadRun(Ensemble ensemble, Output output) {
    this.ensemble = ensemble;
    this.output = output;
  }

  /** Starts a read. */
  void add(Numbered<Question> question) {
    if (underWay.size() == IN_FLIGHT_MAX) {
      answer(underWay.remove());
    }
    underWay.add(new UnderWay(question, question.command().start().apply(ensemble.tree())));
  }

  /** Waits for all reads that were started. */
  void finish() {
    while (!underWay.isEmpty()) {
      answer(underWay.remove());
    }
  }

  private void answer(UnderWay read) {
    Reply reply;
    try {
      reply = read.reply().join();
    } catch (RuntimeException failed) {
      QuollException failure = QuollException.in(failed);
      if (failure.code() == ErrorCode.UNREACHABLE) {
        throw new AbandonedException(read.question().line(), failure);
      }
      output.error(read.question().where(), read.question().command().path(), failure);
      return;
    }
    output.reply(reply);
  }

  private record UnderWay(Numbered<Question> question, CompletableFuture<? extends Reply> reply) {}
}
