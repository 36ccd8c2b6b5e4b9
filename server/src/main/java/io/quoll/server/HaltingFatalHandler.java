package io.quoll.server;

import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.FatalHandler;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the first fatal failure and halts the process; later ones only follow from it. */
final class HaltingFatalHandler implements FatalHandler {
  private static final Logger LOG = LoggerFactory.getLogger(HaltingFatalHandler.class);

  private final IntConsumer halt;
  private final AtomicBoolean halted = new AtomicBoolean();

  /** Ends the process by {@code halt}, which takes the exit status. */
  HaltingFatalHandler(IntConsumer halt) {
    this.halt = halt;
  }

  @Override
  public void halt(ExitCode exitCode, String message, @Nullable Throwable cause) {
    if (halted.compareAndSet(false, true)) {
      LOG.error(
          "The server halts with exit status {} ({}): {}",
          exitCode.number(),
          exitCode,
          message,
          cause);
      halt.accept(exitCode.number());
    }
  }
}
