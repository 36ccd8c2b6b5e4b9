package io.quoll.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.io.ByteStreams;
import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.quoll.server.coordination.Authentication;
import io.quoll.server.coordination.DigestForm;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.SetAcl;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.ZnodePath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Walks all calls of all services that a front end has, whoever added them, so that none can be
 * forgotten.
 */
class EveryCallTest {
  /** What a load balancer asks. */
  private static final String HEALTH = "grpc.health.v1.Health/";

  private static final String CLUSTER = "quoll.v1.ClusterService/";

  /** What an administrator's call may be for everyone. */
  private static final ImmutableSet<String> OPEN_OF_CLUSTER = ImmutableSet.of(CLUSTER + "Status");

  private GrpcHarness grpc = new GrpcHarness();

  @AfterEach
  void close() {
    grpc.close();
  }

  private void enforce() {
    grpc.close();
    grpc =
        new GrpcHarness(
            new Authentication.Settings(
                Optional.empty(), DigestForm.SHA_256, ImmutableSet.of("digest")));
  }

  private ImmutableList<MethodDescriptor<?, ?>> calls(Server server) {
    return server.getServices().stream()
        .flatMap(service -> service.getMethods().stream())
        .<MethodDescriptor<?, ?>>map(ServerMethodDefinition::getMethodDescriptor)
        .collect(ImmutableList.toImmutableList());
  }

  @Test
  void whoProvesNothingCanDoNothingWhereProofIsEnforced() {
    enforce();
    List<MethodDescriptor<?, ?>> calls = calls(grpc.server());
    assertThat(calls).hasSizeGreaterThan(27);

    for (MethodDescriptor<?, ?> call : calls) {
      String outcome = outcomeOf(call, grpc.channel);

      if (call.getFullMethodName().startsWith(HEALTH)) {
        assertThat(outcome).as(call.getFullMethodName()).isNotEqualTo("AUTH_REQUIRED");
      } else {
        assertThat(outcome).as(call.getFullMethodName()).isEqualTo("AUTH_REQUIRED");
      }
    }
  }

  @Test
  void whoShowsWrongCredentialsCanDoNothing() {
    for (MethodDescriptor<?, ?> call : calls(grpc.server())) {
      for (String wrong : List.of("Bearer x", "Basic ???", "Basic " + base64("nocolon"), "")) {
        Metadata headers = new Metadata();
        headers.put(IdentityInterceptor.AUTHORIZATION, wrong);

        String outcome = outcomeOf(call, grpc.channel, headers);

        assertThat(outcome)
            .as("%s with \"%s\"", call.getFullMethodName(), wrong)
            .isEqualTo("AUTH_FAILED");
      }
    }
  }

  @Test
  void whoHasNotAdminOnTheRootAdministersNothing() {
    Object unused =
        grpc.coordinator
            .submit(
                Caller.ANONYMOUS,
                new SetAcl(ZnodePath.ROOT, Acl.READABLE, -1),
                System.nanoTime() + TimeUnit.SECONDS.toNanos(10))
            .join();

    List<String> refused = new ArrayList<>();
    for (MethodDescriptor<?, ?> call : calls(grpc.server())) {
      String name = call.getFullMethodName();
      if (name.startsWith(CLUSTER) && !OPEN_OF_CLUSTER.contains(name)) {
        assertThat(outcomeOf(call, grpc.channel)).as(name).isEqualTo("NO_AUTH");
        refused.add(name.substring(CLUSTER.length()));
      }
    }
    assertThat(refused)
        .contains("EndSession", "SetQuota", "Reconfigure", "TransferLeadership", "CreateBackup");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(ByteString.copyFromUtf8(text).toByteArray());
  }

  private static String outcomeOf(MethodDescriptor<?, ?> call, ManagedChannel channel) {
    return outcomeOf(call, channel, new Metadata());
  }

  /** The reason of the error that an empty request ends with, or the status without one. */
  private static String outcomeOf(
      MethodDescriptor<?, ?> call, ManagedChannel channel, Metadata headers) {
    MethodDescriptor<byte[], byte[]> raw =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(call.getType())
            .setFullMethodName(call.getFullMethodName())
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    CompletableFuture<String> outcome = new CompletableFuture<>();
    ClientCall<byte[], byte[]> begun =
        MetadataUtils.newAttachHeadersInterceptor(headers)
            .interceptCall(
                raw, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), channel);
    begun.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(byte[] message) {
            outcome.complete("ANSWERED");
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            outcome.complete(reasonOf(status.asRuntimeException(trailers)));
          }
        },
        new Metadata());
    begun.request(1);
    begun.sendMessage(new byte[0]);
    begun.halfClose();
    try {
      return outcome.join();
    } finally {
      begun.cancel("the test has seen enough", null);
    }
  }

  private static String reasonOf(StatusRuntimeException failure) {
    com.google.rpc.Status told = StatusProto.fromThrowable(failure);
    try {
      return told == null || told.getDetailsCount() == 0
          ? failure.getStatus().getCode().name()
          : told.getDetails(0).unpack(ErrorInfo.class).getReason();
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return ByteStreams.toByteArray(stream);
      } catch (IOException cutShort) {
        throw new UncheckedIOException(cutShort);
      }
    }
  }
}
