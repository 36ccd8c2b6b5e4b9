package io.quoll.server.coordination;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Identity;
import io.quoll.statemachine.state.Rejection;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Judges who callers prove to be, and whether they are served at all. Knows no secret but the hash
 * of the password of the super user, and keeps no credentials. Thread-safe; waits for nothing. (ADR
 * 0021, ADR 0022.)
 */
public final class Authentication {
  /** The most credentials that a call comes with. */
  public static final int CREDENTIALS_MAX = 16;

  /** The most identities that a session has proved. */
  public static final int IDENTITIES_MAX = 100;

  /** The most bytes of credentials. */
  public static final int CREDENTIALS_BYTES_MAX = 1024;

  private final Settings settings;

  /**
   * What the administrator decides.
   *
   * @param superDigest the id of the super user in the digest scheme, in either form; empty if
   *     there is none
   * @param form the form in which {@code auth} in an ACL names a user of the digest scheme
   * @param enforcedSchemes the schemes of which a caller must have proved one to be served; empty
   *     if everyone is
   */
  public record Settings(
      Optional<String> superDigest, DigestForm form, ImmutableSet<String> enforcedSchemes) {
    /** Everyone is served, and there is no super user. */
    public static final Settings OPEN =
        new Settings(Optional.empty(), DigestForm.SHA_256, ImmutableSet.of());

    @Override
    public String toString() {
      return "Settings[superDigest=%s, form=%s, enforcedSchemes=%s]"
          .formatted(superDigest.isPresent() ? "(set)" : "(none)", form, enforcedSchemes);
    }
  }

  /** Judges as {@code settings} say. */
  public Authentication(Settings settings) {
    this.settings = settings;
  }

  /**
   * Who a caller is once he has shown {@code credentials}.
   *
   * @param known who he has proved to be before
   * @throws Rejection {@code AUTH_FAILED} if the scheme is unknown, if the credentials are not of
   *     its form, or if he has proved to be more than {@link #IDENTITIES_MAX}
   */
  public Identities prove(Identities known, String scheme, ByteString credentials) {
    Identities proved =
        switch (scheme) {
          case Identity.DIGEST -> known.and(digest(credentials));
          case Identity.IP -> known; // Known from the connection, or never.
          case Identity.X509 -> requireCertificate(known);
          default -> throw failed("the scheme \"" + scheme + "\" is unknown");
        };
    if (proved.proved().size() > IDENTITIES_MAX) {
      throw failed("a session proves at most " + IDENTITIES_MAX + " identities");
    }
    return proved;
  }

  private ImmutableList<Identity> digest(ByteString credentials) {
    String text = credentials.toStringUtf8();
    int colon = text.indexOf(':');
    if (colon <= 0
        || !credentials.isValidUtf8()
        || credentials.size()
            > CREDENTIALS_BYTES_MAX) { // Nothing of them is told, for good reason.
      throw failed(
          "the scheme digest takes user:password, in UTF-8 and at most "
              + CREDENTIALS_BYTES_MAX
              + " bytes");
    }
    String user = text.substring(0, colon);
    String strong = DigestForm.SHA_256.id(user, credentials);
    String weak = DigestForm.SHA_1.id(user, credentials);
    Identity identity =
        switch (settings.form()) {
          case SHA_256 -> new Identity(Identity.DIGEST, strong, weak);
          case SHA_1 -> new Identity(Identity.DIGEST, weak, strong);
        };
    return isSuper(strong, weak)
        ? ImmutableList.of(Identity.SUPER, identity)
        : ImmutableList.of(identity);
  }

  private boolean isSuper(String strong, String weak) {
    return settings
        .superDigest()
        .filter(id -> isEqual(id, strong) || isEqual(id, weak))
        .isPresent();
  }

  // In a time that tells nothing of where they differ.
  private static boolean isEqual(String id, String other) {
    return MessageDigest.isEqual(id.getBytes(UTF_8), other.getBytes(UTF_8));
  }

  /** Whether there is a super user with a password. */
  public boolean hasSuperPassword() {
    return settings.superDigest().isPresent();
  }

  /** Whether {@code userAndPassword} is that of the super user; not so if it is malformed. */
  public boolean isSuper(ByteString userAndPassword) {
    try {
      return prove(Identities.NONE, Identity.DIGEST, userAndPassword).isSuper();
    } catch (Rejection malformed) {
      return false;
    }
  }

  private static Identities requireCertificate(Identities known) {
    if (known.proved().stream().noneMatch(identity -> identity.scheme().equals(Identity.X509))) {
      throw failed("the connection came without a certificate that is trusted");
    }
    return known;
  }

  /**
   * Lets a caller pass who is served.
   *
   * @throws Rejection {@code AUTH_REQUIRED} if he has not proved what he must
   */
  public void requireServed(Identities caller) {
    if (!settings.enforcedSchemes().isEmpty() && !caller.isSuper() && !hasProved(caller)) {
      throw new Rejection(
          ErrorCode.AUTH_REQUIRED,
          "",
          "this ensemble serves only callers who prove who they are, by "
              + String.join(" or ", settings.enforcedSchemes()));
    }
  }

  private boolean hasProved(Identities caller) {
    return caller.proved().stream()
        .anyMatch(identity -> settings.enforcedSchemes().contains(identity.scheme()));
  }

  private static Rejection failed(String detail) {
    return new Rejection(ErrorCode.AUTH_FAILED, "", detail);
  }
}
