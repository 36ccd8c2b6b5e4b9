package io.quoll.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Sets;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import io.quoll.client.QuollException;
import io.quoll.client.QuollSession;
import io.quoll.client.SessionOptions;
import io.quoll.server.coordination.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What administrators see of three servers with some load on them. */
@TestMethodOrder(OrderAnnotation.class)
class AdminIT {
  private static final Duration TIME_MAX = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Pattern EXPORTED =
      Pattern.compile("^# TYPE (\\S+) (\\S+)$", Pattern.MULTILINE);
  private static final Pattern DOCUMENTED =
      Pattern.compile("^\\| `(quoll_\\w+)` \\|", Pattern.MULTILINE);
  private static final Pattern USED = Pattern.compile("\\b(?:quoll|jvm|process)_\\w+");
  private static final Path REPOSITORY = Path.of("..");

  private static Ensemble ensemble;
  private static QuollSession session;

  @BeforeAll
  static void startWithSomeLoad() {
    ensemble = Ensemble.start("admin", "audit.enable=true");
    session = QuollSession.open(SessionOptions.of(ensemble.followers().get(0).clientAddress()));
    session.create("/app", null, CreateMode.PERSISTENT);
    session.create("/app/me", null, CreateMode.EPHEMERAL);
    assertThat(session.exists("/app/me", event -> {})).isPresent();
    assertThat(session.exists("/nothing")).isEmpty();
    assertThatThrownBy(() -> session.data("/nothing")).isInstanceOf(QuollException.class);
    try (QuollClient client = Ensemble.clientOf(ensemble.leader())) {
      client.create("/calls", null, CreateMode.PERSISTENT);
      assertThat(client.exists("/calls")).isPresent();
    }
  }

  @AfterAll
  static void stop() {
    session.close();
    ensemble.close();
  }

