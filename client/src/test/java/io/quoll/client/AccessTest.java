package io.quoll.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** ACLs, and credentials that are shown to prove who a caller is. */
class AccessTest {
  private static final Credentials ADA = Credentials.of("ada", "secret");
  private static final Credentials BOB = Credentials.parse("bob:with:colons");
  private static final Acl ADAS =
      new Acl(ImmutableList.of(new Acl.Entry("digest", ADA.digestId(), Permission.ALL)));

  private final FakeTree tree = new FakeTree();
  private final FakeServer server = FakeServer.start(tree);
  private final QuollClient client = QuollClient.open(ClientOptions.of(server.address()));

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void aclsAreReadAsTheyWereGivenAndCounted() {
    Acl acl =
        new Acl(
            ImmutableList.of(
                new Acl.Entry("world", "anyone", ImmutableSet.of(Permission.READ)),
                new Acl.Entry(
                    "ip", "10.0.0.0/8", ImmutableSet.of(Permission.DELETE, Permission.ADMIN))));

    create(client, "/a", acl);
    create(client, "/open", Acl.OPEN);
    Stat replaced = client.setAcl("/open", acl, 0);

    assertThat(client.acl("/a").acl()).isEqualTo(acl);
    assertThat(client.acl("/a").stat().aversion()).isZero();
    assertThat(client.acl("/open")).isEqualTo(new ZnodeAcl(acl, replaced));
    assertThat(replaced.aversion()).isEqualTo(1);
  }

  @Test
  void setAclFailsAsTheContractSays() {
    create(client, "/a", Acl.OPEN);
    create(client, "/read", Acl.READABLE);
    Acl unknownScheme =
        new Acl(ImmutableList.of(new Acl.Entry("frob", "x", ImmutableSet.of(Permission.READ))));

    assertThat(code(() -> client.acl("/no"))).isEqualTo(ErrorCode.NO_NODE);
    assertThat(code(() -> client.setAcl("/no", Acl.OPEN, -1))).isEqualTo(ErrorCode.NO_NODE);
    assertThat(code(() -> client.setAcl("/a", Acl.OPEN, 7))).isEqualTo(ErrorCode.BAD_VERSION);
    assertThat(code(() -> client.setAcl("/a", unknownScheme, -1))).isEqualTo(ErrorCode.INVALID_ACL);
    assertThat(code(() -> client.setAcl("/a", Acl.CREATOR_ALL, -1)))
        .isEqualTo(ErrorCode.INVALID_ACL);
    assertThat(code(() -> client.setAcl("/read", Acl.OPEN, -1))).isEqualTo(ErrorCode.NO_AUTH);
  }

  @Test
  void credentialsOfTheOptionsAndThoseAddedAreShownWithEachCall() {
    try (QuollClient ada = QuollClient.open(options().withCredentials(ImmutableList.of(ADA)))) {
      create(ada, "/mine", Acl.CREATOR_ALL);

      assertThat(ada.acl("/mine").acl()).isEqualTo(ADAS);
      assertThat(ada.whoAmI())
          .containsExactly(new Identity("ip", "127.0.0.1"), new Identity("digest", "ada"));
    }
    assertThat(code(() -> client.data("/mine"))).isEqualTo(ErrorCode.NO_AUTH);

    client.addCredentials(BOB);
    assertThat(code(() -> client.data("/mine"))).isEqualTo(ErrorCode.NO_AUTH);
    client.addCredentials(ADA);
    assertThat(client.data("/mine").stat().dataLength()).isZero();
    assertThat(client.whoAmI()).contains(new Identity("digest", "bob"));
  }

  @Test
  void sessionIsWhoItProvedToBeAlsoAfterALostConnection() {
    SessionOptions options = SessionOptions.of(options().withCredentials(ImmutableList.of(BOB)));
    try (QuollSession session = QuollSession.open(options)) {
      assertThat(session.whoAmI())
          .containsExactly(new Identity("ip", "127.0.0.1"), new Identity("digest", "bob"));
      session.addAuth(ADA);
      Created created =
          session.create("/mine", null, CreateMode.EPHEMERAL, Duration.ZERO, Acl.CREATOR_ALL);

      server.cutStreams();

      assertThat(session.data("/mine").stat()).isEqualTo(created.stat());
      assertThat(session.whoAmI())
          .contains(new Identity("digest", "bob"), new Identity("digest", "ada"));
      assertThat(session.setAcl("/mine", ADAS, 0).aversion()).isEqualTo(1);
      assertThat(session.acl("/mine").acl()).isEqualTo(ADAS);
      assertThat(code(() -> client.acl("/mine"))).isEqualTo(ErrorCode.NO_AUTH);
    }
  }

  @Test
  void partsOfAMultiHaveAcls() {
    client.addCredentials(ADA);

    MultiOutcome outcome =
        client.multi(
            ImmutableList.of(
                new Write.Create(
                    "/m", null, CreateMode.PERSISTENT, Duration.ZERO, Acl.CREATOR_ALL)));

    assertThat(outcome.committed()).isTrue();
    assertThat(client.acl("/m").acl()).isEqualTo(ADAS);
  }

  @Test
  void credentialsTellNothingButTheUser() {
    assertThat(ADA.toString()).isEqualTo("Credentials[ada]");
    assertThat(options().withCredentials(ImmutableList.of(ADA)).toString())
        .doesNotContain("secret");
  }

  private ClientOptions options() {
    return ClientOptions.of(server.address());
  }

  private static void create(QuollClient by, String path, Acl acl) {
    var unused = by.create(path, null, CreateMode.PERSISTENT, Duration.ZERO, acl);
  }

  private static ErrorCode code(ThrowingCallable call) {
    return catchThrowableOfType(QuollException.class, call).code();
  }
}
