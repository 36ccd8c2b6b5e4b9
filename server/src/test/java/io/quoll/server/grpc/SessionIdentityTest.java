package io.quoll.server.grpc;

import static io.quoll.server.grpc.StreamRequests.getData;
import static io.quoll.server.grpc.StreamRequests.setData;
import static io.quoll.server.grpc.StreamRequests.xid;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.quoll.api.v1.Acl;
import io.quoll.api.v1.AclEntry;
import io.quoll.api.v1.AddAuthRequest;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.ErrorCode;
import io.quoll.api.v1.GetAclRequest;
import io.quoll.api.v1.ProvedIdentity;
import io.quoll.api.v1.SessionError.Applied;
import io.quoll.api.v1.SessionReply;
import io.quoll.api.v1.SessionRequest;
import io.quoll.api.v1.SessionStarted;
import io.quoll.api.v1.WhoAmIRequest;
import io.quoll.server.grpc.GrpcHarness.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who the client of a session's stream is, from when on, and what becomes of false credentials. */
class SessionIdentityTest {
  private static final int ALL = 31;

  private final GrpcHarness grpc = new GrpcHarness();

  @AfterEach
  void close() {
    grpc.close();
  }

  private static SessionRequest.Builder addAuth(String scheme, String credentials) {
    return xid(7)
        .setAddAuth(
            AddAuthRequest.newBuilder()
                .setScheme(scheme)
                .setCredentials(ByteString.copyFromUtf8(credentials)));
  }

  private static SessionRequest.Builder whoAmI() {
    return xid(8).setWhoAmI(WhoAmIRequest.getDefaultInstance());
  }

  private static SessionRequest.Builder createOwn(long cxid, String path) {
    Acl own =
        Acl.newBuilder()
            .addEntries(AclEntry.newBuilder().setScheme("auth").setPermissions(ALL))
            .build();
    return SessionRequest.newBuilder()
        .setXid(100 + cxid)
        .setCxid(cxid)
        .setCreate(CreateRequest.newBuilder().setPath(path).setAcl(own));
  }

  private Channel showing(String userAndPassword) {
    Metadata headers = new Metadata();
    byte[] bytes = userAndPassword.getBytes(StandardCharsets.UTF_8);
    headers.put(
        IdentityInterceptor.AUTHORIZATION, "Basic " + Base64.getEncoder().encodeToString(bytes));
    return ClientInterceptors.intercept(
        grpc.channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static List<String> users(SessionReply reply) {
    return reply.getWhoAmI().getIdentitiesList().stream()
        .filter(identity -> !identity.getScheme().equals("ip"))
        .map(ProvedIdentity::getUser)
        .toList();
  }

  @Test
  void aClientIsNobodyUntilItAddsCredentialsAndThenSomebodyMore() {
    StreamClient client = StreamClient.opened(grpc.channel);

    assertThat(users(client.ask(whoAmI()))).isEmpty();
    assertThat(client.ask(addAuth("digest", "ada:secret")).hasAddAuth()).isTrue();
    assertThat(client.ask(addAuth("digest", "bob:x")).hasAddAuth()).isTrue();

    assertThat(users(client.ask(whoAmI()))).containsExactly("ada", "bob");
  }

  @Test
  void credentialsCountForWhatIsSentBehindThemInTheSameFrameAndNotForWhatIsBefore() {
    StreamClient client = StreamClient.opened(grpc.channel);

    client.send(createOwn(1, "/early"), addAuth("digest", "ada:secret"), createOwn(2, "/own"));

    SessionReply early = client.reply();
    assertThat(early.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_INVALID_ACL);
    assertThat(early.getError().getApplied()).isEqualTo(Applied.NO);
    assertThat(client.reply().hasAddAuth()).isTrue();
    assertThat(client.reply().hasCreate()).isTrue();
  }

  @Test
  void anotherSessionMayNotDoWhatTheAclGivesToTheFirst() {
    StreamClient ada = StreamClient.opened(showing("ada:secret"));
    assertThat(ada.ask(createOwn(1, "/own")).hasCreate()).isTrue();
    StreamClient stranger = StreamClient.opened(showing("ada:guess"));

    SessionReply read = stranger.ask(getData(1, "/own"));
    SessionReply write = stranger.ask(setData(1, "/own", "x"));

    assertThat(read.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_NO_AUTH);
    assertThat(write.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_NO_AUTH);
    assertThat(ada.ask(setData(2, "/own", "x")).hasSetData()).isTrue();
    assertThat(stranger.ask(addAuth("digest", "ada:secret")).hasAddAuth()).isTrue();
    assertThat(stranger.ask(getData(2, "/own")).hasGetData()).isTrue();
  }

  @Test
  void theHashOfAnAclIsMaskedForWhoMayNotReplaceIt() {
    StreamClient ada = StreamClient.opened(showing("ada:secret"));
    Acl readable =
        Acl.newBuilder()
            .addEntries(AclEntry.newBuilder().setScheme("auth").setPermissions(ALL))
            .addEntries(AclEntry.newBuilder().setScheme("world").setId("anyone").setPermissions(1))
            .build();
    SessionRequest.Builder create =
        SessionRequest.newBuilder()
            .setXid(1)
            .setCxid(1)
            .setCreate(CreateRequest.newBuilder().setPath("/own").setAcl(readable));
    assertThat(ada.ask(create).hasCreate()).isTrue();
    SessionRequest.Builder getAcl = xid(2).setGetAcl(GetAclRequest.newBuilder().setPath("/own"));

    String toAda = ada.ask(getAcl).getGetAcl().getAcl().getEntries(0).getId();
    String toOthers =
        StreamClient.opened(grpc.channel).ask(getAcl).getGetAcl().getAcl().getEntries(0).getId();

    assertThat(toAda).startsWith("ada:{SHA-256}");
    assertThat(toOthers).isEqualTo("ada:x");
  }

  @Test
  void aSessionThatIsAttachedAgainIsWhoItsNewStreamShowsItToBe() {
    StreamClient first = StreamClient.on(showing("ada:secret"));
    first.open();
    SessionStarted session = first.started();
    first.ask(addAuth("digest", "bob:x"));
    first.cut();
    StreamClient again = StreamClient.on(showing("ada:secret"));

    again.attach(session);
    SessionStarted ignored = again.started();

    assertThat(ignored.getSessionId()).isEqualTo(session.getSessionId());
    assertThat(users(again.ask(whoAmI()))).containsExactly("ada");
  }

  @ParameterizedTest
  @CsvSource({"digest,nocolon", "digest,:x", "sasl,token", "x509,CN=ada", "'',''"})
  void credentialsThatDoNotFitEndTheStreamAndWhatIsBehindThemIsNotDone(
      String scheme, String credentials) {
    StreamClient client = StreamClient.opened(grpc.channel);

    client.send(addAuth(scheme, credentials), createOwn(1, "/behind"), getData(2, "/"));

    Failure failure = client.failure();
    assertThat(failure.info().getReason()).isEqualTo("AUTH_FAILED");
    if (!credentials.isEmpty()) {
      assertThat(failure.message()).doesNotContain(credentials);
    }
    assertThat(StreamClient.opened(grpc.channel).ask(getData(1, "/behind")).getError().getCode())
        .isEqualTo(ErrorCode.ERROR_CODE_NO_NODE);
  }
}
