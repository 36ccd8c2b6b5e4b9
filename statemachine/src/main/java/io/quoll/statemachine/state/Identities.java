package io.quoll.statemachine.state;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.Immutable;
import com.google.protobuf.ByteString;

/**
 * Who a caller has proved to be, and what that lets him do: the one place where an ACL is judged.
 * (ADR 0021.)
 *
 * @param proved what he proved, each once, in the order in which he did
 * @param address the 4 or 16 bytes of the address that he comes from, or empty if that is not known
 */
@Immutable
public record Identities(ImmutableList<Identity> proved, ByteString address) {
  /** Of a caller of whom nothing is known. */
  public static final Identities NONE = new Identities(ImmutableList.of(), ByteString.EMPTY);

  /** Of a caller who has proved {@code proved}, wherever he comes from. */
  public static Identities of(Identity... proved) {
    return NONE.and(ImmutableList.copyOf(proved));
  }

  /** Of a caller of whom nothing is known but where he comes from. */
  public static Identities from(ByteString address) {
    return new Identities(ImmutableList.of(), address);
  }

  /** These, and what the same caller has proved beside. */
  public Identities and(ImmutableList<Identity> more) {
    return new Identities(
        ImmutableSet.<Identity>builder().addAll(proved).addAll(more).build().asList(), address);
  }

  /** Whether the caller may do everything. */
  public boolean isSuper() {
    return proved.contains(Identity.SUPER);
  }

  /** Whether {@code acl} lets the caller do what needs {@code permission}. */
  public boolean may(Permission permission, Acl acl) {
    if (acl.equals(Acl.OPEN)) { // Nearly always, and then it is the very object.
      return true;
    }
    for (Acl.Entry entry : acl.entries()) {
      if (entry.allows(permission) && isAmong(entry)) {
        return true;
      }
    }
    return isSuper();
  }

  private boolean isAmong(Acl.Entry entry) {
    if (entry.isWorld()) {
      return true;
    }
    if (entry.scheme().equals(Identity.IP)) {
      return IpRange.of(entry.id()).filter(range -> range.contains(address)).isPresent();
    }
    for (Identity identity : proved) {
      if (identity.isNamedBy(entry)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Lets the caller pass if {@code acl}, that of the znode at {@code path}, gives him {@code
   * permission}; rejects the request with {@code NO_AUTH} if not.
   */
  public void require(Permission permission, Acl acl, ZnodePath path) {
    if (!may(permission, acl)) {
      throw new Rejection(
          ErrorCode.NO_AUTH, path, "the caller may not " + permission.spelled() + " at " + path);
    }
  }

  /**
   * The ACL that a znode gets if the caller asks for {@code asked}: each entry once, and those for
   * {@code auth} replaced by one for each identity that the caller has proved. (ZooKeeper:
   * PrepRequestProcessor.fixupACL.)
   *
   * @param path what the ACL is for, as the caller wrote it
   * @throws Rejection {@code INVALID_ACL} if it has no entry, if an entry is not well formed, or if
   *     one is for {@code auth} and the caller has proved nothing; {@code LIMIT_EXCEEDED} beyond
   *     {@link Acl#CHARACTERS_MAX}
   */
  public Acl settle(Acl asked, String path) {
    if (asked.equals(Acl.OPEN)) {
      return asked;
    }
    ImmutableList.Builder<Acl.Entry> entries = ImmutableList.builder();
    for (Acl.Entry entry : ImmutableSet.copyOf(asked.entries())) {
      if (entry.scheme().equals(Acl.Entry.AUTH)) {
        entries.addAll(ofProved(entry, path));
      } else {
        entry.requireWellFormed(path);
        entries.add(entry);
      }
    }
    return new Acl(entries.build()).requireSize(path);
  }

  private ImmutableList<Acl.Entry> ofProved(Acl.Entry auth, String path) {
    auth.requirePermissions(path);
    ImmutableList.Builder<Acl.Entry> entries = ImmutableList.builder();
    for (Identity identity : proved) {
      if (!identity.equals(Identity.SUPER)) { // As ZooKeeper: a power, and nobody's name.
        entries.add(new Acl.Entry(auth.permissions(), identity.scheme(), identity.id()));
      }
    }
    ImmutableList<Acl.Entry> expanded = entries.build();
    if (expanded.isEmpty()) {
      throw new Rejection(
          ErrorCode.INVALID_ACL,
          path,
          "the ACL names whoever the caller has proved to be, and he has proved nothing");
    }
    return expanded;
  }
}
