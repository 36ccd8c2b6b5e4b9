package io.quoll.server;

import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.StartupException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The process of a node: {@code --config FILE}, or {@code --version}. Ends with the number of an
 * {@link ExitCode}.
 */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);
  private static final Duration STOP_MAX = Duration.ofSeconds(20);

  private Main() {}

  /** Runs a node until it is told to stop. */
  public static void main(String[] args) throws InterruptedException {
    if (args.length == 1 && args[0].equals("--version")) {
      System.out.println("Quoll version: " + Server.version());
      return;
    }
    Thread.setDefaultUncaughtExceptionHandler(Main::halt);
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install(); // gRPC logs by the JDK's own logger.
    try {
      Server server = start(args, new RatisReplicas());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "quoll-stop"));
    } catch (StartupException failure) {
      LOG.error(failure.getMessage());
      System.exit(failure.exitCode().number());
    } catch (RuntimeException | Error failure) {
      LOG.error("The server cannot start, for a reason that it does not know", failure);
      System.exit(ExitCode.UNEXPECTED.number());
    }
    new CountDownLatch(1).await(); // The process ends by a signal, or by the fatal handler.
  }

  /** A thread that ends by a defect may be one that the node cannot do without. */
  private static void halt(Thread thread, Throwable defect) {
    LOG.error("The thread {} ended by a defect: halting", thread.getName(), defect);
    Runtime.getRuntime().halt(ExitCode.UNEXPECTED.number());
  }

  /** Starts the node that the command line asks for. */
  static Server start(String[] args, ReplicaFactory replicas) {
    ServerConfig config = ServerConfig.read(configFile(args));
    LOG.info("Quoll {}, Java {}", Server.version(), Runtime.version());
    return Server.start(
        config,
        replicas,
        new HaltingFatalHandler(status -> Runtime.getRuntime().halt(status)),
        Supervisor.of(System.getenv(), ProcessHandle.current().pid()));
  }

  private static Path configFile(String[] args) {
    if (args.length == 2 && args[0].equals("--config")) {
      try {
        return Path.of(args[1]);
      } catch (InvalidPathException invalid) {
        throw wrongArguments("\"" + args[1] + "\" is no path");
      }
    }
    throw wrongArguments("the arguments are not as they should be");
  }

  private static StartupException wrongArguments(String what) {
    return new StartupException(ExitCode.BAD_CONFIGURATION, what + "; usage: --config FILE");
  }

  // Runs in the shutdown hook: once it halts, the exit status is that of an orderly stop and not
  // that of the signal.
  private static void stop(Server server) {
    LOG.info("Asked to stop");
    Thread closing = new Thread(server::close, "quoll-close");
    closing.setDaemon(true);
    closing.start();
    try {
      closing.join(STOP_MAX.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    if (closing.isAlive()) {
      LOG.warn("Not all was closed in {} s; the log holds what is needed", STOP_MAX.toSeconds());
      Runtime.getRuntime().halt(ExitCode.UNEXPECTED.number());
    }
    LOG.info("Stopped");
    Runtime.getRuntime().halt(ExitCode.STOPPED.number());
  }
}
