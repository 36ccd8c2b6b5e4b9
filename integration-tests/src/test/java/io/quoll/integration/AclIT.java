package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.protobuf.ByteString;
import io.quoll.client.Acl;
import io.quoll.client.CreateMode;
import io.quoll.client.Credentials;
import io.quoll.client.ErrorCode;
import io.quoll.client.Identity;
import io.quoll.client.Permission;
import io.quoll.client.QuollException;
import io.quoll.client.QuollRuntime;
import io.quoll.client.QuollSession;
import io.quoll.client.SessionOptions;
import io.quoll.client.Write;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may do what, on servers in processes of their own. */
class AclIT {
  private static final Credentials ADA = Credentials.of("ada", "secret");
  private static final Credentials BOB = Credentials.of("bob", "hidden");
  private static final Credentials SUPER = Credentials.of("super", "secret");
  private static final ByteString DATA = ByteString.copyFromUtf8("data");
  private static final AtomicInteger PATHS = new AtomicInteger();

  private static Ensemble ensemble;
  private static QuollRuntime runtime;

  private final String path = "/acl" + PATHS.incrementAndGet();

  @BeforeAll
  static void start() {
    ensemble =
        Ensemble.start("acl", "DigestAuthenticationProvider.superDigest=" + SUPER.digestId());
    runtime = QuollRuntime.start();
  }

  @AfterAll
  static void stop() {
    runtime.close();
    ensemble.close();
  }

  private static QuollSession open(List<ServerProcess> servers, Credentials... credentials) {
    String addresses =
        servers.stream().map(ServerProcess::clientAddress).collect(Collectors.joining(","));
    return QuollSession.open(
        SessionOptions.of(addresses)
            .withShuffledServers(false)
            .withSessionTimeout(Duration.ofSeconds(30))
            .withRequestTimeout(Duration.ofSeconds(40))
            .withCredentials(ImmutableList.copyOf(credentials)),
        runtime);
  }

  private static QuollSession at(int server, Credentials... credentials) {
    return open(ensemble.startingWith(server), credentials);
  }

  private void create(QuollSession session, String of, Acl acl) {
    session.create(of, DATA, CreateMode.PERSISTENT, Duration.ZERO, acl);
  }

  private static Acl readableOfAda() {
    return new Acl(
        ImmutableList.of(
            new Acl.Entry("digest", ADA.digestId(), Permission.ALL),
            new Acl.Entry("world", "anyone", ImmutableSet.of(Permission.READ))));
  }

