package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.client.CreateMode;
import io.quoll.client.ErrorCode;
import io.quoll.client.QuollClient;
import io.quoll.client.QuollException;
import io.quoll.client.Quota;
import io.quoll.client.QuotaLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Quotas under writes that are under way at all servers at once. */
class QuotaIT {
  private static final int LIMIT = 200;
  private static final int WRITES_EACH = 300;

  @Test
  void writesUnderWayAtAllServersReachAHardLimitAndDoNotCrossIt() throws Exception {
    try (Ensemble ensemble = Ensemble.start("quota");
        QuollClient one = Ensemble.clientOf(ensemble.server(1));
        QuollClient two = Ensemble.clientOf(ensemble.server(2));
        QuollClient three = Ensemble.clientOf(ensemble.server(3))) {
      one.create("/limited", null, CreateMode.PERSISTENT);
      one.setQuota(
          "/limited", new QuotaLimits(QuotaLimits.KEEP, QuotaLimits.KEEP, LIMIT, QuotaLimits.KEEP));

      List<CompletableFuture<?>> writes = new ArrayList<>();
      for (int i = 0; i < WRITES_EACH; i++) {
        for (QuollClient client : List.of(one, two, three)) {
          String path = "/limited/" + writes.size();
          writes.add(
              client.async().create(path, ByteString.copyFromUtf8("12345"), CreateMode.PERSISTENT));
        }
      }

      assertThat(countCreated(writes)).isEqualTo(LIMIT - 1);
      ensemble.awaitSameDigest();
      for (QuollClient client : List.of(one, two, three)) {
        Quota quota = client.quota("/limited");
        assertThat(quota.count()).isEqualTo(LIMIT);
        assertThat(quota.bytes()).isEqualTo(5L * (LIMIT - 1));
        assertThat(client.countDescendants("/limited")).isEqualTo(LIMIT - 1);
        assertThat(client.data("/zookeeper/quota/limited/zookeeper_stats").data())
            .isEqualTo(ByteString.copyFromUtf8("count=" + LIMIT + ",bytes=" + 5 * (LIMIT - 1)));
      }
    }
  }

  private static int countCreated(List<CompletableFuture<?>> writes) throws Exception {
    int created = 0;
    for (CompletableFuture<?> write : writes) {
      QuollException failure =
          write
              .handle((done, thrown) -> thrown == null ? null : QuollException.in(thrown))
              .get(60, TimeUnit.SECONDS);
      if (failure == null) {
        created++;
      } else {
        assertThat(failure.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
      }
    }
    return created;
  }
}
