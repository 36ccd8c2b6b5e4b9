package io.quoll.client.cache;

import com.google.common.collect.ImmutableList;

/** Is told how a {@link ZnodeCache} changes, by the session's handler thread, in order. */
@FunctionalInterface
public interface CacheListener {
  /**
   * The cache shows the subtree at another zxid: these are the differences, ordered by path, the
   * first time against an empty cache. Several changes of one znode may come as one.
   */
  void onChanges(long zxid, ImmutableList<CacheChange> changes);
}
