package io.quoll.server.grpc;

import io.quoll.api.v1.GetQuotaResponse;
import io.quoll.api.v1.QuotaLimits;
import io.quoll.api.v1.SetQuotaRequest;
import io.quoll.statemachine.command.SetQuota;
import io.quoll.statemachine.query.Answer;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.ZnodePath;

/** Makes commands of requests about quotas, and replies of answers. */
final class QuotaMapping {
  private QuotaMapping() {}

  /** The command; rejected with {@code BAD_ARGUMENTS} if a limit is none. */
  static SetQuota set(SetQuotaRequest request) {
    QuotaLimits limits = request.getLimits();
    String path = request.getPath();
    return new SetQuota(
        ZnodePath.of(path),
        new io.quoll.statemachine.state.QuotaLimits(
            limit(path, limits.hasCount(), limits.getCount()),
            limit(path, limits.hasBytes(), limits.getBytes()),
            limit(path, limits.hasHardCount(), limits.getHardCount()),
            limit(path, limits.hasHardBytes(), limits.getHardBytes())));
  }

  private static long limit(String path, boolean isSet, long limit) {
    if (limit < io.quoll.statemachine.state.QuotaLimits.NONE) {
      throw new Rejection(
          ErrorCode.BAD_ARGUMENTS,
          path,
          "a limit of " + limit + "; it is from 0 up, or -1 for none");
    }
    return isSet ? limit : io.quoll.statemachine.state.QuotaLimits.KEEP;
  }

  static GetQuotaResponse.Builder found(Answer answer) {
    Answer.Quota quota = ReplyMapping.expect(Answer.Quota.class, answer);
    return GetQuotaResponse.newBuilder()
        .setLimits(
            QuotaLimits.newBuilder()
                .setCount(quota.limits().count())
                .setBytes(quota.limits().bytes())
                .setHardCount(quota.limits().countHard())
                .setHardBytes(quota.limits().bytesHard()))
        .setCount(quota.usage().count())
        .setBytes(quota.usage().bytes())
        .setCounted(quota.whole());
  }
}
