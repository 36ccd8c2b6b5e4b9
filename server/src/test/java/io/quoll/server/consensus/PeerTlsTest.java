package io.quoll.server.consensus;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.quoll.server.coordination.Consensus.Standing;
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
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.ratis.proto.RaftProtos.GroupListRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftClientRequestProto;
import org.apache.ratis.proto.grpc.AdminProtocolServiceGrpc;
import org.apache.ratis.proto.grpc.RaftClientProtocolServiceGrpc;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor.MethodType;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.apache.ratis.thirdparty.io.grpc.netty.GrpcSslContexts;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContextBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
class PeerTlsTest {
  private static final String HOST = "127.0.0.1";

  private final TestCertificates authority = new TestCertificates("authority");
  private TestEnsemble ensemble;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    Path trust =
        Files.writeString(directory.resolve("ca.pem"), authority.authority().certificatePem());
    ensemble =
        TestEnsemble.start(directory, 3, 1_000, id -> Optional.of(tls(directory, id, trust)));
  }

  @AfterAll
  void stop() {
    ensemble.close();
  }

  private PortTls tls(Path directory, int id, Path trust) {
    try {
      Path keys = authority.issue("server" + id, HOST).write(directory.resolve(id + ".pem"));
      Credentials credentials =
          Credentials.read(
              new TlsFiles(store(keys), Optional.empty(), Optional.of(store(trust))),
              InstantSource.system());
      return new PortTls(
          credentials.keyManager(),
          credentials.peerTrustManager(true, () -> ImmutableSet.of(HOST)),
          ClientAuth.NEED,
          ImmutableList.of("TLSv1.3", "TLSv1.2"));
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Test
  void membersAgreeAndForwardByTls() throws Exception {
    ensemble.submit(ensemble.leader(), TestEnsemble.createZnode("/by-leader"));
    ensemble.submit(ensemble.follower(), TestEnsemble.createZnode("/by-follower"));

    ensemble.awaitSameTree();
  }

  @Test
  void aMemberIsAnswered() throws Exception {
    Issued member = authority.issue("member", HOST);

    Standing standing = standing(caller(member));

    assertThat(standing.serverId()).isEqualTo(1);
  }

  @Test
  void whoIsNoMemberGetsNowhere() throws Exception {
    Instant now = Instant.now();

    assertRefused(caller(Optional.empty()));
    assertRefused(caller(authority.issue("a client of the same authority")));
    assertRefused(caller(authority.issue("at another host", "10.1.2.3")));
    assertRefused(caller(TestCertificates.selfSigned("member", HOST)));
    assertRefused(caller(new TestCertificates("another").issue("member", HOST)));
    assertRefused(
        caller(authority.issue("member", now.minusSeconds(7200), now.minusSeconds(60), HOST)));
    assertRefused(
        NettyChannelBuilder.forAddress(HOST, ensemble.config(1).peers().get(0).port())
            .usePlaintext()
            .build());
  }

  @Test
  void theServicesOfRatisForClientsAndAdministratorsAreClosedEvenToMembers() throws Exception {
    ManagedChannel channel = caller(authority.issue("member", HOST));

    try {
      assertDenied(
          () ->
              AdminProtocolServiceGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(20, SECONDS)
                  .groupList(GroupListRequestProto.getDefaultInstance()));
      assertDenied(
          () ->
              ClientCalls.blockingUnaryCall(
                  channel,
                  RaftClientProtocolServiceGrpc.getOrderedMethod().toBuilder()
                      .setType(MethodType.UNARY)
                      .build(),
                  CallOptions.DEFAULT.withDeadlineAfter(20, SECONDS),
                  RaftClientRequestProto.getDefaultInstance()));
      assertDenied(
          () ->
              ClientCalls.blockingUnaryCall(
                  channel,
                  RaftClientProtocolServiceGrpc.getUnorderedMethod().toBuilder()
                      .setType(MethodType.UNARY)
                      .build(),
                  CallOptions.DEFAULT.withDeadlineAfter(20, SECONDS),
                  RaftClientRequestProto.getDefaultInstance()));
    } finally {
      channel.shutdownNow();
    }
  }

  private ManagedChannel caller(Issued own) throws Exception {
    return caller(Optional.of(own));
  }

  private ManagedChannel caller(Optional<Issued> own) throws Exception {
    SslContextBuilder builder =
        GrpcSslContexts.forClient().trustManager(stream(authority.authority().certificatePem()));
    own.ifPresent(
        issued -> builder.keyManager(stream(issued.certificatePem()), stream(issued.keyPem())));
    return NettyChannelBuilder.forAddress(HOST, ensemble.config(1).peers().get(0).port())
        .sslContext(builder.build())
        .build();
  }

  private static Standing standing(ManagedChannel channel) {
    try {
      return PeerMessages.decodeStanding(
          ClientCalls.blockingUnaryCall(
              channel,
              PeerProtocol.STANDING,
              CallOptions.DEFAULT.withDeadlineAfter(20, SECONDS),
              new byte[0]));
    } finally {
      channel.shutdownNow();
    }
  }

  private static void assertRefused(ManagedChannel channel) {
    assertThatThrownBy(() -> standing(channel))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused ->
                assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
  }

  private static void assertDenied(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            denied ->
                assertThat(denied.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED));
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static StoreFile store(Path file) {
    return new StoreFile("key", file, Form.PEM, Passphrase.NONE);
  }
}
