package io.quoll.cli.tree;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.client.Acl;
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

/**
 * What verbs ask of the tree, as the methods of the client with the same names. Thread-safe.
 *
 * <p>{@link Answer#of} waits for what they give.
 */
public interface Tree {
  /** Creates as the write says. */
  CompletableFuture<Created> create(Write.Create write);

  /** Deletes a znode without children. */
  CompletableFuture<@Nullable Void> delete(String path, int expectedVersion);

  /** Deletes a znode and all below it, and tells how many that were. */
  CompletableFuture<Integer> deleteRecursive(String path);

  /** Replaces a znode's data. */
  CompletableFuture<Stat> setData(String path, @Nullable ByteString data, int expectedVersion);

  /** Does all of the writes or none. */
  CompletableFuture<MultiOutcome> multi(List<Write> writes);

  /** A znode's data and stat. */
  CompletableFuture<ZnodeData> data(String path);

  /** A znode's stat, if there is such a znode. */
  CompletableFuture<Optional<Stat>> exists(String path);

  /** A page of a znode's children. */
  CompletableFuture<ChildrenPage> children(String path, PageRequest page);

  /** All children of a znode from the page on. */
  CompletableFuture<ChildrenPage> allChildren(String path, PageRequest start);

  /** How many znodes there are below a znode. */
  CompletableFuture<Long> countDescendants(String path);

  /** A znode's ACL and stat. */
  CompletableFuture<ZnodeAcl> acl(String path);

  /** Replaces a znode's ACL. */
  CompletableFuture<Stat> setAcl(String path, Acl acl, int expectedAversion);

  /** Who the server takes the caller for. */
  CompletableFuture<ImmutableList<Identity>> whoAmI();

  /** Waits until the server has caught up. */
  CompletableFuture<@Nullable Void> sync(String path);
}
