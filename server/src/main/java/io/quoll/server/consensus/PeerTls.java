package io.quoll.server.consensus;

import io.quoll.server.tls.PortTls;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.grpc.GrpcUtil;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContext;

/**
 * TLS as Ratis takes it, and the same for what members say to each other beside Raft. Both sides
 * always show a certificate.
 */
final class PeerTls {
  private PeerTls() {}

  static GrpcTlsConfig ofRatis(PortTls tls) {
    return GrpcTlsConfig.newBuilder()
        .setKeyManager(tls.keys())
        .setTrustManager(tls.trust())
        .setMutualTls(true)
        .setProtocols(tls.protocols())
        .build();
  }

  static SslContext ofCaller(PortTls tls) {
    return GrpcUtil.buildSslContextForClient(ofRatis(tls));
  }

  static SslContext ofServer(PortTls tls) {
    return GrpcUtil.buildSslContextForServer(ofRatis(tls));
  }
}
