package io.quoll.server.tls;

import static com.google.common.collect.ImmutableSet.toImmutableSet;

import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates that a port shows and trusts, as its files have them now. New ones count for the
 * handshakes after them; connections that stand are left alone. Those that cannot be used are told
 * in the log, and the ones before stay.
 *
 * <p>Thread-safe, but for {@link #check}, which is one thread's.
 */
public final class Credentials {
  private static final Logger LOG = LoggerFactory.getLogger(Credentials.class);
  private static final Duration EXPIRY_NOTICE = Duration.ofDays(14);
  private static final Duration NOTICES_APART = Duration.ofHours(12);

  private final TlsFiles files;
  private final InstantSource clock;
  private final ReloadingKeyManager keys;
  private final ReloadingTrustManager trust;
  private HashCode inUse;
  private HashCode seen;
  private Instant noticeAfter = Instant.MIN;
  private volatile Instant validUntil;

  private Credentials(
      TlsFiles files, InstantSource clock, HashCode fingerprint, TlsMaterial material) {
    this.files = files;
    this.clock = clock;
    this.inUse = fingerprint;
    this.seen = fingerprint;
    this.validUntil = material.validUntil();
    this.keys = new ReloadingKeyManager(material);
    this.trust = new ReloadingTrustManager(material.trusted());
  }

  /**
   * What is in {@code files} now.
   *
   * @throws TlsFileException if that cannot be used
   */
  public static Credentials read(TlsFiles files, InstantSource clock) throws TlsFileException {
    HashCode fingerprint = files.fingerprint();
    return new Credentials(files, clock, fingerprint, TlsMaterial.read(files, clock.instant()));
  }

  /**
   * Looks whether the files have changed, and takes what they hold. To be called every few seconds:
   * files that are replaced one after the other are read once they stand still from one look to the
   * next.
   */
  public void check() {
    HashCode now = files.fingerprint();
    if (!now.equals(inUse) && now.equals(seen)) {
      inUse = now;
      replace();
    }
    seen = now;
    noticeExpiry();
  }

  private void replace() {
    TlsMaterial material;
    try {
      material = TlsMaterial.read(files, clock.instant());
    } catch (TlsFileException | RuntimeException unusable) { // Files of any content.
      LOG.warn(
          "The certificates have changed and cannot be used; those before stay: {}",
          String.valueOf(unusable.getMessage()));
      return;
    }
    trust.use(material.trusted());
    keys.use(material);
    validUntil = material.validUntil();
    noticeAfter = Instant.MIN;
    LOG.info(
        "New handshakes use the new certificate of {}: \"{}\", valid until {}",
        files.keys().key(),
        material.chain().get(0).getSubjectX500Principal(),
        validUntil);
  }

  private void noticeExpiry() {
    Instant now = clock.instant();
    if (now.isAfter(validUntil.minus(EXPIRY_NOTICE)) && now.isAfter(noticeAfter)) {
      noticeAfter = now.plus(NOTICES_APART);
      LOG.warn(
          "The certificate of {} {} at {}; replace the files, which needs no restart",
          files.keys().key(),
          now.isAfter(validUntil) ? "expired" : "expires",
          validUntil);
    }
  }

  /** When the certificate in use ends to be valid. */
  public Instant validUntil() {
    return validUntil;
  }

  /** Shows the certificate in use. */
  public X509ExtendedKeyManager keyManager() {
    return keys;
  }

  /** Trusts what the files trust. It verifies the host where the engine is set to. */
  public X509ExtendedTrustManager trustManager() {
    return trust;
  }

  /**
   * As {@link #trustManager}, for a port between members: who calls must also show a certificate
   * for one of {@code hosts}, so that one that the same authority gave to a client does not do.
   *
   * @param verifiesServers whether the host of a server that is called is verified
   * @param hosts the hosts of the members; any host is good where it is absent
   */
  public X509ExtendedTrustManager peerTrustManager(
      boolean verifiesServers, Supplier<ImmutableSet<String>> hosts) {
    return new PeerTrustManager(trust, verifiesServers, hosts);
  }

  /** Trusts nobody but a server with the very certificate that is in use here. */
  public X509ExtendedTrustManager selfTrustManager() {
    return new SelfTrustManager(keys::certificate);
  }

  /** The names in the certificate in use, in the form of {@link HostNames}. */
  public ImmutableSet<String> names() {
    return HostNames.of(keys.certificate()).stream().collect(toImmutableSet());
  }

  /** Whether the certificate in use is for {@code host}. */
  public boolean isFor(String host) {
    return HostNames.match(keys.certificate(), host);
  }

  /** Whether one would trust oneself: where all members have the same files, each other too. */
  public boolean trustsItself() {
    try {
      X509Certificate[] chain = keys.chain();
      trust.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
      return true;
    } catch (CertificateException untrusted) {
      return false;
    }
  }
}
