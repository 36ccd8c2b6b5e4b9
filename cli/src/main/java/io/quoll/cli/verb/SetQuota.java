package io.quoll.cli.verb;

import static io.quoll.cli.verb.QuotaFlags.BYTES;
import static io.quoll.cli.verb.QuotaFlags.COUNT;
import static io.quoll.cli.verb.QuotaFlags.HARD_BYTES;
import static io.quoll.cli.verb.QuotaFlags.HARD_COUNT;

import io.quoll.cli.reply.Output;
import io.quoll.cli.reply.TextReply;
import io.quoll.cli.tree.Ensemble;
import io.quoll.client.ErrorCode;
import io.quoll.client.QuollException;
import io.quoll.client.Quota;
import io.quoll.client.QuotaLimits;
import java.util.Map;

/** Limits what a subtree may hold. */
final class SetQuota implements Verb {
  private static final String HOME = "/zookeeper/quota";

  private final Syntax syntax =
      Syntax.named("setquota")
          .takes("-n|-b|-N|-B val path")
          .does(
              "Limits how many znodes (-n, -N) and bytes (-b, -B) a subtree may hold; the"
                  + " lower-case limits are only logged when crossed.")
          .valued(COUNT, BYTES, HARD_COUNT, HARD_BYTES)
          .path(1, 1)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    if (path.startsWith(HOME)) {
      throw new UsageException("cannot set a quota under the path: " + HOME);
    }
    QuotaLimits change = QuotaFlags.values(arguments);
    if (QuotaFlags.isEmpty(change)) {
      throw new UsageException(syntax.usage());
    }
    return new Command.Work(path, (ensemble, output) -> set(path, change, ensemble, output));
  }

  private static void set(String path, QuotaLimits change, Ensemble ensemble, Output output) {
    try {
      ensemble.client().setQuota(path, change);
    } catch (QuollException failure) {
      if (failure.code() == ErrorCode.NO_NODE) {
        output.failure("NO_NODE", path + " does not exist.", Map.of("path", path));
        return;
      }
      if (failure.code() == ErrorCode.BAD_ARGUMENTS) {
        String why = String.valueOf(failure.getMessage());
        output.failure("BAD_ARGUMENTS", why, Map.of("path", path));
        return;
      }
      throw failure;
    }
    output.reply(TextReply.done(path, "set", true));
    warn(ensemble.client().quota(path), output);
  }

  private static void warn(Quota quota, Output output) {
    QuotaLimits limits = quota.limits();
    if (isBelow(limits.count(), quota.count()) || isBelow(limits.hardCount(), quota.count())) {
      output.notice(
          "[Warning]: the count quota you create is less than the existing count:" + quota.count());
    }
    if (isBelow(limits.bytes(), quota.bytes()) || isBelow(limits.hardBytes(), quota.bytes())) {
      output.notice(
          "[Warning]: the bytes quota you create is less than the existing bytes:" + quota.bytes());
    }
    if (!quota.isCounted()) {
      output.notice("The subtree is large and still being counted; listquota tells how far it is.");
    }
  }

  private static boolean isBelow(long limit, long usage) {
    return limit >= 0 && limit < usage;
  }
}
