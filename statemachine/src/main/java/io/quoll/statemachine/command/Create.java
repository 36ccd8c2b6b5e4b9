package io.quoll.statemachine.command;

import static com.google.common.base.Preconditions.checkArgument;
import static io.quoll.statemachine.state.ErrorCode.BAD_ARGUMENTS;
import static io.quoll.statemachine.state.ErrorCode.NODE_EXISTS;
import static io.quoll.statemachine.state.ErrorCode.NO_CHILDREN_FOR_EPHEMERALS;

import com.google.common.base.Strings;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.Quotas;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodeKind;
import io.quoll.statemachine.state.ZnodePath;
import org.jspecify.annotations.Nullable;

/**
 * Creates a znode below {@code parent}.
 *
 * <p>Rejected, in this order: {@code BAD_ARGUMENTS} if it is to be ephemeral and the caller has no
 * session to own it; {@code INVALID_ACL} if the ACL cannot be one of a znode ({@link
 * io.quoll.statemachine.state.Identities#settle}); {@code NO_NODE} if the parent is missing; {@code
 * NO_AUTH} without CREATE on the parent; {@code BAD_ARGUMENTS} if the path is not valid once the
 * sequence number is appended; {@code NODE_EXISTS} if it is taken; {@code
 * NO_CHILDREN_FOR_EPHEMERALS} if the parent is ephemeral; {@code LIMIT_EXCEEDED} if the data is too
 * long; {@code QUOTA_EXCEEDED} if a quota leaves no room. Also {@code BAD_ARGUMENTS}, before the
 * parent is looked for, where only quotas are kept. (ZooKeeper:
 * PrepRequestProcessor.pRequest2TxnCreate.)
 *
 * @param parent the znode that gets the child
 * @param name the child's name, or in a sequential mode its start, which may be empty
 * @param mode how long the znode lasts, and whether the number of children ever created below the
 *     parent is appended to its name, in ten digits or more
 * @param ttlMillis how long it lasts without children and new data, in a mode with a time to live:
 *     from 1 to {@link ZnodeKind#TTL_MILLIS_MAX}; in any other mode 0
 * @param data the data, or null
 * @param acl who may do what to the new znode, as the caller asks for it
 */
public record Create(
    ZnodePath parent,
    String name,
    CreateMode mode,
    long ttlMillis,
    @Nullable ByteString data,
    Acl acl)
    implements Command {

  /** Refuses a time to live that is out of range, or that the mode has no use for. */
  public Create {
    checkArgument(fits(mode, ttlMillis), "a time to live of %s with %s", ttlMillis, mode);
  }

  private static boolean fits(CreateMode mode, long ttlMillis) {
    return mode.hasTimeToLive()
        ? ttlMillis >= 1 && ttlMillis <= ZnodeKind.TTL_MILLIS_MAX
        : ttlMillis == 0;
  }

  /**
   * The create of a persistent znode; else as {@link #at(String, CreateMode, long, ByteString,
   * Acl)}.
   */
  public static Create at(String path, boolean sequential, @Nullable ByteString data, Acl acl) {
    CreateMode mode = sequential ? CreateMode.PERSISTENT_SEQUENTIAL : CreateMode.PERSISTENT;
    return at(path, mode, 0, data, acl);
  }

  /**
   * The create of the znode at {@code path}.
   *
   * @param path where; in a sequential mode the start of where, which may end with a slash
   * @throws Rejection in this order, {@code BAD_ARGUMENTS} if the time to live is out of range or
   *     given in a mode that has none, {@code BAD_ARGUMENTS} if the path is not valid, {@code
   *     LIMIT_EXCEEDED} if it is too long, {@code NODE_EXISTS} if it is the root
   */
  public static Create at(
      String path, CreateMode mode, long ttlMillis, @Nullable ByteString data, Acl acl) {
    if (!fits(mode, ttlMillis)) {
      throw new Rejection(BAD_ARGUMENTS, path, whyNot(mode, ttlMillis));
    }
    ZnodePath checked = mode.isSequential() ? numbered(path) : ZnodePath.of(path);
    if (checked.isRoot()) {
      throw taken(checked);
    }
    String name = path.substring(path.lastIndexOf('/') + 1);
    return new Create(checked.parent(), name, mode, ttlMillis, data, acl);
  }

  private static String whyNot(CreateMode mode, long ttlMillis) {
    return mode.hasTimeToLive()
        ? "the time to live is " + ttlMillis + " ms; it is from 1 to " + ZnodeKind.TTL_MILLIS_MAX
        : "a time to live of " + ttlMillis + " ms is given, and the mode " + mode + " has none";
  }

  // As ZooKeeper's client does: a digit stands for the number that is not known yet. Without a
  // slash no number helps, and the rejection then names the path as the client wrote it.
  private static ZnodePath numbered(String path) {
    return ZnodePath.of(path.startsWith("/") ? path + "1" : path);
  }

  @Override
  public Result applyTo(StateTransaction state) {
    requireOwner(state);
    Acl settled = state.caller().settle(acl, parent.childPrefix() + name);
    Quotas.requireNotReserved(parent);
    Znode above = state.require(parent);
    state.caller().require(Permission.CREATE, above.acl(), parent);
    ZnodePath path = parent.child(mode.isSequential() ? name + sequenceNumber(above) : name);
    if (state.contains(path)) {
      throw taken(path);
    }
    if (above.isEphemeral()) {
      throw new Rejection(
          NO_CHILDREN_FOR_EPHEMERALS, path, parent + " is ephemeral and can have no children");
    }
    Znode created = Znode.createdAt(state.zxid(), state.timeMillis(), kind(state), data, settled);
    state.create(path, created, data, above.acl());
    state.update(parent, above.withNewChild(state.zxid()));
    return new Result.Created(path, created.stat());
  }

  private void requireOwner(StateTransaction state) {
    if (mode.isEphemeral() && state.callerSession() == 0) {
      throw new Rejection(
          BAD_ARGUMENTS,
          parent.childPrefix() + name,
          "an ephemeral znode needs a session to own it, and the request names none");
    }
  }

  private ZnodeKind kind(StateTransaction state) {
    return switch (mode) {
      case PERSISTENT, PERSISTENT_SEQUENTIAL -> ZnodeKind.PERSISTENT;
      case EPHEMERAL, EPHEMERAL_SEQUENTIAL -> new ZnodeKind.Ephemeral(state.callerSession());
      case CONTAINER -> ZnodeKind.CONTAINER;
      case PERSISTENT_WITH_TTL, PERSISTENT_SEQUENTIAL_WITH_TTL ->
          new ZnodeKind.TimeToLive(ttlMillis);
    };
  }

  private static Rejection taken(ZnodePath path) {
    return new Rejection(NODE_EXISTS, path, "there is a znode at " + path + " already");
  }

  // ZooKeeper numbers sequential znodes by the children ever created, not by those present, so that
  // a number is not given twice. Past 2147483647, where ZooKeeper stops, it goes on. No formatter:
  // its digits are those of the machine's locale, and replicas may differ in that.
  private static String sequenceNumber(Znode parent) {
    return Strings.padStart(Long.toString(parent.childrenCreated()), 10, '0');
  }
}
