package io.quoll.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.protobuf.ByteString;
import io.quoll.server.coordination.ApplyMeter;
import io.quoll.server.coordination.ChangeFeed;
import io.quoll.server.coordination.Coordinator;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.FakeConsensus;
import io.quoll.server.coordination.FakeStore;
import io.quoll.server.coordination.FatalHandler;
import io.quoll.server.coordination.SessionExpirer;
import io.quoll.server.coordination.SessionHold;
import io.quoll.server.coordination.SessionTiming;
import io.quoll.server.coordination.Sessions;
import io.quoll.server.coordination.StartupException;
import io.quoll.server.coordination.Watches;
import io.quoll.server.coordination.ZxidWaiters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdministrationTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PASSWORD = "super:kept-secret";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final FakeStore store = new FakeStore();
  private final ApplyMeter applied = new ApplyMeter();
  private final FakeConsensus consensus = new FakeConsensus(store, applied);
  private final SessionTiming timing =
      new SessionTiming(Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(40));
  private final Sessions sessions = new Sessions(consensus, store, timing);
  private final FatalHandler fatal =
      (code, message, cause) -> {
        throw new AssertionError(message, cause);
      };
  private final Administration administration = open(0);

  private Administration open(int port) {
    Coordinator coordinator =
        new Coordinator(consensus, store, new ZxidWaiters(store.publishedZxid(), timer), 2, fatal);
    return new Administration(
        new AdminConfig(
            "127.0.0.1",
            port,
            "quoll",
            "1.2.3",
            Path.of("."),
            Path.of("."),
            ImmutableMap.of("server_id", 1, "data_dir", "/var/lib/quoll")),
        new NodeParts(
            consensus,
            store,
            coordinator,
            sessions,
            new SessionExpirer(consensus, store, timing, System::nanoTime),
            new Watches(store),
            new ChangeFeed(store, coordinator, timer, fatal),
            applied,
            nothing -> {}),
        Optional.of(ByteString.copyFromUtf8(PASSWORD)::equals));
  }

  @BeforeEach
  void start() {
    administration.start();
  }

  @AfterEach
  void close() {
    administration.close();
    timer.shutdownNow();
  }

  @Test
  void aServerLivesWhileItStartsButIsNotReady() throws Exception {
    assertThat(get("/healthz").statusCode()).isEqualTo(200);

    HttpResponse<String> ready = get("/readyz");

    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(json(ready).get("why").asText()).contains("starting");
  }

  @Test
  void aServerWithAQuorumIsReadyAndOneWithoutSaysWhyNot() throws Exception {
    administration.health().serving(Optional::empty);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);

    consensus.setQuorum(false);
    HttpResponse<String> ready = get("/readyz");

    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(json(ready).get("why").asText()).contains("no leader");
    assertThat(get("/healthz").statusCode()).as("it lives all the same").isEqualTo(200);
  }

  @Test
  void aServerOfWhichAPartStandsStillNeitherLivesNorIsReady() throws Exception {
    administration.health().serving(() -> Optional.of("serving clients: nothing moved for 30 s"));

    assertThat(get("/healthz").statusCode()).isEqualTo(503);
    assertThat(json(get("/healthz")).get("why").asText()).contains("serving clients");
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
  }

  @Test
  void aServerThatStopsIsNotReady() throws Exception {
    administration.health().serving(Optional::empty);
    administration.health().stopping();

    assertThat(json(get("/readyz")).get("why").asText()).contains("stopping");
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void metricsAreInTheFormatOfPrometheus() throws Exception {
    HttpResponse<String> metrics = get("/metrics");

    assertThat(metrics.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    assertThat(metrics.body())
        .contains("# TYPE quoll_term gauge\n")
        .contains("quoll_server{cluster=\"quoll\",server=\"1\",version=")
        .contains("quoll_role{role=\"follower\"} 1.0\n")
        .contains("quoll_apply_entry_operations_bucket{le=\"+Inf\"}")
        .contains("jvm_memory_used_bytes{area=\"heap\"}");
  }

  @Test
  void everyCommandAnswersByAllItsNamesWithItsNameAndNoError() throws Exception {
    for (String name : commands()) {
      JsonNode document = json(get("/commands/" + name));

      assertThat(document.has("command")).as(name).isTrue();
      assertThat(document.get("error").isNull()).as(name).isTrue();
    }
  }

  @Test
  void theFieldsAreThoseOfZooKeeper() throws Exception {
    assertThat(json(get("/commands/isro")).get("read_only").asBoolean()).isFalse();
    assertThat(json(get("/commands/srvr")).get("server_stats").get("server_state").asText())
        .isEqualTo("follower");
    assertThat(json(get("/commands/mntr")).get("server_state").asText()).isEqualTo("follower");
    assertThat(json(get("/commands/lead")).get("leader_id").asInt()).isEqualTo(2);
    assertThat(json(get("/commands/wchs")).get("num_total_watches").asInt()).isZero();
    assertThat(json(get("/commands/conf")).get("data_dir").asText()).isEqualTo("/var/lib/quoll");
    assertThat(json(get("/commands/envi")).get("java.version").asText()).isNotEmpty();
    assertThat(json(get("/commands/stat")).has("connections")).isTrue();
  }

  @Test
  void aSessionIsToldOfAndItsSecretIsNot() throws Exception {
    SessionHold hold =
        sessions
            .open(10_000, reason -> {}, System.nanoTime() + TimeUnit.SECONDS.toNanos(10))
            .get(10, TimeUnit.SECONDS);

    JsonNode row = json(get("/commands/cons")).get("connections").get(0);

    assertThat(row.get("session_id").asLong()).isEqualTo(hold.sessionId());
    assertThat(row.get("session_timeout").asLong()).isEqualTo(10_000);
    String secret = Base64.getEncoder().encodeToString(hold.secret().toByteArray());
    for (String name : commands()) {
      assertThat(get("/commands/" + name).body()).as(name).doesNotContain(secret);
    }
  }

  @Test
  void whatIsNotThereIsNotFoundAndTheAnswerTellsWhatIs() throws Exception {
    for (String path : List.of("/", "/nothing", "/commands/nothing", "/metrics/x", "/../etc")) {
      HttpResponse<String> reply = get(path);

      assertThat(reply.statusCode()).as(path).isEqualTo(404);
      assertThat(json(reply).get("commands").has("monitor")).as(path).isTrue();
    }
  }

  @Test
  void whoHasNoPasswordChangesNothingAtAnyPage() throws Exception {
    List<String> pages = new ArrayList<>(List.of("/healthz", "/readyz", "/metrics", "/commands"));
    commands().forEach(name -> pages.add("/commands/" + name));

    for (String page : pages) {
      for (String method : List.of("POST", "PUT", "DELETE", "PATCH")) {
        assertThat(send(method, page + "?logger=ROOT&level=TRACE", Optional.empty()).statusCode())
            .as("%s %s", method, page)
            .isIn(401, 405);
      }
    }
  }

  @Test
  void superChangesWhatIsLogged() throws Exception {
    String page = "/commands/loglevel";
    String name = "io.quoll.server.admin.AdminServer";

    HttpResponse<String> changed =
        send("POST", page + "?level=DEBUG&logger=" + name, Optional.of(PASSWORD));

    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(json(get(page)).get("levels").get(name).asText()).isEqualTo("DEBUG");
    send("POST", page + "?level=INHERIT&logger=" + name, Optional.of(PASSWORD));
    assertThat(json(get(page)).get("levels").has(name)).isFalse();
  }

  @Test
  void aLevelOrALoggerThatDoesNotExistIsRefused() throws Exception {
    for (String query :
        List.of("", "?logger=ROOT", "?logger=ROOT&level=LOUD", "?logger=x.y&level=INFO")) {
      HttpResponse<String> reply =
          send("POST", "/commands/loglevel" + query, Optional.of(PASSWORD));

      assertThat(reply.statusCode()).as(query).isEqualTo(400);
    }
  }

  @Test
  void aPortThatIsTakenIsToldWithItsKey() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> open(taken.getLocalPort()))
          .isInstanceOfSatisfying(
              StartupException.class,
              failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.PORT_IN_USE))
          .hasMessageContaining("adminPort");
    }
  }

  private ImmutableSet<String> commands() throws Exception {
    ImmutableSet.Builder<String> names = ImmutableSet.builder();
    json(get("/commands"))
        .get("commands")
        .fields()
        .forEachRemaining(
            entry -> {
              names.add(entry.getKey());
              entry.getValue().forEach(alias -> names.add(alias.asText()));
            });
    return names.build();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send("GET", path, Optional.empty());
  }

  private HttpResponse<String> send(String method, String path, Optional<String> password)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + administration.port() + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, BodyPublishers.noBody());
    password.ifPresent(
        text ->
            request.header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> reply) throws IOException {
    return JSON.readTree(reply.body());
  }
}
