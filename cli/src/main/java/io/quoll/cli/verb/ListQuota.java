package io.quoll.cli.verb;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.quoll.cli.reply.Output;
import io.quoll.cli.reply.TextReply;
import io.quoll.cli.tree.Ensemble;
import io.quoll.client.ErrorCode;
import io.quoll.client.QuollException;
import io.quoll.client.Quota;
import io.quoll.client.QuotaLimits;
import java.util.Map;

/** What a subtree may hold, and what it holds. */
final class ListQuota implements Verb {
  private final Syntax syntax =
      Syntax.named("listquota")
          .takes("path")
          .does("Tells what a subtree may hold, and what it holds.")
          .path(1, 1)
          .build();

  @Override
  public Syntax syntax() {
    return syntax;
  }

  @Override
  public Command parse(Arguments arguments) {
    String path = arguments.word(0);
    return new Command.Work(path, (ensemble, output) -> list(path, ensemble, output));
  }

  private static void list(String path, Ensemble ensemble, Output output) {
    output.notice("absolute path is /zookeeper/quota" + path + "/zookeeper_limits");
    Quota quota;
    try {
      quota = ensemble.client().quota(path);
    } catch (QuollException failure) {
      if (failure.code() != ErrorCode.NO_NODE) {
        throw failure;
      }
      output.failure("NO_NODE", "quota for " + path + " does not exist.", Map.of("path", path));
      return;
    }
    output.reply(
        new TextReply(
            ImmutableList.of(
                "Output quota for " + path + " " + text(quota.limits()),
                "Output stat for "
                    + path
                    + " count="
                    + quota.count()
                    + ",bytes="
                    + quota.bytes()
                    + (quota.isCounted() ? "" : " (still being counted)")),
            document(path, quota)));
  }

  private static String text(QuotaLimits limits) {
    return "count="
        + limits.count()
        + ",bytes="
        + limits.bytes()
        + "=;byteHardLimit="
        + limits.hardBytes()
        + ";countHardLimit="
        + limits.hardCount();
  }

  private static ImmutableMap<String, Object> document(String path, Quota quota) {
    return ImmutableMap.of(
        "path", path,
        "limits",
            ImmutableMap.of(
                "count", quota.limits().count(),
                "bytes", quota.limits().bytes(),
                "hardCount", quota.limits().hardCount(),
                "hardBytes", quota.limits().hardBytes()),
        "count", quota.count(),
        "bytes", quota.bytes(),
        "counted", quota.isCounted());
  }
}
