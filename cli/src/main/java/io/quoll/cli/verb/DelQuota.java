package io.quoll.cli.verb;

import static io.quoll.cli.verb.QuotaFlags.BYTES;
import static io.quoll.cli.verb.QuotaFlags.COUNT;
import static io.quoll.cli.verb.QuotaFlags.HARD_BYTES;
import static io.quoll.cli.verb.QuotaFlags.HARD_COUNT;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.cli.reply.Output;
import io.quoll.cli.reply.TextReply;
import io.quoll.cli.tree.Ensemble;
import io.quoll.client.ErrorCode;
import io.quoll.client.QuollException;
import io.quoll.client.QuotaLimits;

/** Removes limits of what a subtree may hold. */
final class DelQuota implements Verb {
  private final Syntax syntax =
      Syntax.named("delquota")
          .takes("[-n|-b|-N|-B] path")
          .does("Removes the limits of a subtree that are named, or its quota as a whole.")
          .flags(COUNT, BYTES, HARD_COUNT, HARD_BYTES)
          .path(1, 1)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    QuotaLimits removed = QuotaFlags.removed(arguments);
    return new Command.Work(path, (ensemble, output) -> remove(path, removed, ensemble, output));
  }

  private static void remove(String path, QuotaLimits removed, Ensemble ensemble, Output output) {
    try {
      if (QuotaFlags.isEmpty(removed)) {
        ensemble.client().removeQuota(path);
      } else {
        ensemble.client().setQuota(path, removed);
      }
      output.reply(TextReply.done(path, "removed", true));
    } catch (QuollException failure) {
      if (failure.code() != ErrorCode.NO_NODE) {
        throw failure;
      }
      output.reply(
          new TextReply(
              ImmutableList.of("Quota does not exist for " + path),
              ImmutableMap.of("path", path, "removed", false)));
    }
  }
}
