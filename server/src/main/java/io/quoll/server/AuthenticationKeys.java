package io.quoll.server;

import static com.google.common.collect.ImmutableSet.toImmutableSet;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.quoll.server.coordination.Authentication;
import io.quoll.server.coordination.DigestForm;
import io.quoll.server.tls.PortTls.ClientAuth;
import io.quoll.statemachine.state.Identity;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * The keys of the configuration about who callers are; they are ZooKeeper's. No error tells the
 * digest of super. (ADR 0021, ADR 0022.)
 */
final class AuthenticationKeys {
  static final String SUPER_DIGEST = "DigestAuthenticationProvider.superDigest";
  static final String DIGEST_ALGORITHM = "DigestAuthenticationProvider.digestAlg";
  static final String SUPER_USER = "X509AuthenticationProvider.superUser";
  static final String ENFORCE_ENABLED = "enforce.auth.enabled";
  static final String ENFORCE_SCHEMES = "enforce.auth.schemes";

  /** All of them. */
  static final ImmutableSet<String> ALL =
      ImmutableSet.of(SUPER_DIGEST, DIGEST_ALGORITHM, SUPER_USER, ENFORCE_ENABLED, ENFORCE_SCHEMES);

  /** What a caller can prove; he comes from an address anyway. */
  private static final ImmutableSet<String> PROVABLE =
      ImmutableSet.of(Identity.DIGEST, Identity.X509);

  private final ConfigFile file;
  private final boolean certificates;

  /** The keys in {@code file}, where clients are protected by {@code tls}. */
  AuthenticationKeys(ConfigFile file, Optional<TlsConfig> tls) {
    this.file = file;
    this.certificates = tls.filter(of -> of.clientAuth() != ClientAuth.NONE).isPresent();
  }

  /** How callers are judged. */
  Authentication.Settings settings() {
    return new Authentication.Settings(superDigest(), digestForm(), enforcedSchemes());
  }

  private Optional<String> superDigest() {
    Optional<String> id = file.value(SUPER_DIGEST);
    if (id.filter(value -> !DigestForm.isId(value)).isPresent()) {
      throw file.error(
          SUPER_DIGEST,
          "takes user:{SHA-256} and the Base64 of the SHA-256 of user:password, or user: and the"
              + " Base64 of its SHA-1");
    }
    return id;
  }

  private DigestForm digestForm() {
    String algorithm = file.value(DIGEST_ALGORITHM).orElse("SHA-256");
    return switch (algorithm) {
      case "SHA-256" -> DigestForm.SHA_256;
      case "SHA1", "SHA-1" -> DigestForm.SHA_1;
      default -> throw file.error(DIGEST_ALGORITHM, "takes SHA-256 or SHA1, not \"%s\"", algorithm);
    };
  }

  private ImmutableSet<String> enforcedSchemes() {
    if (!file.flag(ENFORCE_ENABLED, false)) {
      return ImmutableSet.of();
    }
    ImmutableSet<String> schemes =
        Splitter.on(',')
            .trimResults()
            .omitEmptyStrings()
            .splitToStream(file.value(ENFORCE_SCHEMES).orElse(""))
            .collect(toImmutableSet());
    if (schemes.isEmpty()) {
      throw file.error(
          ENFORCE_ENABLED, "is true, and %s names no scheme, digest or x509", ENFORCE_SCHEMES);
    }
    for (String unknown : Sets.difference(schemes, PROVABLE)) {
      throw file.error(ENFORCE_SCHEMES, "takes digest, x509 or both, not \"%s\"", unknown);
    }
    if (schemes.equals(ImmutableSet.of(Identity.X509))) {
      requireCertificates(ENFORCE_SCHEMES);
    }
    return schemes;
  }

  /** The subject of the certificate that makes its owner super; empty if there is none. */
  Optional<X500Principal> superSubject() {
    return file.value(SUPER_USER).map(this::superSubject);
  }

  private X500Principal superSubject(String name) {
    try {
      X500Principal subject = new X500Principal(name);
      if (!subject.getName().isEmpty()) { // A certificate may have an empty one.
        requireCertificates(SUPER_USER);
        return subject;
      }
    } catch (IllegalArgumentException malformed) {
      // Told below, in the same words as an empty name.
    }
    throw file.error(
        SUPER_USER,
        "takes the subject of a certificate, such as CN=admin,O=Example, not \"%s\"",
        name);
  }

  private void requireCertificates(String key) {
    if (!certificates) {
      throw file.error(
          key,
          "is %s, and no client can show a certificate: set %skeyStore.location and"
              + " %strustStore.location",
          file.value(key).orElseThrow(),
          TlsKeys.CLIENT,
          TlsKeys.CLIENT);
    }
  }
}
