package io.quoll.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.GetQuotaRequest;
import io.quoll.api.v1.GetQuotaResponse;
import io.quoll.api.v1.QuotaLimits;
import io.quoll.api.v1.RemoveQuotaRequest;
import io.quoll.api.v1.SetQuotaRequest;
import io.quoll.api.v1.SetQuotaResponse;
import io.quoll.server.grpc.GrpcHarness.Failure;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuotaServiceTest {
  private final GrpcHarness grpc = new GrpcHarness();

  @AfterEach
  void close() {
    grpc.close();
  }

  @Test
  void aQuotaIsSetAndToldWithItsUsage() {
    grpc.tree("/a", "/a/b");

    SetQuotaResponse set = set(QuotaLimits.newBuilder().setHardCount(3).build());
    Object unused = set(QuotaLimits.newBuilder().setBytes(9).build());

    assertThat(set.getCounted()).isTrue();
    GetQuotaResponse quota = grpc.cluster().getQuota(get());
    assertThat(quota.getLimits())
        .isEqualTo(
            QuotaLimits.newBuilder()
                .setCount(-1)
                .setBytes(9)
                .setHardCount(3)
                .setHardBytes(-1)
                .build());
    assertThat(quota.getCount()).isEqualTo(2);
    assertThat(quota.getCounted()).isTrue();
    assertThat(quota.getHeader().getZxid()).isEqualTo(4);
  }

  @Test
  void aWriteBeyondAHardLimitIsRefusedForGood() {
    grpc.tree("/a");
    Object unused = set(QuotaLimits.newBuilder().setHardBytes(3).build());
    CreateRequest create =
        CreateRequest.newBuilder().setPath("/a/b").setData(ByteString.copyFromUtf8("1234")).build();

    Failure failure = GrpcHarness.failureOf(() -> grpc.tree().create(create));

    assertThat(failure.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(failure.info().getReason()).isEqualTo("QUOTA_EXCEEDED");
    assertThat(failure.metadata("code")).isEqualTo("125");
    assertThat(failure.metadata("applied")).isEqualTo("NO");
    assertThat(failure.metadata("path")).isEqualTo("/a/b");
    assertThat(failure.retry()).isEmpty();
  }

  @Test
  void aRemovedQuotaIsGone() {
    grpc.tree("/a");
    Object unused = set(QuotaLimits.newBuilder().setHardBytes(3).build());
    RemoveQuotaRequest remove = RemoveQuotaRequest.newBuilder().setPath("/a").build();

    assertThat(grpc.cluster().removeQuota(remove).getHeader().getZxid()).isEqualTo(3);

    assertThat(reasonOf(() -> grpc.cluster().removeQuota(remove))).isEqualTo("NO_NODE");
    assertThat(reasonOf(() -> grpc.cluster().getQuota(get()))).isEqualTo("NO_NODE");
  }

  @Test
  void aLimitThatIsNoneIsRefused() {
    grpc.tree("/a");

    assertThat(reasonOf(() -> set(QuotaLimits.newBuilder().setCount(-2).build())))
        .isEqualTo("BAD_ARGUMENTS");
    assertThat(reasonOf(() -> set(QuotaLimits.getDefaultInstance()))).isEqualTo("NO_NODE");
  }

  private static String reasonOf(Callable<?> call) {
    return GrpcHarness.failureOf(call).info().getReason();
  }

  private SetQuotaResponse set(QuotaLimits limits) {
    return grpc.cluster()
        .setQuota(SetQuotaRequest.newBuilder().setPath("/a").setLimits(limits).build());
  }

  private static GetQuotaRequest get() {
    return GetQuotaRequest.newBuilder().setPath("/a").build();
  }
}
