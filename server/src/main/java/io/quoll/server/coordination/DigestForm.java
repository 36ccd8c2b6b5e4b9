package io.quoll.server.coordination;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * A form in which the digest scheme spells a user with a password: {@code user:hash}, the hash
 * being that of {@code user:password}. (ADR 0022.)
 */
public enum DigestForm {
  /** The hash is {@code {SHA-256}} and the Base64 of 32 bytes. */
  SHA_256("SHA-256", "{SHA-256}", 32),
  /** The hash is the Base64 of 20 bytes: ZooKeeper's form. */
  SHA_1("SHA-1", "", 20);

  private final String algorithm;
  private final String prefix;
  private final int hashBytes;

  DigestForm(String algorithm, String prefix, int hashBytes) {
    this.algorithm = algorithm;
    this.prefix = prefix;
    this.hashBytes = hashBytes;
  }

  /** Whether {@code text} is an id that some user with some password has, in either form. */
  public static boolean isId(String text) {
    int colon = text.indexOf(':');
    String hash = text.substring(colon + 1);
    return colon > 0 && Arrays.stream(values()).anyMatch(form -> form.isHash(hash));
  }

  private boolean isHash(String text) {
    try {
      return text.startsWith(prefix)
          && Base64.getDecoder().decode(text.substring(prefix.length())).length == hashBytes;
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  /**
   * The id of a user.
   *
   * @param user what stands before the first colon of {@code credentials}
   * @param credentials {@code user:password} in UTF-8
   */
  String id(String user, ByteString credentials) {
    byte[] hash = hash().digest(credentials.toByteArray());
    return user + ":" + prefix + Base64.getEncoder().encodeToString(hash);
  }

  private MessageDigest hash() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException missing) {
      throw new AssertionError("every JDK has " + algorithm, missing);
    }
  }
}
