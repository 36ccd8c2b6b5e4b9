package io.quoll.statemachine.state;

import com.google.errorprone.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one znode at one zxid, as a watch tells it. The parent's list of children
 * changes with every {@link Created} and {@link Deleted} and is not told apart.
 *
 * <p>It carries the ACL that the znode had then, because who may not read the znode may not hear of
 * it, and a change may be told when the znode is long gone; so it does with that of the parent.
 */
@Immutable
public sealed interface Change {
  /** The znode that this happened to. */
  ZnodePath path();

  /** Who may do what to the znode; of a deleted one, at the moment before. */
  Acl acl();

  /** Who may do what to the parent, if its list of children changed; else null. */
  @Nullable Acl parentAcl();

  /**
   * The znode was created.
   *
   * @param parentAcl who may do what to its parent, whose list of children changed
   */
  record Created(ZnodePath path, Acl acl, Acl parentAcl) implements Change {}

  /** The znode's data was set, be it to what it was before. */
  record DataSet(ZnodePath path, Acl acl) implements Change {
    @Override
    public @Nullable Acl parentAcl() {
      return null;
    }
  }

  /**
   * The znode was deleted.
   *
   * @param parentAcl who may do what to its parent, whose list of children changed
   */
  record Deleted(ZnodePath path, Acl acl, Acl parentAcl) implements Change {}
}
