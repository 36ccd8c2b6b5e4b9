package io.quoll.client;

import com.google.common.collect.ImmutableList;

/**
 * Some of a znode's children, ordered by name.
 *
 * @param stat the stat of the znode whose children these are
 * @param nextPageToken what to ask the next page with; empty on the last
 */
public record ChildrenPage(Stat stat, ImmutableList<Child> children, String nextPageToken) {
  /** Whether no children come after these. */
  public boolean isLast() {
    return nextPageToken.isEmpty();
  }
}
