package io.quoll.server;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Ascii;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.quoll.server.coordination.StartupException;
import io.quoll.server.tls.Passphrase;
import io.quoll.server.tls.PortTls.ClientAuth;
import io.quoll.server.tls.StoreFile;
import io.quoll.server.tls.StoreFile.Form;
import io.quoll.server.tls.TlsFiles;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The keys of the configuration about TLS. They are ZooKeeper's, but for {@code allowPlaintext} and
 * {@code keyStore.chainLocation}. What begins with {@code ssl.quorum.} is about the port between
 * the members, and each file that is not named there is the one of {@code ssl.}.
 */
final class TlsKeys {
  static final String ALLOW_PLAINTEXT = "allowPlaintext";
  static final String SSL_QUORUM = "sslQuorum";
  static final String CLIENT = "ssl.";
  static final String QUORUM = "ssl.quorum.";

  private static final String KEY_STORE = "keyStore.";
  private static final String TRUST_STORE = "trustStore.";
  private static final String LOCATION = "location";
  private static final String CHAIN_LOCATION = "chainLocation";
  private static final String TYPE = "type";
  private static final String PASSWORD = "password";
  private static final String PASSWORD_PATH = "passwordPath";
  private static final String CLIENT_AUTH = "clientAuth";
  private static final String ENABLED_PROTOCOLS = "enabledProtocols";
  private static final String HOSTNAME_VERIFICATION = "hostnameVerification";
  private static final String CLIENT_HOSTNAME_VERIFICATION = "clientHostnameVerification";

  private static final ImmutableList<String> PROTOCOLS = ImmutableList.of("TLSv1.3", "TLSv1.2");

  private static final ImmutableList<String> OF_EACH_PORT =
      ImmutableList.of(
          KEY_STORE + LOCATION,
          KEY_STORE + CHAIN_LOCATION,
          KEY_STORE + TYPE,
          KEY_STORE + PASSWORD,
          KEY_STORE + PASSWORD_PATH,
          TRUST_STORE + LOCATION,
          TRUST_STORE + TYPE,
          TRUST_STORE + PASSWORD,
          TRUST_STORE + PASSWORD_PATH,
          ENABLED_PROTOCOLS);

  /** All of them. */
  static final ImmutableSet<String> ALL =
      Stream.of(
              Stream.of(
                  ALLOW_PLAINTEXT,
                  SSL_QUORUM,
                  CLIENT + CLIENT_AUTH,
                  QUORUM + HOSTNAME_VERIFICATION,
                  QUORUM + CLIENT_HOSTNAME_VERIFICATION),
              OF_EACH_PORT.stream().map(key -> CLIENT + key),
              OF_EACH_PORT.stream().map(key -> QUORUM + key))
          .flatMap(keys -> keys)
          .collect(ImmutableSet.toImmutableSet());

  private final ConfigFile file;

  TlsKeys(ConfigFile file) {
    this.file = file;
  }

  /** How the port for clients is protected; empty if it is not. */
  Optional<TlsConfig> ofClients() {
    Optional<StoreFile> trust = store(CLIENT + TRUST_STORE);
    ClientAuth clientAuth = clientAuth(trust.isPresent());
    Optional<StoreFile> keys = store(CLIENT + KEY_STORE);
    if (keys.isEmpty()) {
      requireUnset(CLIENT + CLIENT_AUTH, CLIENT + KEY_STORE + CHAIN_LOCATION);
      return Optional.empty();
    }
    TlsFiles files = new TlsFiles(keys.get(), chain(CLIENT, keys.get()), trust);
    return Optional.of(new TlsConfig(files, clientAuth, protocols(CLIENT), true, false));
  }

  private void requireUnset(String... withoutEffect) {
    for (String key : withoutEffect) {
      if (file.value(key).isPresent()) {
        throw file.error(key, "is set, and %s%slocation is not", CLIENT, KEY_STORE);
      }
    }
  }

