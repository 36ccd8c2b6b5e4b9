package io.quoll.cli.certs;

import com.google.common.collect.ImmutableList;
import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs certificates, all of them with keys of their own on the curve P-256. Thread-safe. */
public final class CertificateAuthority {
  private static final int SERIAL_BITS = 127;

  private final SecureRandom random = new SecureRandom();
  private final Issued own;

  /** The one with this key, which signed its own certificate. */
  public CertificateAuthority(PrivateKey key, X509Certificate certificate) {
    this.own = new Issued(key, ImmutableList.of(certificate));
  }

  /** A new one, called {@code name}. */
  public static CertificateAuthority create(String name, Instant from, Instant until) {
    KeyPair pair = newKey();
    X500Principal subject = new X500Principal("CN=" + name);
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            subject,
            new BigInteger(SERIAL_BITS, new SecureRandom()),
            Date.from(from),
            Date.from(until),
            subject,
            pair.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    } catch (IOException | GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
    return new CertificateAuthority(pair.getPrivate(), signed(builder, pair.getPrivate()));
  }

  /** Its own key and certificate. */
  public Issued own() {
    return own;
  }

  /**
   * Signs a certificate for a server, which may call other servers with it.
   *
   * @param name its common name
   * @param hosts the names and addresses that it is reached at
   */
  public Issued server(String name, List<String> hosts, Instant from, Instant until) {
    return issue(
        name,
        hosts,
        from,
        until,
        new ExtendedKeyUsage(
            new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
  }

  /** Signs a certificate for a client called {@code name}. */
  public Issued client(String name, Instant from, Instant until) {
    return issue(name, List.of(), from, until, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
  }

  private Issued issue(
      String name, List<String> hosts, Instant from, Instant until, ExtendedKeyUsage usage) {
    KeyPair pair = newKey();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            own.certificate().getSubjectX500Principal(),
            new BigInteger(SERIAL_BITS, random),
            Date.from(from),
            Date.from(until),
            new X500Principal("CN=" + name),
            pair.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, false, usage);
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils()
              .createAuthorityKeyIdentifier(own.certificate().getPublicKey()));
      if (!hosts.isEmpty()) {
        builder.addExtension(Extension.subjectAlternativeName, false, names(hosts));
      }
    } catch (IOException | GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
    return new Issued(pair.getPrivate(), ImmutableList.of(signed(builder, own.key())));
  }

  private static GeneralNames names(List<String> hosts) {
    return new GeneralNames(
        hosts.stream()
            .map(
                host ->
                    new GeneralName(
                        InetAddresses.isInetAddress(host)
                            ? GeneralName.iPAddress
                            : GeneralName.dNSName,
                        host))
            .toArray(GeneralName[]::new));
  }

  private static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey key) {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    } catch (OperatorCreationException | GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
