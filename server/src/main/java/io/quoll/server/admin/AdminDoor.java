package io.quoll.server.admin;

import static io.quoll.server.admin.AdminReply.FORBIDDEN;
import static io.quoll.server.admin.AdminReply.METHOD_NOT_ALLOWED;
import static io.quoll.server.admin.AdminReply.UNAUTHORIZED;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import com.google.protobuf.ByteString;
import com.sun.net.httpserver.Headers;
import io.quoll.server.admin.AdminPage.Access;
import java.net.InetAddress;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Lets requests in to a page, or says why not. (ADR 0027.)
 *
 * <ul>
 *   <li>An open page is for everybody.
 *   <li>Details are for processes of this machine.
 *   <li>Changes are for processes of this machine that show the password of super.
 *   <li>Neither is for a page that somebody's browser shows.
 * </ul>
 *
 * <p>So no password is ever asked for over the network, which this port does not encrypt.
 * Thread-safe.
 */
final class AdminDoor {
  private static final String BASIC = "Basic ";

  private final Optional<Predicate<ByteString>> isSuper;

  /**
   * Lets in as above.
   *
   * @param isSuper whether {@code user:password} is that of super; empty if there is no super
   */
  AdminDoor(Optional<Predicate<ByteString>> isSuper) {
    this.isSuper = isSuper;
  }

  /** Why a request from {@code address} may not see {@code page}; or empty, if it may. */
  Optional<AdminReply> refusal(
      AdminPage page, AdminRequest request, InetAddress address, Headers headers) {
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    boolean changes = page.access() == Access.CHANGE && request.isPost();
    if (!reads && !changes) {
      return refused(METHOD_NOT_ALLOWED, request.method() + " is of no use here");
    }
    if (page.access() == Access.OPEN) {
      return Optional.empty();
    }
    if (!address.isLoopbackAddress()) {
      return refused(FORBIDDEN, "this is told on the machine of the server alone");
    }
    if (isOfBrowser(headers)) {
      return refused(FORBIDDEN, "this is not told to the page of a browser");
    }
    return changes ? refusalOfChange(headers) : Optional.empty();
  }

  private Optional<AdminReply> refusalOfChange(Headers headers) {
    if (isSuper.isEmpty()) {
      return refused(FORBIDDEN, "only super may do this, and the configuration names no super");
    }
    return credentials(headers).filter(isSuper.get()).isPresent()
        ? Optional.empty()
        : refused(UNAUTHORIZED, "only super may do this: curl -u super:PASSWORD");
  }

  private static Optional<ByteString> credentials(Headers headers) {
    String header = headers.getFirst("Authorization");
    if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return Optional.empty();
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring(BASIC.length()).trim());
      return Optional.of(ByteString.copyFrom(decoded));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static Optional<AdminReply> refused(int status, String why) {
    return Optional.of(AdminReply.error(status, why));
  }

  // A browser tells the origin of the page that asks. One whose page was made to have this very
  // origin, by a name that now leads to this machine, tells that name.
  private static boolean isOfBrowser(Headers headers) {
    return headers.containsKey("Origin")
        || headers.containsKey("Sec-Fetch-Site")
        || !isOwnName(headers.getFirst("Host"));
  }

  private static boolean isOwnName(String host) {
    try {
      String name = HostAndPort.fromString(host == null ? "" : host).getHost();
      return name.equalsIgnoreCase("localhost") || InetAddresses.isInetAddress(name);
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }
}
