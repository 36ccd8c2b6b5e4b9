package io.quoll.statemachine.command;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.Quotas;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the data of the znode at {@code path}.
 *
 * <p>Rejected, in this order: {@code BAD_ARGUMENTS} where only quotas are kept; {@code NO_NODE} if
 * the znode is missing; {@code NO_AUTH} without WRITE on it; {@code QUOTA_EXCEEDED} if a quota
 * leaves no room; {@code BAD_VERSION} if {@code version} is neither -1 nor its own; {@code
 * LIMIT_EXCEEDED} if the data is too long. (ZooKeeper: PrepRequestProcessor, setData.)
 *
 * @param data the new data, or null
 * @param version the version that the znode must have, or -1 for any
 */
public record SetData(ZnodePath path, @Nullable ByteString data, int version) implements Command {
  @Override
  public Result applyTo(StateTransaction state) {
    Quotas.requireNotReserved(path);
    Znode znode = state.require(path);
    state.caller().require(Permission.WRITE, znode.acl(), path);
    int bytes = data == null ? 0 : data.size();
    state.quotas().requireRoom(path, (long) bytes - znode.dataBytes());
    znode.requireVersion(version, path);
    Znode changed = znode.withData(state.zxid(), state.timeMillis(), data);
    state.setData(path, changed, data);
    return new Result.DataSet(changed.stat());
  }
}
