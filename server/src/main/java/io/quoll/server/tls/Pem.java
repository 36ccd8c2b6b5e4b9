package io.quoll.server.tls;

import com.google.common.collect.ImmutableList;
import com.google.common.io.BaseEncoding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** What is in a PEM file: blocks, each with a label. Text around them is ignored. */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PRIVATE_KEY = "PRIVATE KEY";
  private static final String ENCRYPTED_PRIVATE_KEY = "ENCRYPTED PRIVATE KEY";
  private static final String PBES2 = "1.2.840.113549.1.5.13";
  private static final ImmutableList<String> ALGORITHMS = ImmutableList.of("RSA", "EC");

  private final StoreFile store;
  private final ImmutableList<Block> blocks;

  @SuppressWarnings("ArrayRecordComponent") // Never compared, never changed.
  private record Block(String label, byte[] bytes) {}

  private Pem(StoreFile store, ImmutableList<Block> blocks) {
    this.store = store;
    this.blocks = blocks;
  }

  static Pem read(StoreFile store) throws TlsFileException {
    String text = new String(store.read(), StandardCharsets.ISO_8859_1);
    ImmutableList.Builder<Block> blocks = ImmutableList.builder();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), bytes(store, matcher.group(1), matcher.group(2))));
    }
    return new Pem(store, blocks.build());
  }

  private static byte[] bytes(StoreFile store, String label, String text) throws TlsFileException {
    try {
      // Headers, as in old encrypted keys, hold a colon, which base64 does not.
      return BaseEncoding.base64().decode(text.replaceAll("(?m)^.*:.*$|\\s", ""));
    } catch (IllegalArgumentException garbled) {
      throw new TlsFileException(store, "its block " + label + " is garbled");
    }
  }

  /** The certificates in their order. */
  ImmutableList<X509Certificate> certificates() throws TlsFileException {
    ImmutableList.Builder<X509Certificate> certificates = ImmutableList.builder();
    int number = 0;
    for (Block block : blocks) {
      if (block.label().equals(CERTIFICATE)) {
        number++;
        certificates.add(certificate(block, number));
      }
    }
    return certificates.build();
  }

  private X509Certificate certificate(Block block, int number) throws TlsFileException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.bytes()));
    } catch (CertificateException garbled) {
      throw new TlsFileException(
          store, "its certificate %d is garbled: %s".formatted(number, garbled.getMessage()));
    }
  }

  /** The one private key. */
  PrivateKey privateKey() throws TlsFileException {
    ImmutableList<Block> keys =
        blocks.stream()
            .filter(block -> block.label().endsWith(PRIVATE_KEY))
            .collect(ImmutableList.toImmutableList());
    if (keys.size() != 1) {
      throw new TlsFileException(
          store, keys.isEmpty() ? "it holds no private key" : "it holds more than one private key");
    }
    Block key = keys.get(0);
    return switch (key.label()) {
      case PRIVATE_KEY -> decoded(key.bytes());
      case ENCRYPTED_PRIVATE_KEY -> decoded(decrypted(key.bytes()));
      default ->
          throw new TlsFileException(
              store,
              """
              its key is of the old form "%s"; convert it: openssl pkcs8 -topk8 -nocrypt -in OLD \
              -out NEW"""
                  .formatted(key.label()));
    };
  }

  private PrivateKey decoded(byte[] bytes) throws TlsFileException {
    PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(bytes);
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (GeneralSecurityException another) {
        // The bytes say which algorithm they are for only to those who know it.
      }
    }
    throw new TlsFileException(store, "its key is garbled, or of another kind than RSA and EC");
  }

  private byte[] decrypted(byte[] bytes) throws TlsFileException {
    char[] password = store.passphrase().read(store);
    if (password.length == 0) {
      throw new TlsFileException(store, "its key is encrypted, and no password is given");
    }
    try {
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(bytes);
      // The JDK names the newer scheme by its number, and knows its parts by the parameters.
      String name =
          info.getAlgName().equals("PBES2") || info.getAlgName().equals(PBES2)
              ? info.getAlgParameters().toString()
              : info.getAlgName();
      Cipher cipher = Cipher.getInstance(name);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(name).generateSecret(new PBEKeySpec(password)),
          info.getAlgParameters());
      return info.getKeySpec(cipher).getEncoded();
    } catch (IOException | GeneralSecurityException failure) {
      throw new TlsFileException(
          store, "its key cannot be decrypted with the password given: " + failure.getMessage());
    }
  }
}
