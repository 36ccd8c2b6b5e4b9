package io.quoll.cli.bench;

import com.google.common.collect.ImmutableList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Notes the requests, and answers each when a test tells it to. Confined to one thread. */
final class FakeLoadSession implements LoadSession {
  final List<String> requests = new ArrayList<>();
  private final Deque<Completion> open = new ArrayDeque<>();

  private void note(String request, Completion completion) {
    requests.add(request);
    open.add(completion);
  }

  /** How many requests wait for their answer. */
  int open() {
    return open.size();
  }

  /** Answers the request that waits for longest. */
  void answer() {
    open.remove().done(null);
  }

  /** Fails the request that waits for longest. */
  void fail(Throwable failure) {
    open.remove().done(failure);
  }

  @Override
  public CompletableFuture<@Nullable Void> opened() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void create(String path, Completion completion) {
    note("create " + path, completion);
  }

  @Override
  public void delete(String path, Completion completion) {
    note("delete " + path, completion);
  }

  @Override
  public void setData(String path, Completion completion) {
    note("set " + path, completion);
  }

  @Override
  public void data(String path, Completion completion) {
    note("get " + path, completion);
  }

  @Override
  public void createAll(ImmutableList<String> paths, Completion completion) {
    note("create all " + paths.size(), completion);
  }

  @Override
  public void deleteAll(ImmutableList<String> paths, Completion completion) {
    note("delete all " + paths.size(), completion);
  }

  @Override
  public void watch(String path, Runnable told, Completion completion) {
    note("watch " + path, completion);
  }

  @Override
  public CompletableFuture<@Nullable Void> close() {
    return CompletableFuture.completedFuture(null);
  }
}
