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

  /** The children of the page before and of this one, as one page. */
  ChildrenPage after(ChildrenPage before) {
    ImmutableList.Builder<Child> all = ImmutableList.builder();
    return new ChildrenPage(
        before.stat(), all.addAll(before.children()).addAll(children).build(), nextPageToken);
  }
}