  /** How the port between members is protected; empty if it is not. */
  Optional<TlsConfig> ofMembers() {
    if (!file.flag(SSL_QUORUM, false)) {
      return Optional.empty();
    }
    Optional<StoreFile> own = store(QUORUM + KEY_STORE);
    StoreFile keys =
        own.or(() -> store(CLIENT + KEY_STORE)).orElseThrow(() -> incomplete(KEY_STORE));
    StoreFile trust =
        store(QUORUM + TRUST_STORE)
            .or(() -> store(CLIENT + TRUST_STORE))
            .orElseThrow(() -> incomplete(TRUST_STORE));
    return Optional.of(
        new TlsConfig(
            new TlsFiles(keys, chain(own.isPresent() ? QUORUM : CLIENT, keys), Optional.of(trust)),
            ClientAuth.NEED,
            protocols(QUORUM),
            file.flag(QUORUM + HOSTNAME_VERIFICATION, true),
            file.flag(QUORUM + CLIENT_HOSTNAME_VERIFICATION, true)));
  }

  private StartupException incomplete(String store) {
    return file.error(
        SSL_QUORUM,
        "is true, and neither %s%slocation nor %s%slocation names a file",
        QUORUM,
        store,
        CLIENT,
        store);
  }

  private Optional<StoreFile> store(String prefix) {
    String key = prefix + LOCATION;
    return path(key).map(path -> new StoreFile(key, path, form(prefix, path), passphrase(prefix)));
  }

  private Optional<StoreFile> chain(String prefix, StoreFile keys) {
    String key = prefix + KEY_STORE + CHAIN_LOCATION;
    Optional<Path> path = path(key);
    if (path.isPresent() && keys.form() != Form.PEM) {
      throw file.error(key, "is set, and %s holds the chain itself", keys.key());
    }
    return path.map(chain -> new StoreFile(key, chain, Form.PEM, Passphrase.NONE));
  }

  private Optional<Path> path(String key) {
    Optional<String> value = file.value(key);
    if (value.isPresent() && value.get().isEmpty()) {
      throw file.error(key, "is empty; it takes the path of a file");
    }
    try {
      return value.map(Path::of);
    } catch (InvalidPathException invalid) {
      throw file.error(key, "takes the path of a file, not \"%s\"", value.orElseThrow());
    }
  }

  private Form form(String prefix, Path path) {
    String key = prefix + TYPE;
    Optional<String> value = file.value(key);
    if (value.isEmpty()) {
      return Form.of(path);
    }
    try {
      return Form.valueOf(value.get().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw file.error(key, "takes PEM, PKCS12 or JKS, not \"%s\"", value.get());
    }
  }

  private Passphrase passphrase(String prefix) {
    Optional<String> text = file.value(prefix + PASSWORD);
    Optional<Path> path = path(prefix + PASSWORD_PATH);
    if (text.isPresent() && path.isPresent()) {
      throw file.error(prefix + PASSWORD, "is set, and %s%s too", prefix, PASSWORD_PATH);
    }
    return path.map(Passphrase::in).or(() -> text.map(Passphrase::of)).orElse(Passphrase.NONE);
  }

  private ClientAuth clientAuth(boolean hasTrust) {
    String key = CLIENT + CLIENT_AUTH;
    Optional<String> value = file.value(key);
    if (value.isEmpty()) {
      return hasTrust ? ClientAuth.NEED : ClientAuth.NONE;
    }
    ClientAuth wanted;
    try {
      wanted = ClientAuth.valueOf(Ascii.toUpperCase(value.get()));
    } catch (IllegalArgumentException unknown) {
      throw file.error(key, "takes need, want or none, not \"%s\"", value.get());
    }
    if (wanted != ClientAuth.NONE && !hasTrust) {
      throw file.error(
          key,
          "is %s, and %s%slocation, which would say whose certificates are good, is not set",
          value.get(),
          CLIENT,
          TRUST_STORE);
    }
    return wanted;
  }

  private ImmutableList<String> protocols(String prefix) {
    String key = prefix + ENABLED_PROTOCOLS;
    Optional<String> value = file.value(key);
    if (value.isEmpty()) {
      return PROTOCOLS;
    }
    ImmutableList<String> protocols =
        Splitter.on(',')
            .trimResults()
            .omitEmptyStrings()
            .splitToStream(value.get())
            .collect(toImmutableList());
    if (protocols.isEmpty() || !PROTOCOLS.containsAll(protocols)) {
      throw file.error(key, "takes TLSv1.3, TLSv1.2 or both, not \"%s\"", value.get());
    }
    return protocols;
  }
}
