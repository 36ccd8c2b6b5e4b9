package io.quoll.client;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.util.Optional;

/**
 * What a client needs to know before it starts.
 *
 * @param servers the servers, tried in this order and round again; one is used at a time
 * @param chroot the path below which the client lives, such as {@code /app}; empty for none. All
 *     paths that go in and come out are relative to it
 * @param requestTimeout how long a request may take, all attempts together
 * @param unreachablePatience how long a request goes on when none of the servers can be reached,
 *     once each was tried
 * @param consistency how fresh reads have to be
 * @param tls how connections are protected; empty for plaintext
 * @param credentials what the client shows to prove who it is, at most {@value
 *     Keyring#CREDENTIALS_MAX}
 */
public record ClientOptions(
    ImmutableList<ServerAddress> servers,
    String chroot,
    Duration requestTimeout,
    Duration unreachablePatience,
    Consistency consistency,
    Optional<TlsOptions> tls,
    ImmutableList<Credentials> credentials) {
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration UNREACHABLE_PATIENCE = Duration.ofSeconds(2);

  /** Refuses options that no client can work with. */
  public ClientOptions {
    require(servers, chroot, requestTimeout, credentials);
  }

  static void require(
      ImmutableList<ServerAddress> servers,
      String chroot,
      Duration requestTimeout,
      ImmutableList<Credentials> credentials) {
    if (credentials.size() > Keyring.CREDENTIALS_MAX) {
      throw new IllegalArgumentException(
          "a client shows at most " + Keyring.CREDENTIALS_MAX + " credentials");
    }
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("a client needs at least one server");
    }
    if (requestTimeout.isZero() || requestTimeout.isNegative()) {
      throw new IllegalArgumentException("the request timeout must be positive");
    }
    if (!chroot.isEmpty() && (!chroot.startsWith("/") || chroot.endsWith("/"))) {
      throw new IllegalArgumentException(
          "the chroot \"" + chroot + "\" must start with \"/\" and not end with it");
    }
  }

  /**
   * The options for {@code HOST:PORT,HOST:PORT,...[/chroot]}; a port left out is {@value
   * ServerAddress#DEFAULT_PORT}.
   *
   * @throws IllegalArgumentException if the text is not of that form, with a message that says why
   */
  public static ClientOptions of(String connectString) {
    int slash = connectString.indexOf('/');
    String hosts = slash < 0 ? connectString : connectString.substring(0, slash);
    String chroot = slash < 0 ? "" : connectString.substring(slash);
    ImmutableList<ServerAddress> servers =
        Splitter.on(',')
            .trimResults()
            .splitToStream(hosts)
            .map(ServerAddress::of)
            .collect(ImmutableList.toImmutableList());
    return new ClientOptions(
        servers,
        chroot.equals("/") ? "" : chroot,
        REQUEST_TIMEOUT,
        UNREACHABLE_PATIENCE,
        Consistency.LOCAL,
        Optional.empty(),
        ImmutableList.of());
  }

  /** These options with another request timeout. */
  public ClientOptions withRequestTimeout(Duration timeout) {
    return new ClientOptions(
        servers, chroot, timeout, unreachablePatience, consistency, tls, credentials);
  }

  /** These options with another patience. */
  public ClientOptions withUnreachablePatience(Duration patience) {
    return new ClientOptions(
        servers, chroot, requestTimeout, patience, consistency, tls, credentials);
  }

  /** These options with another consistency of reads. */
  public ClientOptions withConsistency(Consistency wanted) {
    return new ClientOptions(
        servers, chroot, requestTimeout, unreachablePatience, wanted, tls, credentials);
  }

  /** These options with TLS. */
  public ClientOptions withTls(TlsOptions protection) {
    return new ClientOptions(
        servers,
        chroot,
        requestTimeout,
        unreachablePatience,
        consistency,
        Optional.of(protection),
        credentials);
  }

  /** These options with other credentials. */
  public ClientOptions withCredentials(ImmutableList<Credentials> shown) {
    return new ClientOptions(
        servers, chroot, requestTimeout, unreachablePatience, consistency, tls, shown);
  }
}
