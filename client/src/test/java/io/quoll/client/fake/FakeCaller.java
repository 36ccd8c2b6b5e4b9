package io.quoll.client.fake;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quoll.api.v1.Acl;
import io.quoll.api.v1.AclEntry;
import io.quoll.api.v1.ErrorCode;
import io.quoll.api.v1.Permission;
import io.quoll.api.v1.ProvedIdentity;
import io.quoll.api.v1.WhoAmIResponse;
import io.quoll.client.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who makes a call or holds a stream, as its credentials say. Thread-safe. */
final class FakeCaller {
  /** To everyone everything. */
  static final Acl OPEN =
      Acl.newBuilder().addEntries(entry("world", "anyone").setPermissions(31)).build();

  private static final Context.Key<FakeCaller> CURRENT = Context.key("caller");
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  @GuardedBy("this")
  private final Set<Credentials> shown = new LinkedHashSet<>();

  /** The caller whose request is answered by this thread. */
  static FakeCaller current() {
    return CURRENT.get();
  }

  /** Tells each call who makes it. */
  static ServerInterceptor interceptor() {
    return new ServerInterceptor() {
      @Override
      public <Q, R> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Context context = Context.current().withValue(CURRENT, of(headers));
        return Contexts.interceptCall(context, call, headers, next);
      }
    };
  }

  private static FakeCaller of(Metadata headers) {
    FakeCaller caller = new FakeCaller();
    @Nullable Iterable<String> basics = headers.getAll(AUTHORIZATION);
    if (basics != null) {
      for (String basic : basics) {
        byte[] text = Base64.getDecoder().decode(basic.substring("Basic ".length()));
        caller.add(new String(text, StandardCharsets.UTF_8));
      }
    }
    return caller;
  }

  synchronized void add(String userAndPassword) {
    shown.add(Credentials.parse(userAndPassword));
  }

  synchronized WhoAmIResponse.Builder whoAmI() {
    WhoAmIResponse.Builder response = WhoAmIResponse.newBuilder();
    response.addIdentities(ProvedIdentity.newBuilder().setScheme("ip").setUser("127.0.0.1"));
    for (Credentials each : shown) {
      response.addIdentities(ProvedIdentity.newBuilder().setScheme("digest").setUser(each.user()));
    }
    return response;
  }

  /** Rejects the request unless one of the permissions is the caller's. */
  void require(Acl acl, String path, Permission... any) {
    for (Permission permission : any) {
      if (acl.getEntriesList().stream().anyMatch(entry -> allows(entry, permission))) {
        return;
      }
    }
    throw new FakeRejection(ErrorCode.ERROR_CODE_NO_AUTH, path);
  }

  private synchronized boolean allows(AclEntry entry, Permission permission) {
    boolean isCaller =
        switch (entry.getScheme()) {
          case "world" -> true;
          case "digest" -> shown.stream().anyMatch(each -> each.digestId().equals(entry.getId()));
          default -> false;
        };
    return isCaller && (entry.getPermissions() & permission.getNumber()) != 0;
  }

  /** The ACL as a znode gets it, with whoever the caller is instead of the scheme auth. */
  synchronized Acl resolved(Acl wanted, String path) {
    Acl.Builder resolved = Acl.newBuilder();
    for (AclEntry entry : wanted.getEntriesList()) {
      switch (entry.getScheme()) {
        case "world", "digest", "ip", "x509" -> resolved.addEntries(entry);
        case "auth" ->
            shown.forEach(
                each ->
                    resolved.addEntries(
                        entry("digest", each.digestId()).setPermissions(entry.getPermissions())));
        default -> throw new FakeRejection(ErrorCode.ERROR_CODE_INVALID_ACL, path);
      }
    }
    if (resolved.getEntriesCount() == 0) {
      throw new FakeRejection(ErrorCode.ERROR_CODE_INVALID_ACL, path);
    }
    return resolved.build();
  }

  private static AclEntry.Builder entry(String scheme, String id) {
    return AclEntry.newBuilder().setScheme(scheme).setId(id);
  }
}
