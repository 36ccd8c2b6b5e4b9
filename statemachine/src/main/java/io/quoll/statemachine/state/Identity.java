package io.quoll.statemachine.state;

import com.google.errorprone.annotations.Immutable;

/**
 * Somebody, as a scheme of authentication knows him. An ACL names him by his id or his alias.
 *
 * @param scheme the scheme, such as {@code digest}
 * @param id the identity, in the scheme's form
 * @param alias another form of the same identity, or empty if there is none
 */
@Immutable
public record Identity(String scheme, String id, String alias) {
  /** The scheme of users with a password; an id is {@code user:hash}. (ADR 0022.) */
  public static final String DIGEST = "digest";

  /** The scheme of users with a certificate; an id is the name of its subject. */
  public static final String X509 = "x509";

  /** The scheme of addresses; an id is an address, or in an ACL a range of them. */
  public static final String IP = "ip";

  /** Whoever may do everything, whatever an ACL says. */
  public static final Identity SUPER = new Identity("super", "", "");

  /** An identity that has one form only. */
  public static Identity of(String scheme, String id) {
    return new Identity(scheme, id, "");
  }

  /** Who it is in words that may be told: in the scheme digest the user, without the hash. */
  public String user() {
    int colon = id.indexOf(':');
    return scheme.equals(DIGEST) && colon >= 0 ? id.substring(0, colon) : id;
  }

  /** Whether {@code entry} of an ACL names this identity. */
  boolean isNamedBy(Acl.Entry entry) {
    return entry.scheme().equals(scheme)
        && (entry.id().equals(id) || (!alias.isEmpty() && entry.id().equals(alias)));
  }
}
