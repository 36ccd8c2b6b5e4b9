package io.quoll.cli.bench;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.client.AsyncQuollSession;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollRuntime;
import io.quoll.client.ServerAddress;
import io.quoll.client.SessionOptions;
import io.quoll.client.WatchMode;
import io.quoll.client.Write;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Quoll's ensemble, with all sessions on one runtime. Thread-safe. */
public final class QuollTarget implements LoadTarget {
  private final SessionOptions options;
  private final QuollRuntime runtime;

  /** An ensemble whose servers are listed in the options. */
  public QuollTarget(SessionOptions options, QuollRuntime runtime) {
    this.options = options;
    this.runtime = runtime;
  }

  @Override
  public LoadSession open(int number, byte[] value) {
    int own = number % options.servers().size();
    return open(options.servers().subList(own, own + 1), value);
  }

  @Override
  public LoadSession openRoaming(int number, byte[] value) {
    int first = number % options.servers().size();
    return open(
        ImmutableList.<ServerAddress>builder()
            .addAll(options.servers().subList(first, options.servers().size()))
            .addAll(options.servers().subList(0, first))
            .build(),
        value);
  }

  private LoadSession open(ImmutableList<ServerAddress> servers, byte[] value) {
    SessionOptions inThisOrder =
        new SessionOptions(
            servers,
            false,
            options.chroot(),
            options.sessionTimeout(),
            options.requestTimeout(),
            options.consistency(),
            options.tls(),
            options.credentials());
    return new Session(AsyncQuollSession.open(inThisOrder, runtime), ByteString.copyFrom(value));
  }

  private record Session(AsyncQuollSession session, ByteString value) implements LoadSession {
    @Override
    public CompletableFuture<@Nullable Void> opened() {
      return session.opened();
    }

    @Override
    public void create(String path, Completion completion) {
      tell(session.create(path, value, CreateMode.PERSISTENT), completion);
    }

    @Override
    public void delete(String path, Completion completion) {
      tell(session.delete(path, Write.ANY_VERSION), completion);
    }

    @Override
    public void setData(String path, Completion completion) {
      tell(session.setData(path, value, Write.ANY_VERSION), completion);
    }

    @Override
    public void data(String path, Completion completion) {
      tell(session.data(path), completion);
    }

    @Override
    public void createAll(ImmutableList<String> paths, Completion completion) {
      ImmutableList.Builder<Write> writes = ImmutableList.builderWithExpectedSize(paths.size());
      for (String path : paths) {
        writes.add(new Write.Create(path, value, CreateMode.PERSISTENT));
      }
      multi(writes.build(), completion);
    }

    @Override
    public void deleteAll(ImmutableList<String> paths, Completion completion) {
      ImmutableList.Builder<Write> writes = ImmutableList.builderWithExpectedSize(paths.size());
      for (String path : paths) {
        writes.add(new Write.Delete(path, Write.ANY_VERSION));
      }
      multi(writes.build(), completion);
    }

    private void multi(ImmutableList<Write> writes, Completion completion) {
      var unused =
          session
              .multi(writes)
              .whenComplete(
                  (outcome, failure) ->
                      completion.done(
                          failure != null || outcome.committed()
                              ? failure
                              : new IllegalStateException("refused: " + outcome)));
    }

    private static void tell(CompletableFuture<?> answer, Completion completion) {
      var unused = answer.whenComplete((result, failure) -> completion.done(failure));
    }

    @Override
    public void watch(String path, Runnable told, Completion completion) {
      tell(session.addWatch(path, WatchMode.PERSISTENT, event -> told.run()), completion);
    }

    @Override
    public CompletableFuture<@Nullable Void> close() {
      return session.close();
    }
  }
}
