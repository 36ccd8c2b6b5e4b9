package io.quoll.server.tls;

import com.google.common.collect.ImmutableList;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A private key with its certificates, and whom to trust: as read from files, and checked.
 *
 * @param key the private key
 * @param chain its certificate, and behind it those that signed it
 * @param trusted who may sign the other side's certificate
 */
record TlsMaterial(
    PrivateKey key, ImmutableList<X509Certificate> chain, ImmutableList<X509Certificate> trusted) {

  /**
   * Reads {@code files} and checks that they can be used at {@code now}.
   *
   * @throws TlsFileException if one cannot be read, the key is not that of the certificate, or the
   *     certificate is not valid now
   */
  static TlsMaterial read(TlsFiles files, Instant now) throws TlsFileException {
    StoreFile chainFile = files.chain().orElse(files.keys());
    PrivateKey key;
    ImmutableList<X509Certificate> chain;
    if (files.keys().form() == StoreFile.Form.PEM) {
      key = Pem.read(files.keys()).privateKey();
      chain = Pem.read(chainFile).certificates();
    } else {
      KeyStore.PrivateKeyEntry entry = entry(files.keys());
      key = entry.getPrivateKey();
      chain = x509(entry.getCertificateChain());
    }
    if (chain.isEmpty()) {
      throw new TlsFileException(chainFile, "it holds no certificate");
    }
    checkPair(files.keys(), key, chain.get(0).getPublicKey());
    checkOrder(chainFile, chain);
    for (X509Certificate certificate : chain) {
      checkValid(chainFile, certificate, now);
    }
    return new TlsMaterial(key, chain, trusted(files.trust()));
  }

  private static KeyStore.PrivateKeyEntry entry(StoreFile file) throws TlsFileException {
    char[] password = file.passphrase().read(file);
    KeyStore store = open(file, password);
    try {
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          Key key = store.getKey(alias, password);
          Certificate[] chain = store.getCertificateChain(alias);
          if (key instanceof PrivateKey privateKey && chain != null) {
            return new KeyStore.PrivateKeyEntry(privateKey, chain);
          }
        }
      }
    } catch (GeneralSecurityException wrong) {
      throw new TlsFileException(file, "its key cannot be had: " + wrong.getMessage());
    }
    throw new TlsFileException(file, "it holds no private key");
  }

  private static KeyStore open(StoreFile file, char[] password) throws TlsFileException {
    byte[] bytes = file.read();
    try {
      KeyStore store = KeyStore.getInstance(file.form().name());
      store.load(new ByteArrayInputStream(bytes), password);
      return store;
    } catch (IOException | GeneralSecurityException unreadable) {
      throw new TlsFileException(
          file,
          "it cannot be opened as %s with the password given: %s"
              .formatted(file.form(), unreadable.getMessage()));
    }
  }

  private static ImmutableList<X509Certificate> x509(Certificate[] certificates) {
    List<X509Certificate> all = new ArrayList<>();
    for (Certificate certificate : certificates) {
      all.add((X509Certificate) certificate);
    }
    return ImmutableList.copyOf(all);
  }

  private static ImmutableList<X509Certificate> trusted(Optional<StoreFile> file)
      throws TlsFileException {
    if (file.isEmpty()) {
      return ImmutableList.of();
    }
    StoreFile trust = file.get();
    ImmutableList<X509Certificate> trusted =
        trust.form() == StoreFile.Form.PEM
            ? Pem.read(trust).certificates()
            : certificates(trust, open(trust, trust.passphrase().read(trust)));
    if (trusted.isEmpty()) {
      throw new TlsFileException(trust, "it holds no certificate, and nobody could be trusted");
    }
    return trusted;
  }

  private static ImmutableList<X509Certificate> certificates(StoreFile file, KeyStore store)
      throws TlsFileException {
    List<X509Certificate> all = new ArrayList<>();
    try {
      for (String alias : Collections.list(store.aliases())) {
        if (store.getCertificate(alias) instanceof X509Certificate certificate) {
          all.add(certificate);
        }
      }
    } catch (GeneralSecurityException unreadable) {
      throw new TlsFileException(file, "it cannot be read: " + unreadable.getMessage());
    }
    return ImmutableList.copyOf(all);
  }

  private static void checkPair(StoreFile file, PrivateKey key, PublicKey certified)
      throws TlsFileException {
    boolean isPair;
    try {
      isPair =
          key.getAlgorithm().equals(certified.getAlgorithm())
              && verifies(certified, sign(key), signature(key));
    } catch (GeneralSecurityException different) {
      isPair = false;
    }
    if (!isPair) {
      throw new TlsFileException(file, "its private key is not that of the certificate");
    }
  }

  private static byte[] sign(PrivateKey key) throws GeneralSecurityException {
    Signature signature = signature(key);
    signature.initSign(key);
    signature.update(new byte[] {1, 2, 3});
    return signature.sign();
  }

  private static boolean verifies(PublicKey key, byte[] signed, Signature signature)
      throws GeneralSecurityException {
    signature.initVerify(key);
    signature.update(new byte[] {1, 2, 3});
    return signature.verify(signed);
  }

  private static Signature signature(Key key) throws GeneralSecurityException {
    return Signature.getInstance(
        key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
  }

  private static void checkOrder(StoreFile file, List<X509Certificate> chain)
      throws TlsFileException {
    for (int i = 1; i < chain.size(); i++) {
      X509Certificate signed = chain.get(i - 1);
      X509Certificate signer = chain.get(i);
      if (!signed.getIssuerX500Principal().equals(signer.getSubjectX500Principal())) {
        throw new TlsFileException(
            file,
            """
            its certificate %d is of "%s", which did not sign the one before it; the server's own \
            comes first, then who signed it, and so on"""
                .formatted(i + 1, signer.getSubjectX500Principal()));
      }
    }
  }

  private static void checkValid(StoreFile file, X509Certificate certificate, Instant now)
      throws TlsFileException {
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    String name = "its certificate of \"" + certificate.getSubjectX500Principal() + "\"";
    if (now.isBefore(from)) {
      throw new TlsFileException(file, name + " is not valid before " + from);
    }
    if (now.isAfter(until)) {
      throw new TlsFileException(file, name + " expired at " + until);
    }
  }

  /** When the first of its own certificates ends to be valid. */
  Instant validUntil() {
    return chain.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }
}
