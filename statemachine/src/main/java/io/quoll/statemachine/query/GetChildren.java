package io.quoll.statemachine.query;

import com.google.common.base.Utf8;
import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import org.jspecify.annotations.Nullable;

/**
 * A page of the children of the znode at {@code path}, in the order of their names; {@code NO_NODE}
 * where there is no such znode, {@code NO_AUTH} without READ on it. Names are listed whoever may
 * read the children; stat and data of those that the caller may not read are left out.
 *
 * @param after the name after which the page begins; empty for the first page
 * @param limit how many children at most; 0, and anything above {@link #PAGE_CHILDREN_MAX}, stand
 *     for that limit
 * @param withStat whether each child comes with its stat
 * @param withData whether each child comes with its data; a page ends early once it holds {@link
 *     #PAGE_BYTES} of names and data
 */
public record GetChildren(
    ZnodePath path, String after, int limit, boolean withStat, boolean withData) implements Query {
  /** How many children one page has at most. */
  public static final int PAGE_CHILDREN_MAX = 10_000;

  /** The bytes of names and data beyond which a page takes no further child. */
  public static final int PAGE_BYTES = 1024 * 1024;

  @Override
  public Answer answerFrom(StateView state, Identities caller) {
    Znode parent = state.require(path);
    caller.require(Permission.READ, parent.acl(), path);
    int most = limit <= 0 ? PAGE_CHILDREN_MAX : Math.min(limit, PAGE_CHILDREN_MAX);
    ImmutableList<String> names = state.children(path, after, most + 1);
    ImmutableList.Builder<Answer.Child> children = ImmutableList.builder();
    int taken = 0;
    int bytes = 0;
    while (taken < Math.min(most, names.size()) && bytes < PAGE_BYTES) {
      Answer.Child child = child(names.get(taken), state, caller);
      ByteString data = child.data();
      bytes += Utf8.encodedLength(child.name()) + (data == null ? 0 : data.size());
      children.add(child);
      taken++;
    }
    String next = taken == names.size() ? "" : names.get(taken - 1);
    return new Answer.Children(parent.stat(), children.build(), next);
  }

  private Answer.Child child(String name, StateView state, Identities caller) {
    if (!withStat && !withData) {
      return new Answer.Child(name, null, null);
    }
    ZnodePath child = path.child(name);
    Znode znode = state.require(child);
    if (!caller.may(Permission.READ, znode.acl())) {
      return new Answer.Child(name, null, null);
    }
    @Nullable ByteString data = withData ? state.data(child) : null;
    return new Answer.Child(name, withStat ? znode.stat() : null, data);
  }
}
