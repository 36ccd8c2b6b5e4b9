package io.quoll.server.consensus;

import io.quoll.server.consensus.MemberMessages.Asked;
import io.quoll.server.consensus.MemberMessages.Profile;
import io.quoll.server.consensus.PeerMessages.Acquaintance;
import io.quoll.server.consensus.PeerMessages.Introduction;
import io.quoll.server.coordination.Consensus.Standing;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.MemberOutcome;
import io.quoll.server.coordination.StartupException;
import io.quoll.server.coordination.TouchReceiver;
import io.quoll.server.coordination.UnavailableException;
import io.quoll.statemachine.ratis.SnapshotDirectory;
import io.quoll.statemachine.state.Rejection;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.ServerServiceDefinition;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCallStreamObserver;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;

/**
 * Serves the other members: {@link PeerProtocol}. Calls are served on the event loop that also
 * serves Raft, but for those that read the store.
 */
final class PeerService {
  private static final String RATIS_PEER_SERVICE = "ratis.grpc.RaftServerProtocolService";

  private PeerService() {}

  /** All calls. */
  static ServerServiceDefinition definition(
      Inbox inbox,
      CommitFeed commits,
      Supplier<Standing> standing,
      Function<Introduction, Acquaintance> acquaintance,
      TouchReceiver touches,
      Function<Absence, Absence.Answer> absence,
      MemberService members,
      SnapshotDirectory snapshots,
      Executor workers) {
    return ServerServiceDefinition.builder(PeerProtocol.SERVICE)
        .addMethod(PeerProtocol.PROPOSE, ServerCalls.asyncBidiStreamingCall(inbox::accept))
        .addMethod(
            PeerProtocol.COMMITS,
            ServerCalls.asyncServerStreamingCall(
                (request, replies) ->
                    commits.accept(PeerMessages.decodeServerId(request), replies)))
        .addMethod(PeerProtocol.STANDING, unary(request -> PeerMessages.encode(standing.get())))
        .addMethod(PeerProtocol.INTRODUCE, introduce(acquaintance, workers))
        .addMethod(PeerProtocol.REPORT_TOUCHES, unary(request -> takeTouches(request, touches)))
        .addMethod(PeerProtocol.ATTEND, attend())
        .addMethod(
            PeerProtocol.MISS,
            unary(
                request -> PeerMessages.encode(absence.apply(PeerMessages.decodeAbsence(request)))))
        .addMethod(PeerProtocol.PROFILE, unary(request -> MemberMessages.encode(members.profile())))
        .addMethod(
            PeerProtocol.ADMINISTER, worked(request -> administer(request, members), workers))
        .addMethod(
            PeerProtocol.DISMISS,
            worked(
                request -> {
                  members.dismiss(MemberMessages.decodeProfile(request));
                  return new byte[0];
                },
                workers))
        .addMethod(
            PeerProtocol.FETCH_SNAPSHOT,
            ServerCalls.asyncServerStreamingCall(
                (request, replies) ->
                    SnapshotSender.start(
                        snapshots, (ServerCallStreamObserver<byte[]>) replies, workers)))
        .build();
  }

  /** What members ask each other about who they are. */
  interface MemberService {
    /** What this server tells of itself. */
    Profile profile();

    /** Does what is asked for, if this server leads; waits for it. */
    MemberOutcome administer(Asked asked) throws UnavailableException;

    /** Takes note that a leader says who the members are now. */
    void dismiss(Profile leader);
  }

  private static byte[] administer(byte[] request, MemberService members) {
    try {
      return MemberMessages.encode(members.administer(MemberMessages.decodeAsked(request)));
    } catch (Rejection refusal) {
      return MemberMessages.encode(refusal);
    } catch (UnavailableException notNow) {
      throw new IllegalStateException(notNow.getMessage(), notNow);
    }
  }

  private static ServerCallHandler<byte[], byte[]> worked(
      Function<byte[], byte[]> method, Executor workers) {
    return ServerCalls.asyncUnaryCall(
        (byte[] request, StreamObserver<byte[]> reply) ->
            workers.execute(() -> answer(request, reply, method)));
  }

  /** Introductions, which are all that a node answers before it takes part. */
  static ServerServiceDefinition introductionsOnly(
      Function<Introduction, Acquaintance> acquaintance) {
    return ServerServiceDefinition.builder(PeerProtocol.SERVICE)
        .addMethod(PeerProtocol.INTRODUCE, introduce(acquaintance, Runnable::run))
        .build();
  }

  private static ServerCallHandler<byte[], byte[]> introduce(
      Function<Introduction, Acquaintance> acquaintance, Executor executor) {
    return ServerCalls.asyncUnaryCall(
        (byte[] request, StreamObserver<byte[]> reply) ->
            executor.execute(
                () -> answer(request, reply, asked -> introduced(asked, acquaintance))));
  }

  private static byte[] introduced(
      byte[] request, Function<Introduction, Acquaintance> acquaintance) {
    return PeerMessages.encode(acquaintance.apply(PeerMessages.decodeIntroduction(request)));
  }

  private static ServerCallHandler<byte[], byte[]> attend() {
    return ServerCalls.asyncServerStreamingCall((request, replies) -> replies.onNext(new byte[0]));
  }

  private static byte[] takeTouches(byte[] request, TouchReceiver touches) {
    try {
      return PeerMessages.encodeTerm(touches.onTouches(PeerMessages.decodeTouches(request)));
    } catch (UnavailableException refusal) {
      throw new IllegalStateException(refusal.getMessage(), refusal);
    }
  }

  private static ServerCallHandler<byte[], byte[]> unary(Function<byte[], byte[]> method) {
    return ServerCalls.asyncUnaryCall(
        (byte[] request, StreamObserver<byte[]> reply) -> answer(request, reply, method));
  }

  private static void answer(
      byte[] request, StreamObserver<byte[]> reply, Function<byte[], byte[]> method) {
    byte[] answer;
    try {
      answer = method.apply(request);
    } catch (IllegalStateException notNow) {
      reply.onError(Status.UNAVAILABLE.withDescription(notNow.getMessage()).asException());
      return;
    }
    reply.onNext(answer);
    reply.onCompleted();
  }

  /**
   * Refuses what Ratis would also serve on the port between members, to anybody: its services for
   * clients and for administrators, which know no permissions.
   */
  static ServerInterceptor peersOnly() {
    return new ServerInterceptor() {
      @Override
      public <Q, R> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String service = call.getMethodDescriptor().getServiceName();
        if (PeerProtocol.SERVICE.equals(service) || RATIS_PEER_SERVICE.equals(service)) {
          return next.startCall(call, headers);
        }
        call.close(
            Status.PERMISSION_DENIED.withDescription("this port is for members only"),
            new Metadata());
        return new ServerCall.Listener<>() {};
      }
    };
  }

  /** The error of a port that cannot be listened at. */
  static StartupException portTaken(ConsensusConfig.Peer self, IOException cause) {
    return new StartupException(
        ExitCode.PORT_IN_USE,
        "cannot listen at %s:%d for the other members: %s"
            .formatted(self.host(), self.port(), rootMessage(cause)));
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }
}
