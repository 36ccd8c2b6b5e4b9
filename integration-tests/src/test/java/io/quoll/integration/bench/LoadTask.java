package io.quoll.integration.bench;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.quoll.cli.bench.LoadPlan;
import io.quoll.cli.bench.LoadPlan.TreeUse;
import io.quoll.cli.bench.LoadSession;
import io.quoll.cli.bench.Pipeline;
import io.quoll.cli.bench.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What the process of the clients is asked to do, as a line of JSON. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = LoadTask.Run.class, name = "run"),
  @JsonSubTypes.Type(value = LoadTask.Fill.class, name = "fill"),
  @JsonSubTypes.Type(value = LoadTask.Prove.class, name = "prove"),
  @JsonSubTypes.Type(value = LoadTask.Hold.class, name = "hold"),
  @JsonSubTypes.Type(value = LoadTask.Change.class, name = "change"),
  @JsonSubTypes.Type(value = LoadTask.AwaitEvents.class, name = "await")
})
sealed interface LoadTask {
  /** The requests of a {@link Change} that are in flight at a time. */
  int CHANGES_IN_FLIGHT = 100;

  /**
   * Does it, and returns what is answered as JSON.
   *
   * @throws io.quoll.cli.bench.LoadException if the ensemble does not let it
   */
  Object perform(Clients clients) throws InterruptedException;

  /**
   * Runs a workload; see {@link LoadPlan}. Answers a {@link io.quoll.cli.bench.LoadResult}.
   *
   * @param workload its name
   * @param base empty for a path that was not used before
   * @param histograms the file for what is measured second by second; empty for none
   */
  record Run(
      String workload,
      String base,
      TreeUse tree,
      boolean roams,
      long leadInMillis,
      long measuredMillis,
      double rate,
      String histograms)
      implements LoadTask {
    @Override
    public Object perform(Clients clients) throws InterruptedException {
      LoadPlan plan =
          new LoadPlan(
              base.isEmpty() ? clients.newBase() : base,
              tree,
              roams,
              Duration.ofMillis(leadInMillis),
              Duration.ofMillis(measuredMillis),
              rate,
              Optional.of(histograms).filter(file -> !file.isEmpty()).map(Path::of));
      return clients.load().run(Workload.named(workload), plan);
    }
  }

  /** Creates the znodes of a workload and leaves them. Answers in how many seconds. */
  record Fill(String workload, String base) implements LoadTask {
    @Override
    public Object perform(Clients clients) throws InterruptedException {
      return clients.load().fill(Workload.named(workload), base);
    }
  }

  /**
   * Opens a session at each server, and creates and reads a znode by each. Answers how many.
   *
   * @param base the parent of the znodes, which is there
   */
  record Prove(int servers, String base) implements LoadTask {
    @Override
    public Object perform(Clients clients) throws InterruptedException {
      clients.hold(servers);
      Pipeline pipeline = clients.pipeline(1);
      for (int server = 0; server < servers; server++) {
        LoadSession session = clients.held().get(server);
        String path = base + "/proof-" + server;
        pipeline.run(1, (number, done) -> session.create(path, done));
        pipeline.run(1, (number, done) -> session.data(path, done));
      }
      return servers;
    }
  }

  /**
   * Opens sessions and keeps them, each with a watch of a znode's data. Answers how many.
   *
   * @param path the znode; empty for no watch
   */
  record Hold(int sessions, String path) implements LoadTask {
    @Override
    public Object perform(Clients clients) throws InterruptedException {
      clients.hold(sessions);
      if (!path.isEmpty()) {
        clients
            .pipeline(CHANGES_IN_FLIGHT)
            .run(
                sessions,
                (number, done) ->
                    clients.held().get((int) number).watch(path, clients.events()::tell, done));
      }
      return sessions;
    }
  }

  /**
   * Creates a znode, or changes it so often; by the first of the held sessions. Answers when it
   * began, by the clock that all processes of the machine share.
   *
   * @param count 0 creates it
   */
  record Change(String path, int count) implements LoadTask {
    @Override
    public Object perform(Clients clients) throws InterruptedException {
      long began = System.nanoTime();
      LoadSession first = clients.held().get(0);
      Pipeline pipeline = clients.pipeline(CHANGES_IN_FLIGHT);
      if (count == 0) {
        pipeline.run(1, (number, done) -> first.create(path, done));
      } else {
        pipeline.run(count, (number, done) -> first.setData(path, done));
      }
      return began;
    }
  }

  /**
   * Waits until the watches have told of so many events since their beginning. Answers when the
   * last one came, by the clock that all processes of the machine share.
   */
  record AwaitEvents(long count) implements LoadTask {
    @Override
    public Object perform(Clients clients) throws InterruptedException {
      return clients.events().awaitLast(count);
    }
  }
}
