package io.quoll.server.consensus;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.apache.ratis.thirdparty.io.grpc.InternalConfigurator;
import org.apache.ratis.thirdparty.io.grpc.InternalConfiguratorRegistry;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannelBuilder;
import org.apache.ratis.thirdparty.io.netty.util.internal.ThreadExecutorMap;

/**
 * Lets Ratis take the answers of followers on the event loop that reads them. Ratis has no setting
 * for the executor of its channels, and would hand each answer to another thread, which costs more
 * than what is done there. What makes channels of its own in Ratis' gRPC says which executor it
 * wants. (ADR 0031.)
 */
final class DirectChannels implements InternalConfigurator {
  private final Executor elsewhere =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "quoll-ratis-answers");
            thread.setDaemon(true);
            return thread;
          });

  private DirectChannels() {}

  /** For all channels that are made from now on, in this process. */
  static void install() {
    synchronized (DirectChannels.class) {
      if (!InternalConfiguratorRegistry.wasSetConfiguratorsCalled()) {
        InternalConfiguratorRegistry.setConfigurators(List.of(new DirectChannels()));
      }
    }
  }

  @Override
  public void configureChannelBuilder(ManagedChannelBuilder<?> channel) {
    channel.executor(this::execute);
  }

  // A call that fails at once is answered by the thread that makes it, which Ratis does not expect:
  // it would wait for ever on a stream whose end it was told of before it had the stream.
  private void execute(Runnable task) {
    if (ThreadExecutorMap.currentExecutor() != null) {
      task.run();
    } else {
      elsewhere.execute(task);
    }
  }
}
