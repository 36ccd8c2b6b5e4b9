package io.quoll.statemachine.command;

import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;

/**
 * Replaces the ACL of the znode at {@code path}. No watch sees it.
 *
 * <p>Rejected, in this order: {@code INVALID_ACL} if the ACL cannot be one of a znode ({@link
 * io.quoll.statemachine.state.Identities#settle}); {@code NO_NODE} if the znode is missing; {@code
 * NO_AUTH} without ADMIN on it; {@code BAD_VERSION} if {@code aversion} is neither -1 nor that of
 * its ACL. (ZooKeeper: PrepRequestProcessor, setACL.)
 *
 * @param acl who may do what to the znode, as the caller asks for it
 * @param aversion the version that the ACL must have, or -1 for any
 */
public record SetAcl(ZnodePath path, Acl acl, int aversion) implements Command {
  @Override
  public Result applyTo(StateTransaction state) {
    Acl settled = state.caller().settle(acl, path.value());
    Znode znode = state.require(path);
    state.caller().require(Permission.ADMIN, znode.acl(), path);
    znode.requireAversion(aversion, path);
    Znode changed = znode.withAcl(settled);
    state.update(path, changed);
    return new Result.AclSet(changed.stat());
  }
}
