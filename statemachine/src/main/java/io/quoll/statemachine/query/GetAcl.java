package io.quoll.statemachine.query;

import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;

/**
 * The ACL and the stat of the znode at {@code path}; {@code NO_NODE} where there is none, {@code
 * NO_AUTH} without READ and without ADMIN on it. Without ADMIN, no hash of a password is shown.
 * (ZooKeeper: FinalRequestProcessor, getACL; CVE-2019-0201.)
 */
public record GetAcl(ZnodePath path) implements Query {
  @Override
  public Answer answerFrom(StateView state, Identities caller) {
    Znode znode = state.require(path);
    Acl acl = znode.acl();
    if (caller.may(Permission.ADMIN, acl)) {
      return new Answer.AclFound(acl, znode.stat());
    }
    caller.require(Permission.READ, acl, path);
    return new Answer.AclFound(acl.masked(), znode.stat());
  }
}
