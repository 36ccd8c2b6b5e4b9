package io.quoll.cli.verb;

import com.google.common.collect.ImmutableMap;
import io.quoll.cli.bench.Load;
import io.quoll.cli.bench.LoadException;
import io.quoll.cli.bench.LoadObserver;
import io.quoll.cli.bench.LoadPlan;
import io.quoll.cli.bench.LoadResult;
import io.quoll.cli.bench.QuollTarget;
import io.quoll.cli.bench.Workload;
import io.quoll.cli.reply.LoadReply;
import io.quoll.cli.reply.Output;
import io.quoll.cli.tree.Ensemble;
import io.quoll.client.QuollRuntime;

/** Runs a workload with sessions of its own, and prints what was measured. */
record LoadWork(Workload workload, LoadPlan plan) implements Command.Task {
  @Override
  public void run(Ensemble ensemble, Output output) {
    try (QuollRuntime runtime = QuollRuntime.start()) {
      Load load = new Load(new QuollTarget(ensemble.sessionOptions(), runtime), telling(output));
      LoadResult result = load.run(workload, plan);
      output.reply(new LoadReply(workload.name(), result));
      if (result.failures() > 0) {
        output.fail(); // The reply says how many; the exit code tells scripts.
      }
    } catch (LoadException failed) {
      output.failure(
          "LOAD", String.valueOf(failed.getMessage()), ImmutableMap.of("path", plan.base()));
    } catch (InterruptedException enough) {
      Thread.currentThread().interrupt();
    }
  }

  private LoadObserver telling(Output output) {
    return new LoadObserver() {
      @Override
      public void log(String line) {
        output.notice(line);
      }

      @Override
      public void measuring() {
        output.state(
            "Measuring %s for %d s".formatted(workload.name(), plan.measured().toSeconds()),
            ImmutableMap.of("measuring", workload.name()));
      }
    };
  }
}
