package io.quoll.integration.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quoll.cli.bench.Load;
import io.quoll.cli.bench.LoadException;
import io.quoll.cli.bench.LoadObserver;
import io.quoll.cli.bench.LoadPlan;
import io.quoll.cli.bench.LoadResult;
import io.quoll.cli.bench.LoadTarget;
import io.quoll.cli.bench.QuollTarget;
import io.quoll.cli.bench.Workload;
import io.quoll.client.QuollRuntime;
import io.quoll.client.SessionOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The process that puts the load on. Its arguments are a product and the servers. Each line that it
 * reads is a {@link LoadRequest}; it answers {@value #MEASURING} and {@value #MEASURED} as soon as
 * that is so, and then a {@link LoadResult} or {@value #FAILED} with a reason.
 */
public final class LoadMain {
  static final String MEASURING = "measuring";
  static final String MEASURED = "measured";
  static final String FAILED = "failed";

  private static final String BASE = "/bench";

  private final ObjectMapper mapper = new ObjectMapper();
  private final PrintStream answers;
  private final Load load;

  private LoadMain(LoadTarget target, PrintStream answers) {
    this.answers = answers;
    this.load = new Load(target, new Telling());
  }

  /** Runs until there are no more requests. */
  public static void main(String[] args) throws IOException, InterruptedException {
    PrintStream answers = System.out;
    System.setOut(System.err); // Whatever logs there must not come between the answers.
    try (QuollRuntime runtime = QuollRuntime.start()) {
      new LoadMain(target(Product.valueOf(args[0]), args[1], runtime), answers).serve();
    }
    System.exit(0); // Clients that could not be closed have threads.
  }

  private static LoadTarget target(Product product, String servers, QuollRuntime runtime) {
    return switch (product) {
      case QUOLL -> new QuollTarget(SessionOptions.of(servers), runtime);
      case ZOOKEEPER -> new ZooKeeperTarget(servers);
    };
  }

  private void serve() throws IOException, InterruptedException {
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (@Nullable String line = requests.readLine(); line != null; line = requests.readLine()) {
      answer(answerTo(mapper.readValue(line, LoadRequest.class)));
    }
  }

  private String answerTo(LoadRequest request) throws IOException, InterruptedException {
    try {
      return mapper.writeValueAsString(run(request));
    } catch (LoadException failure) {
      failure.printStackTrace();
      return FAILED + " " + failure.getMessage();
    }
  }

  private LoadResult run(LoadRequest request) throws InterruptedException {
    LoadPlan plan =
        new LoadPlan(
            BASE,
            Duration.ofMillis(request.leadInMillis()),
            Duration.ofMillis(request.measuredMillis()),
            request.rate(),
            Optional.of(request.histograms()).filter(file -> !file.isEmpty()).map(Path::of));
    return load.run(Workload.named(request.workload()).withZnodes(request.znodes()), plan);
  }

  private void answer(String line) {
    answers.println(line);
    answers.flush();
  }

  private final class Telling implements LoadObserver {
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
}
