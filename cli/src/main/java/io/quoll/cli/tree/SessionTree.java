package io.quoll.cli.tree;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.client.Acl;
import io.quoll.client.AsyncQuollSession;
import io.quoll.client.ChildrenPage;
import io.quoll.client.Created;
import io.quoll.client.Identity;
import io.quoll.client.MultiOutcome;
import io.quoll.client.PageRequest;
import io.quoll.client.Stat;
import io.quoll.client.Write;
import io.quoll.client.ZnodeAcl;
import io.quoll.client.ZnodeData;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The tree by requests of a session. Thread-safe.
 *
 * @param executor where answers are given. On the session's own, they come after the events of what
 *     they show
 */
record SessionTree(AsyncQuollSession session, Executor executor) implements Tree {
  @Override
  public CompletableFuture<Created> create(Write.Create write) {
    return given(
        session.create(write.path(), write.data(), write.mode(), write.ttl(), write.acl()));
  }

  @Override
  public CompletableFuture<@Nullable Void> delete(String path, int expectedVersion) {
    return given(session.delete(path, expectedVersion));
  }

  @Override
  public CompletableFuture<Integer> deleteRecursive(String path) {
    return given(session.deleteRecursive(path));
  }

  @Override
  public CompletableFuture<Stat> setData(
      String path, @Nullable ByteString data, int expectedVersion) {
    return given(session.setData(path, data, expectedVersion));
  }

  @Override
  public CompletableFuture<MultiOutcome> multi(List<Write> writes) {
    return given(session.multi(writes));
  }

  @Override
  public CompletableFuture<ZnodeData> data(String path) {
    return given(session.data(path));
  }

  @Override
  public CompletableFuture<Optional<Stat>> exists(String path) {
    return given(session.exists(path));
  }

  @Override
  public CompletableFuture<ChildrenPage> children(String path, PageRequest page) {
    return given(session.children(path, page));
  }

  @Override
  public CompletableFuture<ChildrenPage> allChildren(String path, PageRequest start) {
    return given(session.allChildren(path, start));
  }

  @Override
  public CompletableFuture<Long> countDescendants(String path) {
    return given(session.countDescendants(path));
  }

  @Override
  public CompletableFuture<ZnodeAcl> acl(String path) {
    return given(session.acl(path));
  }

  @Override
  public CompletableFuture<Stat> setAcl(String path, Acl acl, int expectedAversion) {
    return given(session.setAcl(path, acl, expectedAversion));
  }

  @Override
  public CompletableFuture<ImmutableList<Identity>> whoAmI() {
    return given(session.whoAmI());
  }

  @Override
  public CompletableFuture<@Nullable Void> sync(String path) {
    return given(session.sync(path));
  }

  private <T extends @Nullable Object> CompletableFuture<T> given(CompletableFuture<T> answer) {
    return answer.whenCompleteAsync((value, failure) -> {}, executor);
  }
}
