package io.quoll.server.coordination;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A form in which the digest scheme spells a user with a password: {@code user:hash}, the hash
 * being that of {@code user:password}. (ADR 0022.)
 */
public enum DigestForm {
  /** The hash is {@code {SHA-256}} and the Base64 of 32 bytes. */
  SHA_256("SHA-256", "{SHA-256}"),
  /** The hash is the Base64 of 20 bytes: ZooKeeper's form. */
  SHA_1("SHA-1", "");

  private final String algorithm;
  private final String prefix;

  DigestForm(String algorithm, String prefix) {
    this.algorithm = algorithm;
    this.prefix = prefix;
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
