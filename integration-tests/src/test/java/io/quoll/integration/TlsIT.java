package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quoll.api.v1.MemberStatus;
import io.quoll.cli.certs.CertificateAuthority;
import io.quoll.client.ClientOptions;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import io.quoll.client.QuollException;
import io.quoll.client.QuollRuntime;
import io.quoll.client.QuollSession;
import io.quoll.client.SessionOptions;
import io.quoll.client.SessionState;
import io.quoll.client.TlsOptions;
import io.quoll.server.coordination.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;

/** Servers, and clients of theirs, whose certificates are good, bad, and replaced. */
class TlsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void certificatesAreReplacedUnderLoadAndNobodyNotices() throws Exception {
    Certificates certificates = Certificates.make("tls-replaced");
    CertificateAuthority next = Certificates.authority("next");
    try (Ensemble ensemble = Ensemble.startByTls("tls-replaced", certificates);
        QuollRuntime runtime = QuollRuntime.start()) {
      List<SessionState> states = new CopyOnWriteArrayList<>();
      List<CountedWriter> writers = new ArrayList<>();
      for (int first = 1; first <= 3; first++) {
        QuollSession session = session(ensemble, first, certificates.options(), runtime);
        session.async().addStateListener(states::add);
        session.create("/home" + first, null, CreateMode.PERSISTENT);
        writers.add(new CountedWriter(session, "/home" + first));
      }
      QuollSession reader = session(ensemble, 1, certificates.options(), runtime);
      AtomicBoolean isOver = new AtomicBoolean();
      Thread load = new Thread(() -> write(writers, isOver), "load");
      load.start();

      // First all trust both authorities, then the new one signs.
      certificates.write(
          "ca.pem",
          certificates.authority().own().certificatesPem() + next.own().certificatesPem());
      awaitTold(ensemble, "New handshakes use the new certificate");
      certificates.write("server.pem", Certificates.serverOf(next, Certificates.HOST).pem());
      certificates.write("client.pem", Certificates.clientOf(next).pem());
      for (ServerProcess server : ensemble.servers()) {
        await("new handshakes show the new certificate")
            .atMost(PATIENCE)
            .until(() -> issuerShownAt(server).equals("CN=next"));
      }
      int acknowledged = writers.stream().mapToInt(CountedWriter::acknowledged).sum();
      await("the load goes on")
          .atMost(PATIENCE)
          .until(
              () ->
                  writers.stream().mapToInt(CountedWriter::acknowledged).sum()
                      > acknowledged + 100);
      assertThat(states).containsOnly(SessionState.CONNECTED);

      // All connections of a member and of its clients are made anew.
      ServerProcess follower = ensemble.followers().get(0);
      ensemble.servers().forEach(server -> server.askByTls(certificates.context()));
      follower.kill();
      follower.start();
      ensemble.leader();
      isOver.set(true);
      load.join();
      await("all is answered")
          .atMost(PATIENCE)
          .until(() -> writers.stream().allMatch(CountedWriter::isIdle));

      ensemble.awaitSameDigest();
      for (CountedWriter writer : writers) {
        assertThat(writer.violations(reader)).isEmpty();
      }
    }
  }

  private static void write(List<CountedWriter> writers, AtomicBoolean isOver) {
    while (!isOver.get()) {
      writers.forEach(CountedWriter::step);
      Thread.onSpinWait();
    }
  }

  @Test
  void aMemberWhoseCertificateIsNotGoodGetsNowhere() throws Exception {
    Certificates certificates = Certificates.make("tls-members");
    CertificateAuthority another = Certificates.authority("another");
    Instant now = Instant.now();
    try (Ensemble ensemble = Ensemble.startByTls("tls-members", certificates)) {
      ServerProcess third = ensemble.server(3);
      third.kill();
      Path own = certificates.file("third.pem");
      String good = Files.readString(third.configFile());
      Files.writeString(
          third.configFile(), good.replace(certificates.file("server.pem").toString(), own + ""));

      certificates.write(
          "third.pem",
          certificates
              .authority()
              .server(
                  "server",
                  List.of(Certificates.HOST),
                  now.minusSeconds(7200),
                  now.minusSeconds(60))
              .pem());
      third.launch();
      assertThat(third.awaitExit(PATIENCE)).isEqualTo(ExitCode.BAD_CONFIGURATION.number());
      assertThat(third.output())
          .contains("ssl.keyStore.location=" + own + ": its certificate of \"CN=server\" expired");

      certificates.write("third.pem", Certificates.serverOf(another, Certificates.HOST).pem());
      requireOutside(ensemble, third, "unable to find valid certification path");
      certificates.write("third.pem", certificates.server("10.1.2.3").pem());
      requireOutside(ensemble, third, "it is for the hosts [10.1.2.3]");
      certificates.write("third.pem", certificates.client().pem());
      requireOutside(ensemble, third, "it is for the hosts []");

      Files.writeString(third.configFile(), good.replace("sslQuorum=true", ""));
      third.launch();
      awaitTold(third, "as one does that speaks TLS");
      assertThat(isMember(third)).isFalse();
      third.kill();

      Files.writeString(third.configFile(), good);
      third.start();
      await("it is a member again").atMost(PATIENCE).until(() -> isMember(third));
      ensemble.awaitSameDigest();
    }
  }

  // The others say why, and so does it.
  private static void requireOutside(Ensemble ensemble, ServerProcess third, String why) {
    third.launch();
    await("the others tell why")
        .atMost(PATIENCE)
        .until(
            () ->
                ensemble.allBut(third).stream()
                    .map(ServerProcess::output)
                    .anyMatch(log -> log.contains("that is refused") && log.contains(why)));
    awaitTold(third, "it refuses this server's certificate");
    assertThat(isMember(third)).isFalse();
    third.kill();
  }

  // To follow somebody it must have heard of a leader.
  private static boolean isMember(ServerProcess server) {
    return server.standing().map(MemberStatus::getLeaderId).filter(id -> id != 0).isPresent();
  }

  @Test
  void aClientIsToldWhatIsWrong() throws Exception {
    Certificates certificates = Certificates.make("tls-clients");
    CertificateAuthority another = Certificates.authority("another");
    Instant now = Instant.now();
    Path ca = certificates.file("ca.pem");
    try (Ensemble protectedOne = Ensemble.standaloneByTls("tls-clients", certificates);
        Ensemble plain = Ensemble.standalone("tls-clients-plain")) {
      protectedOne.server(1).start();
      plain.server(1).start();
      String address = protectedOne.server(1).clientAddress();

      assertThat(call(address, certificates.options())).isEqualTo("served");
      assertThat(
              call(
                  address,
                  TlsOptions.trusting(
                          certificates.write("other-ca.pem", another.own().certificatesPem()))
                      .withCertificate(certificates.file("client.pem"))))
          .contains("the server's certificate is signed by nobody that is trusted");
      assertThat(call(address.replace("127.0.0.1", "localhost"), certificates.options()))
          .contains("the server's certificate is not for this host");
      assertThat(call(address, TlsOptions.trusting(ca)))
          .contains("the server wants a certificate of this client");
      assertThat(
              call(
                  address,
                  TlsOptions.trusting(ca)
                      .withCertificate(
                          certificates.write(
                              "stranger.pem", Certificates.clientOf(another).pem()))))
          .contains("the server refuses this client's TLS");
      assertThat(
              call(
                  address,
                  TlsOptions.trusting(ca)
                      .withCertificate(
                          certificates.write(
                              "expired.pem",
                              certificates
                                  .authority()
                                  .client("client", now.minusSeconds(7200), now.minusSeconds(60))
                                  .pem()))))
          .contains("the server refuses this client's TLS");
      assertThat(call(ClientOptions.of(address))).contains("does the server speak TLS");
      assertThat(call(plain.server(1).clientAddress(), certificates.options()))
          .contains("the server speaks plaintext, and no TLS");
      assertThatThrownBy(() -> call(address, TlsOptions.trusting(Path.of("none.pem"))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("none.pem: there is no such file");

      assertThat(protectedOne.server(1).output())
          .contains("A client at 127.0.0.1 could not agree with this server on TLS: it speaks")
          .contains("unable to find valid certification path");
      assertThat(plain.server(1).output())
          .contains("A client at 127.0.0.1 speaks TLS, and this port speaks plaintext");
    }
  }

  private static String call(String address, TlsOptions tls) {
    return call(ClientOptions.of(address).withTls(tls));
  }

  private static String call(ClientOptions options) {
    try (QuollClient client =
        QuollClient.open(options.withRequestTimeout(Duration.ofSeconds(20)))) {
      client.exists("/");
      return "served";
    } catch (QuollException refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  private static QuollSession session(
      Ensemble ensemble, int first, TlsOptions tls, QuollRuntime runtime) {
    String addresses =
        String.join(
            ",", ensemble.startingWith(first).stream().map(ServerProcess::clientAddress).toList());
    return QuollSession.open(
        SessionOptions.of(addresses)
            .withShuffledServers(false)
            .withRequestTimeout(Duration.ofSeconds(60))
            .withTls(tls),
        runtime);
  }

  private static void awaitTold(Ensemble ensemble, String line) {
    ensemble.servers().forEach(server -> awaitTold(server, line));
  }

  private static void awaitTold(ServerProcess server, String line) {
    await("it says: " + line).atMost(PATIENCE).until(() -> server.output().contains(line));
  }

  private static String issuerShownAt(ServerProcess server)
      throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, null);
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(Certificates.HOST, server.clientPort())) {
      socket.startHandshake();
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getIssuerX500Principal().getName();
    }
  }

  /** Trusts anybody: it is looked at who is there. */
  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
