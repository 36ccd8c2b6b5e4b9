package io.quoll.integration.fault;

import io.quoll.integration.suite.SuiteOptions;
import io.quoll.integration.suite.SuiteRun;
import java.util.Random;

/**
 * The suite {@code crash}: a server ends at each step of its work on the disk, with and without a
 * loss of what was not forced, and bits flip in what it left there. Nothing acknowledged may be
 * lost, it must come back by itself after a crash, and it must never serve what is damaged.
 */
public final class Crash {
  private static final int NODES = 3;

  private Crash() {}

  /** Runs the suite once. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs the suite once, and returns the status with which the process is to end. */
  static int run(String... arguments) {
    SuiteRun run = SuiteRun.begin(SuiteOptions.of("crash", NODES, arguments));
    Verdict verdict = new Verdict(run);
    Random random = new Random(run.options().seed());
    verdict.whole(
        () -> {
          new FlippedBits(run, verdict, random).flip();
          new CrashedInstall(run, verdict, random).crash();
          new CrashedLives(run, verdict, random).crash();
        });
    return verdict.end();
  }
}
