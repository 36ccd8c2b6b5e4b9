package io.quoll.integration.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quoll.cli.bench.LoadException;
import io.quoll.cli.bench.LoadObserver;
import io.quoll.cli.bench.LoadTarget;
import io.quoll.cli.bench.QuollTarget;
import io.quoll.client.QuollRuntime;
import io.quoll.client.SessionOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The process of the clients. Its arguments are a product and the servers. Each line that it reads
 * is a {@link LoadTask}; it answers {@value #MEASURING} and {@value #MEASURED} as soon as that is
 * so, and then what the task returns as JSON, or {@value #FAILED} with a reason.
 */
public final class LoadMain implements LoadObserver {
  static final String MEASURING = "measuring";
  static final String MEASURED = "measured";
  static final String FAILED = "failed";

  private final ObjectMapper mapper = new ObjectMapper();
  private final PrintStream answers;
  private final Clients clients;

  private LoadMain(LoadTarget target, PrintStream answers) {
    this.answers = answers;
    this.clients = new Clients(target, this);
  }

  /** Runs until there are no more tasks. */
  public static void main(String[] args) throws IOException, InterruptedException {
    PrintStream answers = System.out;
    System.setOut(System.err); // Whatever logs there must not come between the answers.
    try (QuollRuntime runtime = QuollRuntime.start()) {
      new LoadMain(target(Product.valueOf(args[0]), args[1], runtime), answers).serve();
    }
    System.exit(0); // Sessions that are kept have threads.
  }

  private static LoadTarget target(Product product, String servers, QuollRuntime runtime) {
    return switch (product) {
      case QUOLL -> new QuollTarget(SessionOptions.of(servers), runtime);
      case ZOOKEEPER -> new ZooKeeperTarget(servers);
    };
  }

  private void serve() throws IOException, InterruptedException {
    BufferedReader tasks =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (@Nullable String line = tasks.readLine(); line != null; line = tasks.readLine()) {
      answer(answerTo(mapper.readValue(line, LoadTask.class)));
    }
  }

  private String answerTo(LoadTask task) throws IOException, InterruptedException {
    try {
      return mapper.writeValueAsString(task.perform(clients));
    } catch (LoadException failure) {
      failure.printStackTrace();
      return FAILED + " " + failure.getMessage();
    }
  }

  private void answer(String line) {
    answers.println(line);
    answers.flush();
  }

  @Override
  public void log(String line) {
    System.err.println(line);
  }

  @Override
  public void measuring() {
    answer(MEASURING);
  }

  @Override
  public void measured() {
    answer(MEASURED);
  }
}
