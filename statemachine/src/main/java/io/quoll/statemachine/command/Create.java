package io.quoll.statemachine.command;

import static io.quoll.statemachine.state.ErrorCode.INVALID_ACL;
import static io.quoll.statemachine.state.ErrorCode.NODE_EXISTS;
import static io.quoll.statemachine.state.ErrorCode.NO_CHILDREN_FOR_EPHEMERALS;

import com.google.common.base.Strings;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import org.jspecify.annotations.Nullable;

/**
 * Creates a znode below {@code parent}.
 *
 * <p>Rejected, in this order: {@code INVALID_ACL} if the ACL is empty; {@code NO_NODE} if the
 * parent is missing; {@code BAD_ARGUMENTS} if the path is not valid once the sequence number is
 * appended; {@code NODE_EXISTS} if it is taken; {@code NO_CHILDREN_FOR_EPHEMERALS} if the parent is
 * ephemeral; {@code LIMIT_EXCEEDED} if the data is too long. (ZooKeeper:
 * PrepRequestProcessor.pRequest2TxnCreate.)
 *
 * @param parent the znode that gets the child
 * @param name the child's name, or with {@code sequential} its start, which may be empty
 * @param sequential whether the number of children ever created below the parent is appended, in
 *     ten digits or more
 * @param data the data, or null
 * @param acl who may do what to the new znode
 */
public record Create(
    ZnodePath parent, String name, boolean sequential, @Nullable ByteString data, Acl acl)
    implements Command {

  /**
   * The create of the znode at {@code path}.
   *
   * @param path where; with {@code sequential} the start of where, which may end with a slash
   * @throws Rejection {@code BAD_ARGUMENTS} if the path is not valid, {@code NODE_EXISTS} for the
   *     root, {@code LIMIT_EXCEEDED} if the path is too long
   */
  public static Create at(String path, boolean sequential, @Nullable ByteString data, Acl acl) {
    ZnodePath checked = sequential ? numbered(path) : ZnodePath.of(path);
    if (checked.isRoot()) {
      throw taken(checked);
    }
    String name = path.substring(path.lastIndexOf('/') + 1);
    return new Create(checked.parent(), name, sequential, data, acl);
  }

  // As ZooKeeper's client does: a digit stands for the number that is not known yet. Without a
  // slash no number helps, and the rejection then names the path as the client wrote it.
  private static ZnodePath numbered(String path) {
    return ZnodePath.of(path.startsWith("/") ? path + "1" : path);
  }

  @Override
  public Result applyTo(StateTransaction state) {
    if (acl.entries().isEmpty()) {
      throw new Rejection(INVALID_ACL, parent.childPrefix() + name, "the ACL has no entry");
    }
    Znode above = state.require(parent);
    ZnodePath path = parent.child(sequential ? name + sequenceNumber(above) : name);
    if (state.contains(path)) {
      throw taken(path);
    }
    if (above.isEphemeral()) {
      throw new Rejection(
          NO_CHILDREN_FOR_EPHEMERALS, path, parent + " is ephemeral and can have no children");
    }
    Znode created = Znode.createdAt(state.zxid(), state.timeMillis(), data, acl);
    state.create(path, created, data);
    state.update(parent, above.withNewChild(state.zxid()));
    return new Result.Created(path, created.stat());
  }

  private static Rejection taken(ZnodePath path) {
    return new Rejection(NODE_EXISTS, path, "there is a znode at " + path + " already");
  }

  // ZooKeeper numbers sequential znodes by the children ever created, not by those present, so that
  // a number is not given twice. Past 2147483647, where ZooKeeper stops, it goes on. No formatter:
  // its digits
  // are those of the machine's locale, and replicas may differ in that.
  private static String sequenceNumber(Znode parent) {
    return Strings.padStart(Long.toString(parent.childrenCreated()), 10, '0');
  }
}