  private static void assertRefused(ErrorCode code, Callable<?> request) {
    assertThatThrownBy(request::call)
        .isInstanceOfSatisfying(
            QuollException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  @Test
  void aZnodeOfOneUserIsClosedToAllOthersAtEveryServer() {
    try (QuollSession ada = at(1, ADA);
        QuollSession bob = at(2, BOB);
        QuollSession nobody = at(3)) {
      create(ada, path, Acl.CREATOR_ALL);

      for (QuollSession other : List.of(bob, nobody)) {
        other.sync("/");
        assertRefused(ErrorCode.NO_AUTH, () -> other.data(path));
        assertRefused(ErrorCode.NO_AUTH, () -> other.exists(path));
        assertRefused(ErrorCode.NO_AUTH, () -> other.setData(path, DATA, -1));
        assertRefused(ErrorCode.NO_AUTH, () -> other.acl(path));
        assertRefused(ErrorCode.NO_AUTH, () -> other.setAcl(path, Acl.OPEN, -1));
        assertRefused(
            ErrorCode.NO_AUTH, () -> other.create(path + "/a", null, CreateMode.PERSISTENT));
      }
      assertThat(ada.data(path).data()).isEqualTo(DATA);
      bob.addAuth(ADA);
      assertThat(bob.data(path).data()).isEqualTo(DATA);
    }
  }

  @Test
  void aMultiOfWhichOnePartIsNotAllowedChangesNothing() {
    try (QuollSession ada = at(1, ADA);
        QuollSession bob = at(2, BOB)) {
      create(ada, path, Acl.CREATOR_ALL);
      create(bob, path + "-bob", Acl.CREATOR_ALL);

      boolean committed =
          bob.multi(
                  List.of(
                      new Write.SetData(path + "-bob", ByteString.EMPTY, Write.ANY_VERSION),
                      new Write.SetData(path, ByteString.EMPTY, Write.ANY_VERSION)))
              .committed();

      assertThat(committed).isFalse();
      assertThat(bob.data(path + "-bob").data()).isEqualTo(DATA);
      assertThat(ada.data(path).stat().version()).isZero();
    }
  }

  @Test
  void whoMayReadAZnodeSeesWhoIsNamedAndNoHash() {
    try (QuollSession ada = at(1, ADA);
        QuollSession nobody = at(2)) {
      create(ada, path, readableOfAda());
      nobody.sync("/");

      assertThat(ada.acl(path).acl()).isEqualTo(readableOfAda());
      assertThat(nobody.acl(path).acl().entries().get(0).id()).isEqualTo("ada:x");
    }
  }

  @Test
  void superMayDoEverythingAlsoAtTheAdminPort() throws Exception {
    try (QuollSession ada = at(1, ADA);
        QuollSession impostor = at(2, Credentials.of("super", "guess"));
        QuollSession root = at(3, SUPER)) {
      create(ada, path, Acl.CREATOR_ALL);
      root.sync("/");
      impostor.sync("/");

      assertRefused(ErrorCode.NO_AUTH, () -> impostor.data(path));
      assertThat(root.acl(path).acl().entries().get(0).id()).isEqualTo(ADA.digestId());
      root.setAcl(path, readableOfAda(), Write.ANY_VERSION);
      impostor.sync("/");
      assertThat(impostor.data(path).data()).isEqualTo(DATA);
    }
    assertThat(changeLogLevel("super:guess")).isEqualTo(401);
    assertThat(changeLogLevel("super:secret")).isEqualTo(200);
    assertThat(ensemble.server(1).output()).doesNotContain(SUPER.digestId().substring(16));
  }

  private static int changeLogLevel(String userAndPassword) throws Exception {
    String shown =
        Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
    URI page =
        URI.create(
            "http://127.0.0.1:%d/commands/loglevel?level=INHERIT&logger=io.quoll.server.Server"
                .formatted(ensemble.server(1).adminPort()));
    HttpRequest request =
        HttpRequest.newBuilder(page)
            .header("Authorization", "Basic " + shown)
            .timeout(Duration.ofSeconds(20))
            .POST(BodyPublishers.noBody())
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }

  @Test
  void aSessionWhoseServerDiesIsTheSameSomebodyAtTheNextOne() {
    try (QuollSession session = at(1, ADA)) {
      session.addAuth(BOB);
      create(session, path, Acl.CREATOR_ALL);
      long id = session.id();

      ensemble.server(1).kill();

      assertThat(session.setData(path, ByteString.EMPTY, 0).version()).isEqualTo(1);
      assertThat(session.id()).isEqualTo(id);
      assertThat(session.whoAmI()).extracting(Identity::user).contains("ada", "bob");
    } finally {
      ensemble.startAll();
    }
  }

  @Test
  void wrongPasswordsAreOtherUsersAndWhatIsNoPasswordEndsTheSession() {
    try (QuollSession ada = at(1, ADA);
        QuollSession other = at(1, Credentials.of("ada", "guess"))) {
      create(ada, path, Acl.CREATOR_ALL);

      assertRefused(ErrorCode.NO_AUTH, () -> other.data(path));
      Credentials tooLong = Credentials.of("ada", "s".repeat(2000));
      assertThatThrownBy(() -> other.addAuth(tooLong))
          .isInstanceOfSatisfying(
              QuollException.class,
              refused -> assertThat(refused.code()).isEqualTo(ErrorCode.AUTH_FAILED))
          .hasMessageNotContaining("sss");
      assertRefused(ErrorCode.AUTH_FAILED, () -> other.exists("/"));
      assertThat(ada.data(path).data()).isEqualTo(DATA);
    }
  }

  @Test
  void whereProofIsEnforcedNobodyIsServedWhoProvedNothing() {
    try (Ensemble enforced = Ensemble.standalone("acl-enforced")) {
      ServerProcess server = enforced.server(1);
      server.configure("enforce.auth.enabled=true\nenforce.auth.schemes=digest\n");
      server.launch();
      await("it serves Ada")
          .atMost(Duration.ofMinutes(2))
          .ignoreExceptions()
          .failFast("it ended", () -> !server.isAlive())
          .untilAsserted(
              () -> {
                try (QuollSession ada = open(List.of(server), ADA)) {
                  assertThat(ada.exists("/")).isPresent();
                }
              });

      assertRefused(ErrorCode.AUTH_REQUIRED, () -> open(List.of(server)));
      assertRefused(
          ErrorCode.AUTH_REQUIRED,
          () -> {
            try (var client = Ensemble.clientOf(server)) {
              return client.exists("/");
            }
          });
      assertThat(server.standing()).isEmpty();
      try (QuollSession ada = open(List.of(server), ADA)) {
        create(ada, path, Acl.CREATOR_ALL);
        assertThat(ada.data(path).data()).isEqualTo(DATA);
      }
    }
  }
}
