package io.quoll.client;

import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.util.Optional;

/**
 * What a session needs to know before it is opened.
 *
 * @param servers the servers; one is used at a time, and left when it cannot be reached, is silent
 *     or cannot serve
 * @param shuffleServers whether the session takes the servers in an order of its own, drawn when it
 *     is opened, as ZooKeeper's clients do: so that many sessions spread over the ensemble, and
 *     over its rest when a server dies. Else they are tried as they are listed
 * @param chroot the path below which the session lives, such as {@code /app}; empty for none. All
 *     paths that go in and come out are relative to it
 * @param sessionTimeout how long the session may be without contact before the ensemble ends it;
 *     the server takes what is nearest to it within its limits
 * @param requestTimeout how long a read waits for its answer, and a write until it is sent. A write
 *     that was sent has no limit but the life of the session: it is never given up while its
 *     outcome can still be learnt. Also how long the waiting forms of open and close wait
 * @param consistency how fresh reads have to be
 * @param tls how connections are protected; empty for plaintext
 * @param credentials what the session shows to prove who it is, from the start; at most {@value
 *     Keyring#CREDENTIALS_MAX}
 */
public record SessionOptions(
    ImmutableList<ServerAddress> servers,
    boolean shuffleServers,
    String chroot,
    Duration sessionTimeout,
    Duration requestTimeout,
    Consistency consistency,
    Optional<TlsOptions> tls,
    ImmutableList<Credentials> credentials) {
  private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(30);

  /** Refuses options that no session can work with. */
  public SessionOptions {
    ClientOptions.require(servers, chroot, requestTimeout, credentials);
    if (sessionTimeout.toMillis() < 1 || sessionTimeout.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the session timeout must be from 1 to 2147483647 ms, which "
              + sessionTimeout
              + " is not");
    }
  }

  /**
   * The options for {@code HOST:PORT,HOST:PORT,...[/chroot]}, with a session timeout and a request
   * timeout of 30 s, servers shuffled and local reads.
   *
   * @throws IllegalArgumentException if the text is not of that form, with a message that says why
   */
  public static SessionOptions of(String connectString) {
    return of(ClientOptions.of(connectString));
  }

  /** The options of a session to the ensemble that a client talks to. */
  public static SessionOptions of(ClientOptions client) {
    return new SessionOptions(
        client.servers(),
        true,
        client.chroot(),
        SESSION_TIMEOUT,
        client.requestTimeout(),
        client.consistency(),
        client.tls(),
        client.credentials());
  }

  /** These options with the servers tried in an order of the session's own, or as listed. */
  public SessionOptions withShuffledServers(boolean shuffled) {
    return new SessionOptions(
        servers, shuffled, chroot, sessionTimeout, requestTimeout, consistency, tls, credentials);
  }

  /** These options with another session timeout. */
  public SessionOptions withSessionTimeout(Duration timeout) {
    return new SessionOptions(
        servers, shuffleServers, chroot, timeout, requestTimeout, consistency, tls, credentials);
  }

  /** These options with another request timeout. */
  public SessionOptions withRequestTimeout(Duration timeout) {
    return new SessionOptions(
        servers, shuffleServers, chroot, sessionTimeout, timeout, consistency, tls, credentials);
  }

  /** These options with another consistency of reads. */
  public SessionOptions withConsistency(Consistency wanted) {
    return new SessionOptions(
        servers, shuffleServers, chroot, sessionTimeout, requestTimeout, wanted, tls, credentials);
  }

  /** These options with TLS. */
  public SessionOptions withTls(TlsOptions protection) {
    return new SessionOptions(
        servers,
        shuffleServers,
        chroot,
        sessionTimeout,
        requestTimeout,
        consistency,
        Optional.of(protection),
        credentials);
  }

  /** These options with other credentials. */
  public SessionOptions withCredentials(ImmutableList<Credentials> shown) {
    return new SessionOptions(
        servers, shuffleServers, chroot, sessionTimeout, requestTimeout, consistency, tls, shown);
  }
}
