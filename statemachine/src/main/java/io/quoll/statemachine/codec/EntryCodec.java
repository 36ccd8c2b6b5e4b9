package io.quoll.statemachine.codec;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.command.Batch;
import io.quoll.statemachine.command.LogEntry;
import io.quoll.statemachine.command.Origin;
import io.quoll.statemachine.command.Proposal;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The entries of the Raft log, encoded from the inside out: a proposal once, where it is made; a
 * batch by its origin, from the bytes of its proposals; an entry by the leader, from the bytes of
 * the batches. Nothing is decoded before apply.
 *
 * <p>Layouts, in the terms of {@link BytesWriter}:
 *
 * <ul>
 *   <li>entry: byte version, varint time, varint count of batches, each framed
 *   <li>batch: byte version, varint server id, varint incarnation, varint first sequence, varint
 *       count of proposals, each framed
 *   <li>proposal: {@linkplain CallerCodec caller}, {@linkplain CommandCodec command}
 * </ul>
 *
 * <p>A batch has a version of its own, because another server than the entry's may have encoded it.
 */
public final class EntryCodec {
  private static final int ENTRY_VERSION = 1;
  private static final int BATCH_VERSION = 1;

  /** More than all the numbers at the start of an entry or a batch can take. */
  private static final int HEADER_BYTES = 48;

  /** What a frame takes beside its bytes, at most. */
  private static final int FRAME_BYTES = 5;

  /** What a proposal takes beside the data in it, usually. */
  private static final int PROPOSAL_BYTES = 256;

  private EntryCodec() {}

  /** The bytes of {@code proposal}, for {@link #encodeBatch}. */
  public static ByteString encode(Proposal proposal) {
    BytesWriter out = new BytesWriter(PROPOSAL_BYTES);
    CallerCodec.write(proposal.caller(), out);
    CommandCodec.write(proposal.command(), out);
    return out.toByteString();
  }

  /**
   * The bytes of a batch, for {@link #encodeEntry}.
   *
   * @param origin who proposes
   * @param firstSequence the number of the first proposal
   * @param proposals the bytes of each proposal, from {@link #encode}
   */
  public static ByteString encodeBatch(
      Origin origin, long firstSequence, List<ByteString> proposals) {
    BytesWriter out = new BytesWriter(bytesOf(proposals));
    out.writeByte(BATCH_VERSION);
    out.writeVarint(origin.serverId());
    out.writeVarint(origin.incarnation());
    out.writeVarint(firstSequence);
    writeAllFramed(proposals, out);
    return out.toByteString();
  }

  /**
   * The bytes of an entry.
   *
   * @param timeMillis the leader's clock
   * @param batches the bytes of each batch, from {@link #encodeBatch}
   */
  public static ByteString encodeEntry(long timeMillis, List<ByteString> batches) {
    BytesWriter out = new BytesWriter(bytesOf(batches));
    out.writeByte(ENTRY_VERSION);
    out.writeVarint(timeMillis);
    writeAllFramed(batches, out);
    return out.toByteString();
  }

  /**
   * The entry that {@code entry} holds from its position to its limit, both of which stay.
   *
   * @param term the entry's Raft term
   * @throws CorruptBytesException if that is not an entry, or one of an unknown version
   */
  public static LogEntry decode(ByteBuffer entry, long term) {
    return BytesReader.readAll(entry, in -> readEntry(in, term));
  }

  private static LogEntry readEntry(BytesReader in, long term) {
    in.expectVersion(ENTRY_VERSION, "a log entry");
    return new LogEntry(
        term, in.readVarint(), in.readList(batch -> batch.readFramed(EntryCodec::readBatch)));
  }

  private static Batch readBatch(BytesReader in) {
    in.expectVersion(BATCH_VERSION, "a batch");
    Origin origin = new Origin(in.readVarintInt(), in.readVarint());
    return new Batch(
        origin,
        in.readVarint(),
        in.readList(proposal -> proposal.readFramed(EntryCodec::readProposal)));
  }

  private static Proposal readProposal(BytesReader in) {
    return new Proposal(CallerCodec.read(in), CommandCodec.read(in));
  }

  private static void writeAllFramed(List<ByteString> parts, BytesWriter out) {
    out.writeVarint(parts.size());
    for (ByteString part : parts) {
      out.writeFramed(part);
    }
  }

  private static int bytesOf(List<ByteString> parts) {
    long bytes = HEADER_BYTES;
    for (ByteString part : parts) {
      bytes += FRAME_BYTES + part.size();
    }
    return Math.toIntExact(bytes);
  }
}
