package io.quoll.cli.bench;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.client.AsyncQuollSession;
import io.quoll.client.CreateMode;
import io.quoll.client.PageRequest;
import io.quoll.client.QuollRuntime;
import io.quoll.client.SessionOptions;
import io.quoll.client.Write;
import java.util.List;
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
    var server = options.servers().get(number % options.servers().size());
    SessionOptions alone =
        new SessionOptions(
            ImmutableList.of(server),
            false,
            options.chroot(),
            options.sessionTimeout(),
            options.requestTimeout(),
            options.consistency());
    return new Session(AsyncQuollSession.open(alone, runtime), ByteString.copyFrom(value));
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
    public CompletableFuture<List<String>> children(String path) {
      return session
          .allChildren(path, PageRequest.first())
          .thenApply(page -> page.children().stream().map(child -> child.name()).toList());
    }

    @Override
    public CompletableFuture<@Nullable Void> close() {
      return session.close();
    }
  }
}
