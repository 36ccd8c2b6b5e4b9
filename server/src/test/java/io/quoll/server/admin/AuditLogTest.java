package io.quoll.server.admin;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import io.quoll.server.coordination.AuditEvent;
import io.quoll.server.coordination.AuditEvent.Part;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AuditLogTest {
  private static final Instant NOW = Instant.parse("2026-11-29T10:00:00.123Z");

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final CountDownLatch mayWrite = new CountDownLatch(1);
  private final AuditLog log = new AuditLog(3, this::take, InstantSource.fixed(NOW));

  private void take(String line) {
    try {
      assertThat(mayWrite.await(20, SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    lines.add(line);
  }

  @Test
  void anEventIsOneLineOfJson() {
    String line = log.line(NOW, event("create", "/a\nb", AuditEvent.OK));

    assertThat(line)
        .isEqualTo(
            "{\"time\":\"2026-11-29T10:00:00.123Z\",\"server\":3,\"session\":\"0x2a\","
                + "\"user\":\"digest:ada\",\"ip\":\"10.0.0.9:4711\",\"operation\":\"create\","
                + "\"znode\":\"/a\\nb\",\"result\":\"success\",\"zxid\":7}");
  }

  @Test
  void whatFailedTellsItsCode() throws Exception {
    JsonNode line = json(log.line(NOW, event("delete", "/a", "NOT_EMPTY")));

    assertThat(line.get("result").asText()).isEqualTo("failure");
    assertThat(line.get("code").asText()).isEqualTo("NOT_EMPTY");
  }

  @Test
  void thePartsOfAMultiAreTold() throws Exception {
    AuditEvent multi =
        new AuditEvent(
            "multi",
            "",
            "",
            0,
            "",
            AuditEvent.OK,
            7,
            ImmutableList.of(new Part("check", "/c")),
            "");

    JsonNode line = json(log.line(NOW, multi));

    assertThat(line.get("parts").get(0).get("operation").asText()).isEqualTo("check");
    assertThat(line.get("parts").get(0).get("znode").asText()).isEqualTo("/c");
    assertThat(line.has("session")).isFalse();
  }

  @Test
  void whoNotesSomethingNeverWaitsAndTheLogSaysHowManyWereDropped() throws Exception {
    int tooMany = 5;
    log.start();
    log.note(event("create", "/first", AuditEvent.OK));
    // Which the thread takes, and hangs on to.
    int sent = AuditLog.EVENTS_MAX + tooMany + 1;
    for (int i = 0; i < sent; i++) {
      log.note(event("create", "/" + i, AuditEvent.OK));
    }

    mayWrite.countDown();

    await()
        .atMost(60, SECONDS)
        .until(() -> lines.stream().anyMatch(line -> line.contains("\"dropped\"")));
    log.close();
    long counted =
        lines.stream()
            .filter(line -> line.contains("\"dropped\""))
            .mapToLong(line -> count(line))
            .sum();
    long written = lines.stream().filter(line -> line.contains("\"create\"")).count();
    assertThat(written + counted).isEqualTo(sent + 1);
    assertThat(counted).isBetween((long) tooMany, tooMany + 2L);
  }

  private static long count(String line) {
    try {
      return json(line).get("count").asLong();
    } catch (Exception malformed) {
      throw new IllegalStateException(malformed);
    }
  }

  @Test
  void whatWasNotedBeforeTheCloseIsWritten() {
    mayWrite.countDown();
    log.start();
    log.note(event("create", "/a", AuditEvent.OK));

    log.close();

    assertThat(lines).hasSize(1);
  }

  private static AuditEvent event(String operation, String path, String code) {
    return new AuditEvent(
        operation,
        "digest:ada",
        "10.0.0.9:4711",
        42,
        path,
        code,
        code.equals(AuditEvent.OK) ? 7 : 0,
        ImmutableList.of(),
        "");
  }

  private static JsonNode json(String line) throws Exception {
    return new ObjectMapper().readTree(line);
  }
}
