package io.quoll.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableList;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.quoll.api.v1.ClusterServiceGrpc;
import io.quoll.api.v1.StatusRequest;
import io.quoll.api.v1.TreeServiceGrpc;
import io.quoll.api.v1.WhoAmIRequest;
import io.quoll.server.tls.Credentials;
import io.quoll.server.tls.Passphrase;
import io.quoll.server.tls.PortTls;
import io.quoll.server.tls.PortTls.ClientAuth;
import io.quoll.server.tls.StoreFile;
import io.quoll.server.tls.StoreFile.Form;
import io.quoll.server.tls.TestCertificates;
import io.quoll.server.tls.TestCertificates.Issued;
import io.quoll.server.tls.TlsFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontEndTlsTest {
  private static final String HOST = "127.0.0.1";

  @TempDir Path directory;

  private final GrpcHarness grpc = new GrpcHarness();
  private final TestCertificates authority = new TestCertificates("authority");
  private Credentials credentials;
  private Path keys;
  private final List<GrpcFrontEnd> served = new ArrayList<>();
  private int port;

  @BeforeEach
  void readCertificates() throws Exception {
    keys = authority.issue("server", HOST).write(directory.resolve("server.pem"));
    Path trust =
        Files.writeString(directory.resolve("ca.pem"), authority.authority().certificatePem());
    credentials =
        Credentials.read(
            new TlsFiles(store(keys), Optional.empty(), Optional.of(store(trust))),
            InstantSource.system());
  }

  @AfterEach
  void close() {
    served.forEach(GrpcFrontEnd::close);
    grpc.close();
  }

  @Test
  void aClientThatTrustsTheAuthorityIsServed() throws IOException {
    serve(ClientAuth.NONE);

    assertThat(members(client())).isPositive();
  }

  @Test
  void aServerThatNeedsCertificatesServesThoseWithOneAndNobodyElse() throws IOException {
    Instant now = Instant.now();
    serve(ClientAuth.NEED);

    assertThat(members(client(authority.issue("client")))).isPositive();
    assertRefused(client());
    assertRefused(client(TestCertificates.selfSigned("client")));
    assertRefused(client(new TestCertificates("another").issue("client")));
    assertRefused(client(authority.issue("client", now.minusSeconds(7200), now.minusSeconds(60))));
    assertRefused(client(authority.issue("client", now.plusSeconds(3600), now.plusSeconds(7200))));
  }

  @Test
  void aServerThatWantsCertificatesServesThoseWithoutButNoneWithABadOne() throws IOException {
    serve(ClientAuth.WANT);

    assertThat(members(client())).isPositive();
    assertThat(members(client(authority.issue("client")))).isPositive();
    assertRefused(client(TestCertificates.selfSigned("client")));
  }

  @Test
  void aClientIsKnownByTheSubjectOfItsCertificateAndOneOfThemIsSuper() throws IOException {
    serve(ClientAuth.WANT);

    assertThat(identities(client(authority.issue("ada")))).containsExactly("x509 CN=ada");
    assertThat(identities(client(authority.issue("admin"))))
        .containsExactly("super ", "x509 CN=admin");
    assertThat(identities(client())).isEmpty();
  }

  private static List<String> identities(ManagedChannel channel) {
    try {
      return TreeServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(20, TimeUnit.SECONDS)
          .whoAmI(WhoAmIRequest.getDefaultInstance())
          .getIdentitiesList()
          .stream()
          .filter(identity -> !identity.getScheme().equals("ip"))
          .map(identity -> identity.getScheme() + " " + identity.getUser())
          .toList();
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void plaintextIsRefused() {
    serve(ClientAuth.NONE);

    assertRefused(NettyChannelBuilder.forAddress(HOST, port).usePlaintext().build());
  }

  @Test
  void olderVersionsOfTlsAreRefused() throws IOException {
    serve(ClientAuth.NONE);

    assertRefused(client(clientBuilder().protocols("TLSv1.1")));
    assertThat(members(client(clientBuilder().protocols("TLSv1.2")))).isPositive();
    assertThat(members(client(clientBuilder().protocols("TLSv1.3")))).isPositive();
  }

  @Test
  void aCertificateIsReplacedUnderAConnectionThatStaysAndForOnesThatCome() throws IOException {
    serve(ClientAuth.NEED);
    Issued own = authority.issue("client");
    ManagedChannel before = client(own);
    members(before, true);
    TestCertificates next = new TestCertificates("next");

    next.issue("server", HOST).write(keys);
    Files.writeString(
        directory.resolve("ca.pem"),
        authority.authority().certificatePem() + next.authority().certificatePem());
    credentials.check();
    credentials.check();

    assertThat(members(before)).isPositive();
    assertRefused(client(own)); // It does not trust the new authority.
    SslContextBuilder both =
        GrpcSslContexts.forClient()
            .trustManager(stream(next.authority().certificatePem()))
            .keyManager(stream(own.certificatePem()), stream(own.keyPem()));
    assertThat(members(client(both))).isPositive();
  }

  @Test
  void whoHasTheFilesOfAServerCanAskIt() {
    serve(ClientAuth.NEED);
    PortTls own =
        new PortTls(
            credentials.keyManager(),
            credentials.selfTrustManager(),
            ClientAuth.NEED,
            ImmutableList.of("TLSv1.3"));

    assertThat(StatusCall.mode(HOST, port, Optional.of(own), Duration.ofSeconds(10)))
        .contains("follower");
  }

  private void serve(ClientAuth clientAuth) {
    PortTls tls =
        new PortTls(
            credentials.keyManager(),
            credentials.trustManager(),
            clientAuth,
            ImmutableList.of("TLSv1.3", "TLSv1.2"));
    GrpcFrontEnd frontEnd =
        GrpcFrontEnd.listeningOn(HOST, 0, Optional.of(tls), FrontEndLimits.NONE, grpc.core);
    served.add(frontEnd);
    frontEnd.start();
    port = frontEnd.port();
  }

  private SslContextBuilder clientBuilder() {
    return GrpcSslContexts.forClient().trustManager(stream(authority.authority().certificatePem()));
  }

  private ManagedChannel client() throws IOException {
    return client(clientBuilder());
  }

  private ManagedChannel client(Issued own) throws IOException {
    return client(clientBuilder().keyManager(stream(own.certificatePem()), stream(own.keyPem())));
  }

  private ManagedChannel client(SslContextBuilder builder) throws SSLException {
    return NettyChannelBuilder.forAddress(HOST, port).sslContext(builder.build()).build();
  }

  private static int members(ManagedChannel channel) {
    return members(channel, false);
  }

  private static int members(ManagedChannel channel, boolean staysOpen) {
    try {
      return ClusterServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(20, TimeUnit.SECONDS)
          .status(StatusRequest.newBuilder().setLocal(true).build())
          .getMembersCount();
    } finally {
      if (!staysOpen) {
        channel.shutdownNow();
      }
    }
  }

  private static void assertRefused(ManagedChannel channel) {
    assertThatThrownBy(() -> members(channel))
        .isInstanceOf(StatusRuntimeException.class)
        .satisfies(
            refused ->
                assertThat(((StatusRuntimeException) refused).getStatus().getCode().name())
                    .as("%s", Throwables.getRootCause(refused))
                    .isEqualTo("UNAVAILABLE"));
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static StoreFile store(Path file) {
    return new StoreFile("key", file, Form.PEM, Passphrase.NONE);
  }
}
