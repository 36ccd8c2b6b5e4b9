package io.quoll.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quoll.server.tls.StoreFile.Form;
import io.quoll.server.tls.TestCertificates.Issued;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
  private static final String KEYS = "ssl.keyStore.location";
  private static final String TRUST = "ssl.trustStore.location";

  @TempDir Path directory;

  private final TestCertificates authority = new TestCertificates("authority");
  private Path keys;
  private Path trust;

  @BeforeEach
  void writeGoodFiles() throws IOException {
    keys = authority.issue("one", "one.example.net").write(directory.resolve("one.pem"));
    trust = Files.writeString(directory.resolve("ca.pem"), authority.authority().certificatePem());
  }

  @Test
  void aFileWithAKeyAndItsCertificateIsAllThatAServerNeeds() throws Exception {
    Credentials credentials = read(keys);

    assertThat(credentials.names()).containsExactly("one.example.net");
    assertThat(credentials.isFor("ONE.example.net")).isTrue();
    assertThat(credentials.isFor("two.example.net")).isFalse();
    assertThat(credentials.trustsItself()).isTrue();
  }

  @Test
  void theChainMayBeInAFileOfItsOwn() throws Exception {
    Issued issued = authority.issue("two", "two");
    Path key = Files.writeString(directory.resolve("key.pem"), issued.keyPem());
    Path chain = Files.writeString(directory.resolve("chain.pem"), issued.certificatePem());

    Credentials credentials =
        Credentials.read(
            new TlsFiles(store(KEYS, key), Optional.of(store(KEYS, chain)), Optional.empty()),
            InstantSource.system());

    assertThat(credentials.names()).containsExactly("two");
  }

  @Test
  void keyStoresOfJavaAreTaken() throws Exception {
    Issued issued = authority.issue("three", "three");
    for (Form form : new Form[] {Form.PKCS12, Form.JKS}) {
      KeyStore store = KeyStore.getInstance(form.name());
      store.load(null, null);
      char[] password = "changeit".toCharArray();
      store.setKeyEntry("own", issued.key(), password, new Certificate[] {issued.certificate()});
      Path path = directory.resolve("store." + form);
      try (OutputStream out = Files.newOutputStream(path)) {
        store.store(out, password);
      }

      Credentials credentials =
          Credentials.read(
              files(new StoreFile(KEYS, path, form, Passphrase.of("changeit"))),
              InstantSource.system());

      assertThat(credentials.names()).containsExactly("three");
      assertUnusable(
          new StoreFile(KEYS, path, form, Passphrase.of("wrong")), KEYS, "cannot be opened");
    }
  }

  @Test
  void whatIsWrongIsToldWithTheKeyAndTheFile() throws Exception {
    Issued good = authority.issue("good", "good");
    Issued other = authority.issue("other", "other");
    Instant now = Instant.now();
    Issued expired = authority.issue("old", now.minusSeconds(7200), now.minusSeconds(60), "old");
    Issued early = authority.issue("new", now.plusSeconds(3600), now.plusSeconds(7200), "new");

    assertUnusable(directory.resolve("none.pem"), "none.pem: there is no such file");
    assertUnusable(directory, "it is a directory");
    assertUnusable(file("no key here"), "it holds no private key");
    assertUnusable(file(good.keyPem()), "it holds no certificate");
    assertUnusable(file(good.keyPem() + good.pem()), "more than one private key");
    assertUnusable(
        file(good.keyPem() + other.certificatePem()),
        "its private key is not that of the certificate");
    assertUnusable(file(expired.pem()), "its certificate of \"CN=old\" expired at ");
    assertUnusable(file(early.pem()), "its certificate of \"CN=new\" is not valid before ");
    assertUnusable(file(good.pem() + other.certificatePem()), "certificate 2 is of \"CN=other\"");
    assertUnusable(
        file(good.pem().replaceFirst("BEGIN CERTIFICATE-----\n.{8}", "BEGIN CERTIFICATE-----\n")),
        "its certificate 1 is garbled");
    assertUnusable(
        file(good.pem().replace("PRIVATE KEY", "EC PRIVATE KEY")), "openssl pkcs8 -topk8");
  }

  @Test
  void whoIsToBeTrustedMustBeThere() throws IOException {
    Path empty = file("nobody");

    assertThatThrownBy(
            () ->
                Credentials.read(
                    new TlsFiles(
                        store(KEYS, keys), Optional.empty(), Optional.of(store(TRUST, empty))),
                    InstantSource.system()))
        .isInstanceOf(TlsFileException.class)
        .hasMessageContaining(TRUST + "=" + empty)
        .hasMessageContaining("holds no certificate");
  }

  @Test
  void replacedFilesCountOnceTheyStandStill() throws Exception {
    Credentials credentials = read(keys);
    authority.issue("one", "new.example.net").write(keys);

    credentials.check();
    assertThat(credentials.names()).containsExactly("one.example.net");
    credentials.check();

    assertThat(credentials.names()).containsExactly("new.example.net");
  }

  @Test
  void aHandshakeThatBeganWithTheCertificateBeforeHasItsKey() throws Exception {
    Credentials credentials = read(keys);
    String alias = credentials.keyManager().chooseEngineServerAlias("EC", null, null);
    X509Certificate before = credentials.keyManager().getCertificateChain(alias)[0];

    authority.issue("one", "new.example.net").write(keys);
    credentials.check();
    credentials.check();

    assertThat(credentials.keyManager().getCertificateChain(alias)[0]).isEqualTo(before);
    assertThat(credentials.keyManager().chooseEngineServerAlias("EC", null, null))
        .isNotEqualTo(alias);
    assertThat(credentials.keyManager().chooseEngineServerAlias("RSA", null, null)).isNull();
  }

  @Test
  void aBrokenReplacementLeavesWhatWasThere() throws Exception {
    Credentials credentials = read(keys);
    Files.writeString(keys, authority.issue("one", "new.example.net").keyPem());

    credentials.check();
    credentials.check();
    assertThat(credentials.names()).containsExactly("one.example.net");
    authority.issue("one", "newer.example.net").write(keys);
    credentials.check();
    credentials.check();

    assertThat(credentials.names()).containsExactly("newer.example.net");
  }

  @Test
  void whomToTrustIsReplacedToo() throws Exception {
    Credentials credentials = read(keys);
    TestCertificates next = new TestCertificates("next");

    Files.writeString(trust, next.authority().certificatePem());
    credentials.check();
    credentials.check();

    assertThat(credentials.trustsItself()).isFalse();
  }

  @Test
  void aCertificateIsForTheHostsThatItNames() {
    Issued wild = authority.issue("w", "*.example.net", "10.0.0.1", "::1");

    assertThat(HostNames.match(wild.certificate(), "a.example.net")).isTrue();
    assertThat(HostNames.match(wild.certificate(), "a.b.example.net")).isFalse();
    assertThat(HostNames.match(wild.certificate(), "example.net")).isFalse();
    assertThat(HostNames.match(wild.certificate(), "10.0.0.1")).isTrue();
    assertThat(HostNames.match(wild.certificate(), "0:0:0:0:0:0:0:1")).isTrue();
    assertThat(HostNames.match(wild.certificate(), "10.0.0.2")).isFalse();
    assertThat(HostNames.match(authority.issue("w").certificate(), "w")).isFalse();
  }

  @Test
  void theEndOfACertificateIsKnown() throws Exception {
    Instant until = Instant.ofEpochSecond(Instant.now().plus(Duration.ofDays(2)).getEpochSecond());
    authority.issue("one", Instant.now().minusSeconds(60), until, "one").write(keys);

    assertThat(read(keys).validUntil()).isEqualTo(until);
  }

  private Credentials read(Path file) throws TlsFileException {
    return Credentials.read(files(store(KEYS, file)), InstantSource.system());
  }

  private TlsFiles files(StoreFile own) {
    return new TlsFiles(own, Optional.empty(), Optional.of(store(TRUST, trust)));
  }

  private static StoreFile store(String key, Path file) {
    return new StoreFile(key, file, Form.PEM, Passphrase.NONE);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "some", ".pem"), text);
  }

  private void assertUnusable(Path file, String why) {
    assertUnusable(store(KEYS, file), KEYS + "=" + file, why);
  }

  private void assertUnusable(StoreFile store, String which, String why) {
    assertThatThrownBy(() -> Credentials.read(files(store), InstantSource.system()))
        .isInstanceOf(TlsFileException.class)
        .hasMessageContaining(which)
        .hasMessageContaining(why);
  }
}
