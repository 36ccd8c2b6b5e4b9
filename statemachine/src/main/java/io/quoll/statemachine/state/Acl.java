package io.quoll.statemachine.state;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;

/** Who may do what to a znode: the union of its entries. {@link Identities} judges it. */
@Immutable
public record Acl(ImmutableList<Entry> entries) {
  /**
   * The most characters of schemes and ids that an ACL has, and {@link Entry#CHARACTERS} for each
   * entry. The ACL of a znode goes along with all that is recorded of its changes.
   */
  public static final int CHARACTERS_MAX = 32 * 1024;

  /** Everyone may do everything: ZooKeeper's {@code OPEN_ACL_UNSAFE}. */
  public static final Acl OPEN = new Acl(ImmutableList.of(new Entry(31, "world", "anyone")));

  /** Everyone may read: ZooKeeper's {@code READ_ACL_UNSAFE}. */
  public static final Acl READABLE = new Acl(ImmutableList.of(new Entry(1, "world", "anyone")));

  /** This ACL, unless it is empty ({@code INVALID_ACL}) or too large ({@code LIMIT_EXCEEDED}). */
  Acl requireSize(String path) {
    if (entries.isEmpty()) {
      throw new Rejection(ErrorCode.INVALID_ACL, path, "the ACL has no entry");
    }
    if (characters() > CHARACTERS_MAX) {
      throw new Rejection(
          ErrorCode.LIMIT_EXCEEDED,
          path,
          "the ACL has " + characters() + " characters, and may have " + CHARACTERS_MAX);
    }
    return this;
  }

  /** What it weighs. */
  public long characters() {
    return entries.stream()
        .mapToLong(entry -> Entry.CHARACTERS + entry.scheme().length() + entry.id().length())
        .sum();
  }

  /**
   * This ACL as it is shown to those who may not replace it: without the hashes of passwords.
   * (CVE-2019-0201.)
   */
  public Acl masked() {
    return new Acl(entries.stream().map(Entry::masked).collect(toImmutableList()));
  }

  /**
   * What one identity may do.
   *
   * @param permissions the sum of the bits of {@link Permission}s
   * @param scheme how the identity is proved, such as {@code world} or {@code digest}
   * @param id the identity, in the form of its scheme
   */
  @Immutable
  public record Entry(int permissions, String scheme, String id) {
    /** What an entry weighs beside its scheme and its id. */
    static final int CHARACTERS = 8;

    /** The scheme that stands for whoever the caller has proved to be. */
    static final String AUTH = "auth";

    private static final String WORLD = "world";
    private static final String ANYONE = "anyone";

    boolean allows(Permission permission) {
      return (permissions & permission.bit()) != 0;
    }

    boolean isWorld() {
      return scheme.equals(WORLD) && id.equals(ANYONE);
    }

    /** Rejects the request with {@code INVALID_ACL} unless this entry can be one of an ACL. */
    void requireWellFormed(String path) {
      requirePermissions(path);
      if (!isIdWellFormed()) {
        throw new Rejection(
            ErrorCode.INVALID_ACL,
            path,
            "the ACL has an entry that no caller can match: " + text());
      }
    }

    void requirePermissions(String path) {
      if ((permissions & ~Permission.ALL) != 0) {
        throw new Rejection(
            ErrorCode.INVALID_ACL, path, "the ACL allows what is unknown: " + permissions);
      }
    }

    private boolean isIdWellFormed() {
      return switch (scheme) {
        case WORLD -> id.equals(ANYONE);
        case Identity.DIGEST -> isUserAndHash();
        case Identity.IP -> IpRange.of(id).isPresent();
        case Identity.X509 -> id.indexOf('=') > 0; // Of a form of names, and compared as it is.
        default -> false;
      };
    }

    // As ZooKeeper splits it: a colon at the end counts for nothing.
    private boolean isUserAndHash() {
      String parts = CharMatcher.is(':').trimTrailingFrom(id);
      return CharMatcher.is(':').countIn(parts) == 1;
    }

    private Entry masked() {
      int colon = id.indexOf(':');
      return scheme.equals(Identity.DIGEST) && colon >= 0
          ? new Entry(permissions, scheme, id.substring(0, colon) + ":x")
          : this;
    }

    private String text() {
      return scheme.equals(Identity.DIGEST)
          ? masked().scheme + ":" + masked().id
          : scheme + ":" + id;
    }
  }
}
