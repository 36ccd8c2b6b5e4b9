package io.quoll.server.consensus;

import com.google.common.io.ByteStreams;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor.MethodType;

/**
 * What members of an ensemble say to each other beside Raft, on the port of Raft, so that whatever
 * protects that port protects this too. The messages are plain bytes.
 */
final class PeerProtocol {
  /** The name of the service. */
  static final String SERVICE = "quoll.peer.v1.PeerService";

  /** A follower's batches to the leader; the leader only ever ends the stream. */
  static final MethodDescriptor<byte[], byte[]> PROPOSE =
      method("Propose", MethodType.BIDI_STREAMING);

  /** Where a member stands; the request is empty. */
  static final MethodDescriptor<byte[], byte[]> STANDING = method("Standing", MethodType.UNARY);

  /** The signs of life that a member saw, to the leader, which answers with its term. */
  static final MethodDescriptor<byte[], byte[]> REPORT_TOUCHES =
      method("ReportTouches", MethodType.UNARY);

  /** What is committed, as the leader learns it, to the member whose number is the request. */
  static final MethodDescriptor<byte[], byte[]> COMMITS =
      method("Commits", MethodType.SERVER_STREAMING);

  /** Says one word and stays open for as long as the member is there; the request is empty. */
  static final MethodDescriptor<byte[], byte[]> ATTEND =
      method("Attend", MethodType.SERVER_STREAMING);

  /** Whether a voter misses the leader too, asked by one that does. */
  static final MethodDescriptor<byte[], byte[]> MISS = method("Miss", MethodType.UNARY);

  /** Who a server is, and who the members are as it knows; the request is empty. */
  static final MethodDescriptor<byte[], byte[]> PROFILE = method("Profile", MethodType.UNARY);

  /** What an operator asks for that is about the members, to the leader. */
  static final MethodDescriptor<byte[], byte[]> ADMINISTER = method("Administer", MethodType.UNARY);

  /** Who the members are now, from the leader to a server that left, or has to start anew. */
  static final MethodDescriptor<byte[], byte[]> DISMISS = method("Dismiss", MethodType.UNARY);

  /** Whether a server has taken part before, asked by that server. */
  static final MethodDescriptor<byte[], byte[]> INTRODUCE = method("Introduce", MethodType.UNARY);

  /** The newest snapshot of a member, as {@link SnapshotStream} writes it. */
  static final MethodDescriptor<byte[], byte[]> FETCH_SNAPSHOT =
      method("FetchSnapshot", MethodType.SERVER_STREAMING);

  private PeerProtocol() {}

  private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return ByteStreams.toByteArray(stream);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
