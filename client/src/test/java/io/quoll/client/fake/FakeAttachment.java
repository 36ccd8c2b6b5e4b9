package io.quoll.client.fake;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.quoll.api.v1.AttachSession;
import io.quoll.api.v1.ClientFrame;
import io.quoll.api.v1.ServerFrame;
import io.quoll.api.v1.SessionItem;
import io.quoll.api.v1.SessionReply;
import io.quoll.api.v1.SessionRequest;
import io.quoll.api.v1.SessionStarted;
import io.quoll.api.v1.WatchEvent;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One stream of a session at a fake server. Holds the tree while it does anything. */
final class FakeAttachment implements StreamObserver<ClientFrame> {
  private final FakeSessionService service;
  private final FakeTree tree;
  private final StreamObserver<ServerFrame> out;
  private final FakeWatches watches = new FakeWatches();
  private final Consumer<List<FakeChange>> onCommit = this::committed;
  private @Nullable FakeSession session;
  private boolean isOver;

  FakeAttachment(FakeSessionService service, FakeTree tree, StreamObserver<ServerFrame> out) {
    this.service = service;
    this.tree = tree;
    this.out = out;
  }

  @Override
  public void onNext(ClientFrame frame) {
    boolean unused = tree.alone(() -> take(frame));
  }

  private boolean take(ClientFrame frame) {
    service.countFrame(frame);
    if (isOver || service.isMute()) {
      return false;
    }
    FakeSession held = session;
    if (held == null) {
      held = begin(frame);
      if (held == null) {
        return false;
      }
    }
    if (frame.getPing() != 0) {
      send(ServerFrame.newBuilder().setPong(frame.getPing()).build());
    }
    if (frame.getFirstUnacknowledgedCxid() != 0) {
      held.acknowledge(frame.getFirstUnacknowledgedCxid());
    }
    for (SessionRequest request : frame.getRequestsList()) {
      if (!isOver) {
        answer(held, request);
      }
    }
    return true;
  }

  private @Nullable FakeSession begin(ClientFrame frame) {
    if (!service.refusal().isEmpty()) {
      refuse(service.refusal());
      return null;
    }
    FakeSession wanted =
        frame.hasOpen()
            ? tree.openSession(frame.getOpen().getTimeoutMillis())
            : attachable(frame.getAttach());
    if (wanted == null) {
      return null;
    }
    session = wanted;
    wanted.attach(this);
    service.attached(this);
    tree.listen(onCommit);
    send(
        ServerFrame.newBuilder()
            .setStarted(
                SessionStarted.newBuilder()
                    .setHeader(service.replies().header())
                    .setSessionId(wanted.id())
                    .setSecret(wanted.secret())
                    .setTimeoutMillis(wanted.timeoutMillis())
                    .setEpoch(wanted.epoch())
                    .setLastCxid(wanted.lastCxid()))
            .build());
    return wanted;
  }

  private @Nullable FakeSession attachable(AttachSession attach) {
    FakeSession known = tree.session(attach.getSessionId());
    if (known == null) {
      refuse("SESSION_EXPIRED");
      return null;
    }
    if (!known.secret().equals(attach.getSecret())) {
      refuse("AUTH_FAILED");
      return null;
    }
    if (attach.getLastZxid() > tree.zxid()) {
      refuse("BEHIND");
      return null;
    }
    return known;
  }

  private void answer(FakeSession held, SessionRequest request) {
    SessionReply reply =
        new FakeRequests(service, tree, held, watches, this::event).answer(request);
    if (!service.faults().losesReplies()) {
      send(ServerFrame.newBuilder().addItems(SessionItem.newBuilder().setReply(reply)).build());
    }
    if (request.hasClose()) {
      over();
      out.onCompleted();
    } else if (service.faults().isCutNow()) {
      cut();
    }
  }

  private void committed(List<FakeChange> changes) {
    changes.forEach(change -> watches.fire(change).forEach(this::event));
  }

  private void event(WatchEvent event) {
    if (!service.faults().losesReplies()) {
      send(ServerFrame.newBuilder().addItems(SessionItem.newBuilder().setEvent(event)).build());
    }
  }

  private void send(ServerFrame frame) {
    if (!isOver) {
      out.onNext(frame);
    }
  }

  int watchCount() {
    return tree.alone(watches::size);
  }

  /** Breaks the stream as a lost connection would. */
  void cut() {
    end(Status.UNAVAILABLE.withDescription("cut").asRuntimeException());
  }

  void refuse(String reason) {
    end(service.replies().refusal(reason));
  }

  private void end(StatusRuntimeException error) {
    boolean unused =
        tree.alone(
            () -> {
              if (!isOver) {
                over();
                out.onError(error);
              }
              return true;
            });
  }

  private void over() {
    isOver = true;
    tree.forget(onCommit);
    service.left(this);
  }

  @Override
  public void onError(Throwable broken) {
    boolean unused =
        tree.alone(
            () -> {
              over();
              return true;
            });
  }

  @Override
  public void onCompleted() {
    onError(new IllegalStateException("ended"));
  }
}
