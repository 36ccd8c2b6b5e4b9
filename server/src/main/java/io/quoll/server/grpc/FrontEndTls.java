package io.quoll.server.grpc;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.quoll.server.tls.PortTls;
import javax.net.ssl.SSLException;

/**
 * TLS as gRPC takes it. The suites are gRPC's: TLS 1.3's, and of 1.2 those without known faults.
 */
final class FrontEndTls {
  private FrontEndTls() {}

  static SslContext ofServer(PortTls tls) {
    SslContextBuilder builder =
        SslContextBuilder.forServer(tls.keys())
            .clientAuth(
                switch (tls.clientAuth()) {
                  case NONE -> ClientAuth.NONE;
                  case WANT -> ClientAuth.OPTIONAL;
                  case NEED -> ClientAuth.REQUIRE;
                });
    return context(builder, tls);
  }

  static SslContext ofCaller(PortTls tls) {
    return context(SslContextBuilder.forClient().keyManager(tls.keys()), tls);
  }

  private static SslContext context(SslContextBuilder builder, PortTls tls) {
    try {
      return GrpcSslContexts.configure(builder)
          .trustManager(tls.trust())
          .protocols(tls.protocols())
          .build();
    } catch (SSLException impossible) {
      throw new IllegalStateException("this machine's TLS takes no such settings", impossible);
    }
  }
}