  @Test
  @Order(1)
  void allServersLiveAndAreReady() {
    for (ServerProcess server : ensemble.servers()) {
      assertThat(get(server, "/healthz").statusCode()).isEqualTo(200);
      assertThat(get(server, "/readyz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  @Order(1)
  void theDocumentNamesEveryMetricThatServersExport() {
    assertThat(exported()).isNotEmpty();

    assertThat(Sets.difference(exported(), documented())).isEmpty();
  }

  @Test
  @Order(1)
  void theDocumentNamesNoMetricOfOursThatServersDoNotExport() {
    // Ratis makes some of its own when it first has something to count; of operations that failed
    // and snapshots there are none until one does.
    ImmutableSet<String> seldom =
        ImmutableSet.of(
            "quoll_request_failures_total",
            "quoll_snapshot_last_timestamp_seconds",
            "quoll_snapshot_last_zxid");

    assertThat(Sets.difference(Sets.difference(documented(), exported()), seldom))
        .allMatch(name -> name.startsWith("quoll_raft_"));
  }

  @Test
  @Order(1)
  void theDashboardUsesMetricsThatServersExport() throws IOException {
    String dashboard = Files.readString(REPOSITORY.resolve("deploy/grafana/quoll.json"));
    JsonNode panels = JSON.readTree(dashboard).get("panels");

    ImmutableSortedSet.Builder<String> unknown = ImmutableSortedSet.naturalOrder();
    for (JsonNode target : panels.findValues("expr")) {
      USED.matcher(target.asText())
          .results()
          .map(MatchResult::group)
          .filter(name -> !isKnown(name))
          .forEach(unknown::add);
    }

    assertThat(panels.findValues("expr")).hasSizeGreaterThan(20);
    assertThat(unknown.build()).isEmpty();
  }

  private static boolean isKnown(String name) {
    String family = name.replaceFirst("_(bucket|count|sum)$", "");
    return exportedWithProcess().contains(name)
        || exportedWithProcess().contains(family)
        || documented().contains(name);
  }

  @Test
  @Order(1)
  void whatASessionDidIsCounted() {
    ServerProcess server = ensemble.followers().get(0);

    String metrics = get(server, "/metrics").body();

    assertThat(metrics)
        .contains("quoll_request_seconds_count{operation=\"create\",way=\"session\"} 2\n")
        .contains("quoll_request_seconds_count{operation=\"exists\",way=\"session\"} 2\n")
        .contains("quoll_request_failures_total{code=\"NO_NODE\",way=\"session\"} 1.0\n")
        .contains("quoll_watches 1.0\n")
        .contains("quoll_sessions_here 1.0\n")
        .contains("quoll_sessions 1.0\n");
    assertThat(get(ensemble.leader(), "/metrics").body())
        .contains("quoll_request_seconds_count{operation=\"create\",way=\"call\"} 1\n")
        .contains("quoll_role{role=\"leader\"} 1.0\n")
        .containsPattern("quoll_raft_log_worker_sync_seconds_count [1-9]");
  }

  @Test
  @Order(1)
  void theCommandsTellOfTheSessionItsWatchAndItsEphemeralZnode() {
    ServerProcess server = ensemble.followers().get(0);
    String id = Long.toString(session.id());

    JsonNode connection = json(server, "/commands/cons").get("connections").get(0);
    assertThat(connection.get("session_id").asText()).isEqualTo(id);
    assertThat(connection.get("remote_socket_address").asText()).startsWith("127.0.0.1:");
    assertThat(connection.get("packets_received").asLong()).isGreaterThanOrEqualTo(4);
    assertThat(json(server, "/commands/wchs").get("num_total_watches").asInt()).isEqualTo(1);
    assertThat(json(server, "/commands/wchc").at("/session_id_to_watched_paths/" + id + "/0"))
        .hasToString("\"/app/me\"");
    assertThat(json(server, "/commands/wchp").get("path_to_session_ids").get("/app/me").get(0))
        .hasToString(id);
    assertThat(json(server, "/commands/dump").at("/session_id_to_ephemeral_paths/" + id + "/0"))
        .hasToString("\"/app/me\"");
    assertThat(json(ensemble.leader(), "/commands/dump").at("/expiry_time_to_session_ids"))
        .as("the leader knows when it ends")
        .anySatisfy(ids -> assertThat(ids).anyMatch(each -> each.asText().equals(id)));
    assertThat(json(server, "/commands/lead").get("leader_id").asInt()).isPositive();
  }

  @Test
  @Order(1)
  void theAuditLogTellsWhoDidWhatFromWhere() throws IOException {
    Path log = ensemble.followers().get(0).dataDirectory().resolve("audit/audit.log");

    await()
        .atMost(TIME_MAX)
        .untilAsserted(() -> assertThat(Files.readString(log)).contains("\"/app/me\""));

    String id = "0x" + Long.toHexString(session.id());
    String line =
        Files.readAllLines(log).stream()
            .filter(each -> each.contains("\"/app/me\""))
            .findFirst()
            .orElseThrow();
    JsonNode event = JSON.readTree(line);
    assertThat(event.get("session").asText()).isEqualTo(id);
    assertThat(event.get("ip").asText()).startsWith("127.0.0.1:");
    assertThat(event.get("operation").asText()).isEqualTo("create");
    assertThat(event.get("result").asText()).isEqualTo("success");
    assertThat(event.get("zxid").asLong()).isPositive();
  }

  @Test
  @Order(2)
  void aPortThatAnotherProcessHasIsToldAtTheStart() throws IOException {
    ServerProcess server = ensemble.followers().get(1);
    assertThat(server.terminate()).isZero();

    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.adminPort()));
      server.launch();
      assertThat(server.awaitExit(TIME_MAX)).isEqualTo(ExitCode.PORT_IN_USE.number());
    }

    assertThat(server.output())
        .contains("Cannot answer administrators at 127.0.0.1:" + server.adminPort());
    server.start();
  }

  @Test
  @Order(3)
  void aServerWithoutAQuorumLivesAndIsNotReadyAndSaysWhy() {
    ServerProcess last = ensemble.followers().get(0);
    ensemble.allBut(last).forEach(ServerProcess::kill);

    await().atMost(TIME_MAX).until(() -> get(last, "/readyz").statusCode() == 503);

    assertThat(json(last, "/readyz").get("why").asText()).contains("no leader");
    assertThat(get(last, "/healthz").statusCode()).isEqualTo(200);
    assertThat(get(last, "/metrics").body()).contains("quoll_quorum 0.0\n");
  }

  private static ImmutableSortedSet<String> exported() {
    return ImmutableSortedSet.copyOf(Sets.filter(exportedWithProcess(), AdminIT::isOurs));
  }

  private static boolean isOurs(String name) {
    return name.startsWith("quoll_");
  }

  private static ImmutableSortedSet<String> exportedWithProcess() {
    return ensemble.servers().stream()
        .filter(ServerProcess::isAlive)
        .flatMap(server -> EXPORTED.matcher(get(server, "/metrics").body()).results())
        .map(match -> match.group(1))
        .collect(ImmutableSortedSet.toImmutableSortedSet(Comparator.naturalOrder()));
  }

  private static ImmutableSortedSet<String> documented() {
    try {
      return DOCUMENTED
          .matcher(Files.readString(REPOSITORY.resolve("docs/metrics.md"), UTF_8))
          .results()
          .map(match -> match.group(1))
          .collect(ImmutableSortedSet.toImmutableSortedSet(Comparator.naturalOrder()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static JsonNode json(ServerProcess server, String path) {
    try {
      return JSON.readTree(get(server, path).body());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static HttpResponse<String> get(ServerProcess server, String path) {
    URI uri = URI.create("http://127.0.0.1:" + server.adminPort() + path);
    try {
      return HTTP.send(
          HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(),
          BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
