package io.quoll.cli.tree;

import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quoll.client.AsyncQuollSession;
import io.quoll.client.ClientOptions;
import io.quoll.client.CreateMode;
import io.quoll.client.Credentials;
import io.quoll.client.QuollClient;
import io.quoll.client.QuollException;
import io.quoll.client.SessionOptions;
import io.quoll.client.SessionState;
import io.quoll.client.WatchHandler;
import io.quoll.client.Write;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What commands are run at: by calls, until one of them needs a session, and by its requests from
 * then on, so that each command sees what those before it did.
 *
 * <p>Thread-safe.
 */
public final class Ensemble implements AutoCloseable {
  private final QuollClient client;
  private final WatchHandler watcher;

  @GuardedBy("this")
  private SessionOptions sessionOptions;

  @GuardedBy("this")
  private @Nullable HeldSession held;

  private Ensemble(QuollClient client, SessionOptions sessionOptions, WatchHandler watcher) {
    this.client = client;
    this.sessionOptions = sessionOptions;
    this.watcher = watcher;
  }

  /**
   * The ensemble of those servers. This waits for nothing.
   *
   * @param watcher is told what the watches see that commands set
   */
  public static Ensemble of(ClientOptions options, SessionOptions session, WatchHandler watcher) {
    return new Ensemble(QuollClient.open(options), session, watcher);
  }

  /**
   * Begins a session, waiting for nothing.
   *
   * @param states is told how the session stands, beginning with now
   */
  public synchronized void beginSession(Consumer<SessionState> states) {
    held().session().addStateListener(states);
  }

  /**
   * The session, which is opened if there is none yet.
   *
   * @throws QuollException if no server opens it
   */
  public AsyncQuollSession session() {
    HeldSession present;
    synchronized (this) {
      present = held();
    }
    present.awaitOpened();
    return present.session();
  }

  @GuardedBy("this")
  private HeldSession held() {
    if (held == null) {
      held = HeldSession.open(sessionOptions);
    }
    return held;
  }

  /** The session if it was begun. */
  public synchronized Optional<AsyncQuollSession> sessionIfAny() {
    return Optional.ofNullable(held).map(HeldSession::session);
  }

  /**
   * From now on proves to be this user too: at once, and for sessions that are opened later.
   *
   * @throws QuollException {@code AUTH_FAILED} if the credentials prove nothing, and then nothing
   *     works any more
   */
  public void addAuth(Credentials credentials) {
    Optional<AsyncQuollSession> session = sessionIfAny();
    if (session.isPresent()) {
      Answer.of(session.get().addAuth(credentials));
    }
    client.addCredentials(credentials);
    synchronized (this) {
      sessionOptions =
          sessionOptions.withCredentials(
              ImmutableSet.<Credentials>builder()
                  .addAll(sessionOptions.credentials())
                  .add(credentials)
                  .build()
                  .asList());
    }
    if (session.isEmpty()) {
      var unused = Answer.ofRead(client.async().whoAmI());
    }
  }

  /** Is told what watches see. */
  public WatchHandler watcher() {
    return watcher;
  }

  /** The tree; what it answers comes after the events of what it shows. */
  public Tree tree() {
    Optional<AsyncQuollSession> session = sessionIfAny();
    return session.isPresent()
        ? new SessionTree(session.get(), session.get().executor())
        : new ClientTree(client.async());
  }

  /** The tree, whose answers do not wait for events to be told. */
  public Tree treeAtOnce() {
    Optional<AsyncQuollSession> session = sessionIfAny();
    return session.isPresent() ? new SessionTree(session.get(), Runnable::run) : tree();
  }

  /**
   * The tree for these writes; some need a session.
   *
   * @throws QuollException if no server opens it
   */
  public Tree treeFor(List<Write> writes) {
    if (writes.stream().anyMatch(Ensemble::isEphemeral)) {
      session();
    }
    return tree();
  }

  /** Whether the write leaves something that ends with its session. */
  public static boolean isEphemeral(Write write) {
    return write instanceof Write.Create create
        && (create.mode() == CreateMode.EPHEMERAL
            || create.mode() == CreateMode.EPHEMERAL_SEQUENTIAL);
  }

  /** How sessions are opened. */
  public synchronized SessionOptions sessionOptions() {
    return sessionOptions;
  }

  /** For what is about the servers and not about the tree. */
  public QuollClient client() {
    return client;
  }

  /** Closes the session, if there is one, and the connections. */
  @Override
  public void close() {
    HeldSession present;
    synchronized (this) {
      present = held;
    }
    if (present != null) {
      present.close();
    }
    client.close();
  }
}
