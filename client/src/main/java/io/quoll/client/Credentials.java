package io.quoll.client;

import com.google.errorprone.annotations.Immutable;
import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A user and a password, which a caller shows to prove to be this user in the scheme digest. {@link
 * #toString} tells the user alone. They cross the network as they are, so that whoever can listen
 * on it learns them unless the connection is encrypted.
 */
@Immutable
public final class Credentials {
  /** The scheme of users with a password. */
  static final String DIGEST = "digest";

  private final String user;
  private final ByteString userAndPassword;

  private Credentials(String user, ByteString userAndPassword) {
    this.user = user;
    this.userAndPassword = userAndPassword;
  }

  /**
   * A user with a password.
   *
   * @throws IllegalArgumentException if the user is empty or has a colon
   */
  public static Credentials of(String user, String password) {
    if (user.isEmpty() || user.indexOf(':') >= 0) {
      throw new IllegalArgumentException("a user has a name, without a colon");
    }
    return new Credentials(user, ByteString.copyFromUtf8(user + ":" + password));
  }

  /**
   * The credentials that {@code user:password} spells.
   *
   * @throws IllegalArgumentException if it spells none, with a message that tells nothing of it
   */
  public static Credentials parse(String userAndPassword) {
    int colon = userAndPassword.indexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("credentials have the form user:password");
    }
    return of(userAndPassword.substring(0, colon), userAndPassword.substring(colon + 1));
  }

  /** The user. */
  public String user() {
    return user;
  }

  /** The id by which an ACL names this user with this password, in the scheme digest. */
  public String digestId() {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(userAndPassword.toByteArray());
      return user + ":{SHA-256}" + Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException missing) {
      throw new AssertionError("every JDK has SHA-256", missing);
    }
  }

  ByteString userAndPassword() {
    return userAndPassword;
  }

  /** What HTTP calls basic authentication. */
  String basic() {
    return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.toByteArray());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Credentials credentials
        && MessageDigest.isEqual(
            userAndPassword.toByteArray(), credentials.userAndPassword.toByteArray());
  }

  @Override
  public int hashCode() {
    return user.hashCode();
  }

  @Override
  public String toString() {
    return "Credentials[" + user + "]";
  }
}
