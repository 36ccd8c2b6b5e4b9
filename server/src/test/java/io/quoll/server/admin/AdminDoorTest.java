package io.quoll.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.net.InetAddresses;
import com.google.protobuf.ByteString;
import com.sun.net.httpserver.Headers;
import io.quoll.server.admin.AdminPage.Access;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdminDoorTest {
  private static final InetAddress HERE = InetAddresses.forString("127.0.0.1");
  private static final InetAddress ELSEWHERE = InetAddresses.forString("192.0.2.7");

  private final AdminDoor door =
      new AdminDoor(Optional.of(ByteString.copyFromUtf8("super:secret")::equals));

  @Test
  void fromElsewhereOnlyOpenPagesAreSeen() {
    assertThat(refusal(Access.OPEN, "GET", ELSEWHERE, headers())).isEmpty();
    assertThat(refusal(Access.DETAILS, "GET", ELSEWHERE, headers())).contains(403);
    assertThat(refusal(Access.CHANGE, "GET", ELSEWHERE, headers())).contains(403);
  }

  @Test
  void noPasswordHelpsWhoComesFromElsewhere() {
    Headers headers = withPassword("super:secret");

    assertThat(refusal(Access.DETAILS, "GET", ELSEWHERE, headers)).contains(403);
    assertThat(refusal(Access.CHANGE, "POST", ELSEWHERE, headers)).contains(403);
  }

  @Test
  void whoIsOnTheMachineSeesDetailsAndChangesNothing() {
    assertThat(refusal(Access.DETAILS, "GET", HERE, headers())).isEmpty();
    assertThat(refusal(Access.CHANGE, "GET", HERE, headers())).isEmpty();
    assertThat(refusal(Access.CHANGE, "POST", HERE, headers())).contains(401);
  }

  @Test
  void onlySuperChangesSomething() {
    assertThat(refusal(Access.CHANGE, "POST", HERE, withPassword("super:secret"))).isEmpty();
    assertThat(refusal(Access.CHANGE, "POST", HERE, withPassword("super:guess"))).contains(401);
    assertThat(refusal(Access.CHANGE, "POST", HERE, header("Authorization", "Basic ?")))
        .contains(401);
    assertThat(refusal(Access.CHANGE, "POST", HERE, header("Authorization", "Digest x")))
        .contains(401);
  }

  @Test
  void withoutASuperNobodyChangesAnything() {
    AdminDoor without = new AdminDoor(Optional.empty());

    Optional<AdminReply> refusal =
        without.refusal(page(Access.CHANGE), request("POST"), HERE, withPassword("super:secret"));

    assertThat(refusal.map(AdminReply::status)).contains(403);
  }

  @Test
  void aPageInABrowserIsToldNothingOfClients() {
    assertThat(refusal(Access.DETAILS, "GET", HERE, header("Origin", "http://evil.example")))
        .contains(403);
    assertThat(refusal(Access.DETAILS, "GET", HERE, header("Sec-Fetch-Site", "same-origin")))
        .contains(403);
    assertThat(refusal(Access.DETAILS, "GET", HERE, header("Host", "evil.example:7180")))
        .contains(403);
    assertThat(refusal(Access.DETAILS, "GET", HERE, new Headers())).contains(403);
  }

  @Test
  void aPageThatChangesNothingIsOnlyRead() {
    for (String method : new String[] {"POST", "PUT", "DELETE", "OPTIONS", "TRACE"}) {
      assertThat(refusal(Access.OPEN, method, HERE, withPassword("super:secret"))).contains(405);
      assertThat(refusal(Access.DETAILS, method, HERE, withPassword("super:secret"))).contains(405);
    }
    assertThat(refusal(Access.CHANGE, "PUT", HERE, withPassword("super:secret"))).contains(405);
  }

  private Optional<Integer> refusal(
      Access access, String method, InetAddress address, Headers headers) {
    return door.refusal(page(access), request(method), address, headers).map(AdminReply::status);
  }

  private static AdminPage page(Access access) {
    return new AdminPage(access, request -> AdminReply.error(200, "reached"));
  }

  private static AdminRequest request(String method) {
    return new AdminRequest(method, "/", ImmutableMap.of());
  }

  private static Headers headers() {
    Headers headers = new Headers();
    headers.set("Host", "127.0.0.1:7180");
    return headers;
  }

  private static Headers header(String name, String value) {
    Headers headers = headers();
    headers.set(name, value);
    return headers;
  }

  private static Headers withPassword(String userAndPassword) {
    byte[] bytes = userAndPassword.getBytes(StandardCharsets.UTF_8);
    return header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
  }
}
