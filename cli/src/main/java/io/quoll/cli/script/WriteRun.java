package io.quoll.cli.script;

import io.quoll.cli.reply.Output;
import io.quoll.cli.tree.Answer;
import io.quoll.cli.tree.Ensemble;
import io.quoll.cli.verb.Command.Change;
import io.quoll.client.Applied;
import io.quoll.client.ErrorCode;
import io.quoll.client.MultiOutcome;
import io.quoll.client.QuollException;
import io.quoll.client.Write;
import io.quoll.client.WriteResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Writes that follow one another, done many at a time as multis, with the effect and the answers of
 * one by one. Separate calls under way together could overtake one another; the parts of a multi
 * cannot.
 *
 * <p>A multi that is rejected changed nothing. Its first part that failed did so on a tree with all
 * lines before it done, so those are done next, and once that line stands first in a multi its
 * error is the very one that it has alone. The size of the multis follows the failures: a rejection
 * makes them small, success doubles them.
 *
 * <p>Confined to the thread that runs the script.
 */
final class WriteRun {
  /** How many writes go into one multi. */
  static final int WRITES_MAX = 1000;

  /** How many bytes of data and paths go into one multi, unless a single write has more. */
  private static final int BYTES_MAX = 1024 * 1024;

  /** What a write costs in a multi beside its data and path, at most. */
  private static final int OVERHEAD_BYTES = 64;

  private final Ensemble ensemble;
  private final Output output;
  private final Deque<Numbered<Change>> pending = new ArrayDeque<>();
  private int size = WRITES_MAX;
  private int alone;

  WriteRun(Ensemble ensemble, Output output) {
    this.ensemble = ensemble;
    this.output = output;
  }

  /** Takes a write; it is done by the next {@link #finish} at the latest. */
  void add(Numbered<Change> change) {
    pending.add(change);
    if (pending.size() >= WRITES_MAX) {
      finish();
    }
  }

  /** Does all writes that were taken. */
  void finish() {
    while (!pending.isEmpty()) {
      List<Numbered<Change>> part = head();
      if (part.size() == 1) {
        doAlone(part.get(0));
      } else {
        doTogether(part);
      }
    }
  }

  private List<Numbered<Change>> head() {
    List<Numbered<Change>> part = new ArrayList<>();
    int most = alone > 0 ? 1 : size;
    int bytes = 0;
    for (Iterator<Numbered<Change>> all = pending.iterator();
        all.hasNext() && part.size() < most; ) {
      Numbered<Change> next = all.next();
      bytes += bytes(next.command().write());
      if (bytes > BYTES_MAX && !part.isEmpty()) {
        break;
      }
      part.add(next);
    }
    return part;
  }

  private static int bytes(Write write) {
    int data = 0;
    if (write instanceof Write.Create create && create.data() != null) {
      data = create.data().size();
    } else if (write instanceof Write.SetData set && set.data() != null) {
      data = set.data().size();
    }
    return data + write.path().length() * 3 + OVERHEAD_BYTES;
  }

  private void doAlone(Numbered<Change> change) {
    pending.remove();
    alone = Math.max(0, alone - 1);
    try {
      new Single(ensemble).run(change.command(), output);
      grow();
    } catch (QuollException failure) {
      fail(change, failure);
    }
  }

  private void doTogether(List<Numbered<Change>> part) {
    MultiOutcome outcome;
    try {
      List<Write> writes = part.stream().map(change -> change.command().write()).toList();
      outcome = Answer.of(ensemble.treeFor(writes).multi(writes));
    } catch (QuollException failure) {
      refused(part, failure);
      return;
    }
    if (outcome.committed()) {
      for (int i = 0; i < part.size(); i++) {
        pending.remove();
        output.reply(part.get(i).command().reply().apply(outcome.results().get(i)));
      }
      grow();
      return;
    }
    rejected(outcome);
  }

  private void rejected(MultiOutcome outcome) {
    int failed = 0;
    while (outcome.results().get(failed).code() == ErrorCode.OK) {
      failed++;
    }
    if (failed > 0) {
      size = failed;
      return;
    }
    size = Math.max(1, size / 2);
    WriteResult result = outcome.results().get(0);
    Numbered<Change> first = pending.remove();
    String path = first.command().path();
    fail(first, new QuollException(result.code(), path, Applied.NO, result.message(), null));
  }

  /** The multi as a whole failed: for what it holds, or for want of a server that does it. */
  private void refused(List<Numbered<Change>> part, QuollException failure) {
    switch (failure.code()) {
      case BAD_ARGUMENTS, INVALID_ACL, LIMIT_EXCEEDED -> alone = part.size();
      default ->
          part.forEach(
              change -> {
                pending.remove();
                fail(change, failure);
              });
    }
  }

  private void fail(Numbered<Change> change, QuollException failure) {
    if (failure.code() == ErrorCode.UNREACHABLE) {
      throw new AbandonedException(change.line(), failure);
    }
    output.error(change.where(), change.command().path(), failure);
  }

  private void grow() {
    size = Math.min(WRITES_MAX, size * 2);
  }
}
