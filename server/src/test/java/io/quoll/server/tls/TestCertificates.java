package io.quoll.server.tls;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that signs certificates for a test, good ones and others. */
public final class TestCertificates {
  private static final AtomicLong SERIALS = new AtomicLong();

  private final Issued authority;

  /** A key with its certificate. */
  public record Issued(PrivateKey key, X509Certificate certificate) {
    /** Both as PEM. */
    public String pem() {
      return keyPem() + certificatePem();
    }

    /** The key as PEM. */
    public String keyPem() {
      return block("PRIVATE KEY", key.getEncoded());
    }

    /** The certificate as PEM. */
    public String certificatePem() {
      try {
        return block("CERTIFICATE", certificate.getEncoded());
      } catch (GeneralSecurityException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    /** Writes both into a file. */
    public Path write(Path file) throws IOException {
      return Files.writeString(file, pem());
    }
  }

  /** A new authority. */
  public TestCertificates(String name) {
    Instant now = Instant.now();
    this.authority =
        sign(Optional.empty(), name, now.minusSeconds(3600), now.plus(Duration.ofDays(1)), true);
  }

  /** Its certificate. */
  public Issued authority() {
    return authority;
  }

  /** A certificate that is valid now. */
  public Issued issue(String name, String... hosts) {
    Instant now = Instant.now();
    return issue(name, now.minusSeconds(3600), now.plus(Duration.ofDays(1)), hosts);
  }

  /** A certificate that is valid at another time. */
  public Issued issue(String name, Instant from, Instant until, String... hosts) {
    return sign(Optional.of(authority), name, from, until, false, hosts);
  }

  /** A certificate that nobody but itself has signed. */
  public static Issued selfSigned(String name, String... hosts) {
    Instant now = Instant.now();
    return sign(
        Optional.empty(), name, now.minusSeconds(3600), now.plus(Duration.ofDays(1)), false, hosts);
  }

  private static Issued sign(
      Optional<Issued> signer,
      String name,
      Instant from,
      Instant until,
      boolean signsOthers,
      String... hosts) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair pair = generator.generateKeyPair();
      X500Principal subject = new X500Principal("CN=" + name);
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              signer.map(by -> by.certificate().getSubjectX500Principal()).orElse(subject),
              BigInteger.valueOf(SERIALS.incrementAndGet()),
              Date.from(from),
              Date.from(until),
              subject,
              pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(signsOthers));
      if (hosts.length > 0) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                Arrays.stream(hosts)
                    .map(TestCertificates::generalName)
                    .toArray(GeneralName[]::new)));
      }
      PrivateKey key = signer.map(Issued::key).orElse(pair.getPrivate());
      return new Issued(
          pair.getPrivate(),
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key))));
    } catch (IOException | GeneralSecurityException | OperatorCreationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static GeneralName generalName(String host) {
    return new GeneralName(
        InetAddresses.isInetAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host);
  }

  private static String block(String label, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(bytes), label);
  }
}
