package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.quoll.api.v1.GetDataRequest;
import io.quoll.api.v1.RequestContext;
import io.quoll.api.v1.SetDataRequest;
import io.quoll.api.v1.TreeServiceGrpc;
import io.quoll.api.v1.TreeServiceGrpc.TreeServiceBlockingStub;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import io.quoll.client.Write;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReadYourWriteIT {
  private static final int ROUNDS = 200;

  private static Ensemble ensemble;

  @BeforeAll
  static void start() {
    ensemble = Ensemble.start("read-your-write");
  }

  @AfterAll
  static void stop() {
    ensemble.close();
  }

  @Test
  void aReadWithTheZxidOfAWriteSeesItOnEveryServer() {
    try (QuollClient client = ensemble.clientFrom(1)) {
      client.create("/mine", null, CreateMode.PERSISTENT);
    }
    ManagedChannel first = channel(ensemble.server(1));
    ManagedChannel third = channel(ensemble.server(3));

    try {
      for (int i = 0; i < ROUNDS; i++) {
        long zxid = stub(first).setData(write("/mine", i)).getHeader().getZxid();

        assertThat(stub(third).getData(read("/mine", zxid)).getData()).isEqualTo(value(i));
      }
    } finally {
      first.shutdownNow();
      third.shutdownNow();
    }
  }

  @Test
  void aLinearizableReadOnAnyServerSeesWhatWasAcknowledgedOnAnother() {
    try (QuollClient writer = Ensemble.clientOf(ensemble.server(1));
        QuollClient second = Ensemble.strictClientOf(ensemble.server(2));
        QuollClient third = Ensemble.strictClientOf(ensemble.server(3))) {
      writer.create("/theirs", null, CreateMode.PERSISTENT);

      for (int i = 0; i < ROUNDS; i++) {
        writer.setData("/theirs", value(i), Write.ANY_VERSION);

        assertThat(second.data("/theirs").data()).isEqualTo(value(i));
        assertThat(third.data("/theirs").data()).isEqualTo(value(i));
      }
    }
  }

  private static ManagedChannel channel(ServerProcess server) {
    return NettyChannelBuilder.forTarget(server.clientAddress()).usePlaintext().build();
  }

  private static TreeServiceBlockingStub stub(ManagedChannel channel) {
    return TreeServiceGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
  }

  private static SetDataRequest write(String path, int value) {
    return SetDataRequest.newBuilder().setPath(path).setData(value(value)).build();
  }

  private static GetDataRequest read(String path, long minZxid) {
    return GetDataRequest.newBuilder()
        .setContext(RequestContext.newBuilder().setMinZxid(minZxid))
        .setPath(path)
        .build();
  }

  private static ByteString value(int number) {
    return ByteString.copyFromUtf8("value " + number);
  }
}
