package io.quoll.server.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows one certificate, which may be replaced. Each has an alias of its own, and the one before is
 * kept, so that a handshake that has begun with it has its key too. Thread-safe.
 */
final class ReloadingKeyManager extends X509ExtendedKeyManager {
  private volatile Generations generations;

  private record Generations(long number, TlsMaterial newest, TlsMaterial before) {
    String alias() {
      return Long.toString(number);
    }

    TlsMaterial of(String alias) {
      return alias.equals(alias()) ? newest : before;
    }
  }

  ReloadingKeyManager(TlsMaterial material) {
    this.generations = new Generations(1, material, material);
  }

  /** Shows {@code material} from now on. Called by one thread at a time. */
  void use(TlsMaterial material) {
    Generations last = generations;
    generations = new Generations(last.number() + 1, material, last.newest());
  }

  X509Certificate certificate() {
    return generations.newest().chain().get(0);
  }

  X509Certificate[] chain() {
    return generations.newest().chain().toArray(new X509Certificate[0]);
  }

  private @Nullable String alias(String... keyTypes) {
    Generations now = generations;
    String algorithm = now.newest().key().getAlgorithm();
    // Older suites say how the key is used behind its kind: EC_EC.
    boolean fits =
        Arrays.stream(keyTypes)
            .anyMatch(type -> type.equals(algorithm) || type.startsWith(algorithm + "_"));
    return fits ? now.alias() : null;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    return alias(keyTypes);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return alias(keyType);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return alias(keyTypes);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return alias(keyType);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return aliases(keyType);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return aliases(keyType);
  }

  private String @Nullable [] aliases(String keyType) {
    String alias = alias(keyType);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return generations.of(alias).chain().toArray(new X509Certificate[0]);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return generations.of(alias).key();
  }
}
