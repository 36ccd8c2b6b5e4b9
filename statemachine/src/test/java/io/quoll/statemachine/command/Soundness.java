package io.quoll.statemachine.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSortedMap;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.QuotaCounts;
import io.quoll.statemachine.state.Tree;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;

/** The invariants of every tree, whatever brought it about. */
final class Soundness {
  private Soundness() {}

  static void check(Tree tree) {
    tree.znodes().forEach((path, znode) -> check(tree, path, znode));
    tree.znodes().keySet().stream()
        .filter(path -> path.name().equals("zookeeper_stats"))
        .forEach(path -> checkUsage(tree, path));
  }

  /** What a quota says of the use of its subtree is what a recount comes to. */
  private static void checkUsage(Tree tree, ZnodePath stats) {
    String quota = stats.parent().value();
    ZnodePath subtree = ZnodePath.of(quota.substring("/zookeeper/quota".length()));
    ZnodePath last = QuotaCounts.in(tree).countedTo().get(subtree);
    long count = 0;
    long bytes = 0;
    for (ZnodePath path : tree.znodes().keySet()) {
      boolean isWithin = path.equals(subtree) || path.isBelow(subtree);
      if (isWithin && (last == null || path.compareTo(last) <= 0)) {
        count++;
        bytes += tree.require(path).dataBytes();
      }
    }
    assertThat(tree.data(stats))
        .as("usage of %s, counted to %s", subtree, last)
        .isEqualTo(ByteString.copyFromUtf8("count=" + count + ",bytes=" + bytes));
  }

  private static void check(Tree tree, ZnodePath path, Znode znode) {
    int children = tree.children(path, "", Integer.MAX_VALUE).size();
    assertThat(tree.contains(path.parent())).as("parent of %s", path).isTrue();
    assertThat(znode.numChildren()).as("numChildren of %s", path).isEqualTo(children);
    assertThat((long) znode.stat().cversion())
        .as("cversion of %s", path)
        .isEqualTo(2 * znode.childrenCreated() - children);
    ByteString data = tree.data(path);
    assertThat(znode.dataLength())
        .as("dataLength of %s", path)
        .isEqualTo(data == null ? -1 : data.size());
    assertThat(znode.dataFingerprint())
        .as("fingerprint of %s", path)
        .isEqualTo(Znode.createdAt(0, 0, data, znode.acl()).dataFingerprint());
    if (znode.isEphemeral()) {
      assertThat(children).as("children of the ephemeral %s", path).isZero();
      assertThat(tree.session(znode.ephemeralOwner())).as("owner of %s", path).isPresent();
    }
    checkOrder(tree, path, znode);
  }

  private static void checkOrder(Tree tree, ZnodePath path, Znode znode) {
    assertThat(znode.mzxid()).as("mzxid of %s", path).isBetween(znode.czxid(), tree.zxid());
    assertThat(znode.pzxid()).as("pzxid of %s", path).isBetween(znode.czxid(), tree.zxid());
    assertThat(znode.mtime()).as("mtime of %s", path).isBetween(znode.ctime(), tree.timeMillis());
    assertThat(znode.czxid())
        .as("czxid of %s", path)
        .isGreaterThanOrEqualTo(tree.require(path.parent()).czxid());
  }

  /** Checks what only grows, for the znodes that are still those of {@code before}. */
  static void checkSince(ImmutableSortedMap<ZnodePath, Znode> before, Tree tree) {
    before.forEach(
        (path, old) ->
            tree.find(path)
                .filter(znode -> znode.czxid() == old.czxid())
                .ifPresent(znode -> checkSince(path, old, znode)));
  }

  private static void checkSince(ZnodePath path, Znode old, Znode now) {
    assertThat(now.childrenCreated())
        .as("childrenCreated of %s", path)
        .isGreaterThanOrEqualTo(old.childrenCreated());
    assertThat(now.version()).as("version of %s", path).isGreaterThanOrEqualTo(old.version());
    assertThat(now.pzxid()).as("pzxid of %s", path).isGreaterThanOrEqualTo(old.pzxid());
    assertThat(now.ctime()).as("ctime of %s", path).isEqualTo(old.ctime());
  }
}
