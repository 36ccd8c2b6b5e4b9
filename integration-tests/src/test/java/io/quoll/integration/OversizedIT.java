package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.api.v1.MemberStatus;
import io.quoll.client.Applied;
import io.quoll.client.CreateMode;
import io.quoll.client.ErrorCode;
import io.quoll.client.PageRequest;
import io.quoll.client.QuollClient;
import io.quoll.client.QuollException;
import io.quoll.client.Read;
import io.quoll.client.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that no server takes cost nothing: no entry of the log, no election, no place. */
class OversizedIT {
  private static final int MEBIBYTE = 1024 * 1024;
  private static final int REFUSED_WRITES = 10_000;
  private static final int IN_FLIGHT = 20;

  private static final ImmutableList<String> ILLEGAL_PATHS =
      ImmutableList.of(
          "",
          "app",
          "//",
          "/app/",
          "/app//b",
          "/app/./b",
          "/app/../b",
          "/.",
          "/..",
          "/app/.",
          "/app/..",
          "/a\u0000b",
          "/a\u0001b",
          "/a\u001fb",
          "/a\u007fb",
          "/a\u009fb",
          "/a\uf8ffb",
          "/a\ufff0b");

  private static Ensemble ensemble;
  private static QuollClient client;
  private MemberStatus before;

  @BeforeAll
  static void start() {
    ensemble = Ensemble.start("oversized");
    client = ensemble.clientFrom(1);
    client.create("/app", null, CreateMode.PERSISTENT);
  }

  @AfterAll
  static void stop() {
    client.close();
    ensemble.close();
  }

  @BeforeEach
  void look() {
    ensemble.awaitSameDigest();
    before = ensemble.leader().standing().orElseThrow();
  }

  @AfterEach
  void requireSameTermLeaderAndTree() {
    ensemble.awaitSameDigest();
    MemberStatus after = ensemble.leader().standing().orElseThrow();
    assertThat(after.getTerm()).isEqualTo(before.getTerm());
    assertThat(after.getId()).isEqualTo(before.getId());
    assertThat(after.getTreeDigest()).isEqualTo(before.getTreeDigest());
    assertThat(after.getZxid()).isEqualTo(before.getZxid());
  }

  private static QuollException refusal(ThrowingCallable call) {
    return catchThrowableOfType(QuollException.class, call);
  }

  @Test
  void aWriteOfFiveMebibytesIsRefusedByTheNameOfTheLimit() {
    ByteString data = ByteString.copyFrom(new byte[5 * MEBIBYTE]);

    QuollException refusal = refusal(() -> client.setData("/app", data, Write.ANY_VERSION));

    assertThat(refusal.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(refusal.applied()).isEqualTo(Applied.NO);
    assertThat(refusal).hasMessageContaining("1048576");
  }

  @Test
  void aWriteThatIsMoreThanAServerReadsIsRefusedToo() {
    ByteString data = ByteString.copyFrom(new byte[20 * MEBIBYTE]);

    QuollException refusal = refusal(() -> client.setData("/app", data, Write.ANY_VERSION));

    assertThat(refusal.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  @Test
  void refusedWritesTakeNoPlaceOfOthers() throws Exception {
    ByteString data = ByteString.copyFrom(new byte[MEBIBYTE + 1]);
    List<CompletableFuture<?>> writes = new ArrayList<>();
    for (int i = 0; i < Form.of(REFUSED_WRITES / 10, REFUSED_WRITES); i++) {
      writes.add(client.async().setData("/app", data, Write.ANY_VERSION));
      if (writes.size() == IN_FLIGHT) {
        requireRefused(writes);
      }
    }
    requireRefused(writes);
    for (int i = 0; i < REFUSED_WRITES; i++) {
      writes.add(client.async().setData("/app", ByteString.EMPTY, 1_000_000));
      if (writes.size() == 50 * IN_FLIGHT) {
        requireRefused(writes);
      }
    }

    requireRefused(writes);
    assertThat(client.exists("/app")).isPresent();
  }

  private static void requireRefused(List<CompletableFuture<?>> writes) throws Exception {
    for (CompletableFuture<?> write : writes) {
      Throwable failure = write.handle((reply, thrown) -> thrown).get(60, TimeUnit.SECONDS);
      assertThat(QuollException.in(failure).applied()).isEqualTo(Applied.NO);
    }
    writes.clear();
  }

  @Test
  void aPathThatIsTooLongIsRefusedByTheNameOfTheLimit() {
    String path = "/" + "a".repeat(32 * 1024);

    QuollException refusal = refusal(() -> client.create(path, null, CreateMode.PERSISTENT));

    assertThat(refusal.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(refusal.applied()).isEqualTo(Applied.NO);
  }

  @Test
  void aPathOfAnIllegalFormIsRefusedByEveryCall() {
    for (String path : ILLEGAL_PATHS) {
      List<ThrowingCallable> calls =
          List.of(
              () -> client.create(path, null, CreateMode.PERSISTENT),
              () -> client.delete(path, Write.ANY_VERSION),
              () -> client.deleteRecursive(path),
              () -> client.setData(path, null, Write.ANY_VERSION),
              () -> client.multi(List.of(new Write.Check(path, Write.ANY_VERSION))),
              () -> client.data(path),
              () -> client.exists(path),
              () -> client.children(path, PageRequest.first()),
              () -> client.multiRead(List.of(new Read.Exists(path))),
              () -> client.countDescendants(path));
      for (int i = 0; i < calls.size(); i++) {
        QuollException refusal = refusal(calls.get(i));

        assertThat(refusal).as("call %d with \"%s\"", i, path).isNotNull();
        assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(refusal.applied()).isEqualTo(Applied.NO);
      }
    }
  }
}
