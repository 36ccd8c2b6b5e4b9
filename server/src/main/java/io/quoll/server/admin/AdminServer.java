package io.quoll.server.admin;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.common.collect.ImmutableMap;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.StartupException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the pages of the administrator over HTTP, with a few threads of its own, so that nobody
 * who asks here can keep those of the node. Started once and closed once.
 */
public final class AdminServer implements AutoCloseable {
  /** The threads that answer. */
  static final int THREADS = 4;

  /** The requests that wait for one of them; what is above that is hung up on. */
  static final int REQUESTS_QUEUED_MAX = 100;

  /** The characters of the query of a request. */
  static final int QUERY_CHARACTERS_MAX = 4 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final int BACKLOG = 50;
  private static final String REQUEST_SECONDS_MAX = "10";
  private static final String REPLY_SECONDS_MAX = "60";

  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final AdminDoor door;
  private final ImmutableMap<String, AdminPage> pages;
  private final AdminPage notFound;

  /**
   * Listens on {@code host} and {@code port}, and answers nobody before {@link #start}.
   *
   * @param pages what there is, by path
   * @throws StartupException {@code PORT_IN_USE}, or {@code BAD_CONFIGURATION} if the address is
   *     none of this machine's
   */
  AdminServer(
      String host,
      int port,
      AdminDoor door,
      ImmutableMap<String, AdminPage> pages,
      AdminPage notFound) {
    this.door = door;
    this.pages = pages;
    this.notFound = notFound;
    // The JDK has no other way; it reads them once, when it makes its first server.
    System.setProperty("sun.net.httpserver.maxReqTime", REQUEST_SECONDS_MAX);
    System.setProperty("sun.net.httpserver.maxRspTime", REPLY_SECONDS_MAX);
    this.server = listen(host, port);
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            SECONDS,
            new ArrayBlockingQueue<>(REQUESTS_QUEUED_MAX),
            new ThreadFactoryBuilder().setNameFormat("quoll-admin-%d").setDaemon(true).build());
    server.setExecutor(threads);
    server.createContext("/", this::handle);
  }

  private static HttpServer listen(String host, int port) {
    try {
      return HttpServer.create(new InetSocketAddress(host, port), BACKLOG);
    } catch (IOException failure) {
      boolean taken =
          failure instanceof BindException
              && String.valueOf(failure.getMessage()).contains("in use");
      throw new StartupException(
          taken ? ExitCode.PORT_IN_USE : ExitCode.BAD_CONFIGURATION,
          "Cannot answer administrators at %s:%d (%s): see adminPort and adminAddress"
              .formatted(host, port, failure.getMessage()));
    }
  }

  /** Begins to answer. */
  public void start() {
    server.start();
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      AdminReply reply = reply(exchange);
      exchange.getResponseHeaders().set("Content-Type", reply.contentType());
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      if (reply.status() == AdminReply.UNAUTHORIZED) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"quoll\"");
      }
      boolean bodiless = exchange.getRequestMethod().equals("HEAD") || reply.body().isEmpty();
      exchange.sendResponseHeaders(reply.status(), bodiless ? -1 : reply.body().size());
      if (!bodiless) {
        reply.body().writeTo(exchange.getResponseBody());
      }
    }
  }

  private AdminReply reply(HttpExchange exchange) {
    try {
      AdminRequest request = request(exchange);
      AdminPage page = pages.getOrDefault(request.path(), notFound);
      Optional<AdminReply> refusal =
          door.refusal(
              page,
              request,
              exchange.getRemoteAddress().getAddress(),
              exchange.getRequestHeaders());
      return refusal.orElseGet(() -> page.answer().to(request));
    } catch (BadRequestException malformed) {
      return AdminReply.error(AdminReply.BAD_REQUEST, String.valueOf(malformed.getMessage()));
    } catch (RuntimeException failure) { // Whoever asked is told; the node has not suffered.
      LOG.warn("An administrator's request for {} failed", exchange.getRequestURI(), failure);
      return AdminReply.error(AdminReply.INTERNAL_ERROR, failure.toString());
    }
  }

  private static AdminRequest request(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    return new AdminRequest(
        exchange.getRequestMethod(),
        path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path,
        parameters(exchange.getRequestURI().getRawQuery()));
  }

  private static ImmutableMap<String, String> parameters(String query) {
    if (query == null) {
      return ImmutableMap.of();
    }
    if (query.length() > QUERY_CHARACTERS_MAX) {
      throw new BadRequestException("the query is too long");
    }
    ImmutableMap.Builder<String, String> parameters = ImmutableMap.builder();
    for (String each : query.split("&", -1)) {
      int equals = each.indexOf('=');
      String name = equals < 0 ? each : each.substring(0, equals);
      parameters.put(decoded(name), equals < 0 ? "" : decoded(each.substring(equals + 1)));
    }
    return parameters.buildKeepingLast();
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw new BadRequestException("the query is not encoded as it should be");
    }
  }

  /** Answers nobody any more. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
