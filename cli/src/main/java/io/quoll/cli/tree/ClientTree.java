package io.quoll.cli.tree;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.client.Acl;
import io.quoll.client.AsyncQuollClient;
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
import org.jspecify.annotations.Nullable;

/** The tree by calls that belong to no session. Thread-safe. */
record ClientTree(AsyncQuollClient client) implements Tree {
  @Override
  public CompletableFuture<Created> create(Write.Create write) {
    return client.create(write.path(), write.data(), write.mode(), write.ttl(), write.acl());
  }

  @Override
  public CompletableFuture<@Nullable Void> delete(String path, int expectedVersion) {
    return client.delete(path, expectedVersion);
  }

  @Override
  public CompletableFuture<Integer> deleteRecursive(String path) {
    return client.deleteRecursive(path);
  }

  @Override
  public CompletableFuture<Stat> setData(
      String path, @Nullable ByteString data, int expectedVersion) {
    return client.setData(path, data, expectedVersion);
  }

  @Override
  public CompletableFuture<MultiOutcome> multi(List<Write> writes) {
    return client.multi(writes);
  }

  @Override
  public CompletableFuture<ZnodeData> data(String path) {
    return client.data(path);
  }

  @Override
  public CompletableFuture<Optional<Stat>> exists(String path) {
    return client.exists(path);
  }

  @Override
  public CompletableFuture<ChildrenPage> children(String path, PageRequest page) {
    return client.children(path, page);
  }

  @Override
  public CompletableFuture<ChildrenPage> allChildren(String path, PageRequest start) {
    return client.allChildren(path, start);
  }

  @Override
  public CompletableFuture<Long> countDescendants(String path) {
    return client.countDescendants(path);
  }

  @Override
  public CompletableFuture<ZnodeAcl> acl(String path) {
    return client.acl(path);
  }

  @Override
  public CompletableFuture<Stat> setAcl(String path, Acl acl, int expectedAversion) {
    return client.setAcl(path, acl, expectedAversion);
  }

  @Override
  public CompletableFuture<ImmutableList<Identity>> whoAmI() {
    return client.whoAmI();
  }

  @Override
  public CompletableFuture<@Nullable Void> sync(String path) {
    return client.sync(path);
  }
}
