package io.quoll.statemachine.codec;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.quoll.statemachine.command.Barrier;
import io.quoll.statemachine.command.Batch;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.LogEntry;
import io.quoll.statemachine.command.Origin;
import io.quoll.statemachine.command.Proposal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class EntryCodecTest {
  private static final Origin ORIGIN = new Origin(3, 9);

  @Test
  void everyKindOfCommandHasASample() {
    Stream<Class<?>> kinds = Stream.of(Command.class.getPermittedSubclasses());

    Stream<Class<?>> sampled = Samples.COMMANDS.stream().map(Object::getClass);

    assertThat(sampled.distinct()).containsExactlyInAnyOrderElementsOf(kinds.toList());
  }

  @Test
  void anEntryIsReadAsItWasWritten() {
    ImmutableList<Proposal> proposals = proposals();
    LogEntry entry =
        new LogEntry(
            1,
            1_700_000_000_000L,
            ImmutableList.of(
                new Batch(ORIGIN, 41, proposals),
                new Batch(new Origin(255, Long.MAX_VALUE), Long.MAX_VALUE, proposals.reverse())));

    LogEntry read = EntryCodec.decode(encode(entry).asReadOnlyByteBuffer(), 1);

    assertThat(read).isEqualTo(entry);
  }

  @Test
  void anEntryIsReadFromTheMiddleOfAnyKindOfBuffer() {
    LogEntry entry = entryOf(proposals());
    byte[] bytes = encode(entry).toByteArray();
    ByteBuffer heap = ByteBuffer.allocate(bytes.length + 20).position(7).put(bytes).flip();
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 20).position(7).put(bytes).flip();

    for (ByteBuffer buffer : ImmutableList.of(heap, direct, heap.asReadOnlyBuffer())) {
      buffer.position(7);

      assertThat(EntryCodec.decode(buffer, 1)).isEqualTo(entry);
      assertThat(buffer.position()).isEqualTo(7);
    }
  }

  @Test
  void anAnonymousCallerTakesOneByte() {
    ByteString proposal = EntryCodec.encode(new Proposal(Caller.ANONYMOUS, new Barrier()));

    assertThat(proposal.size()).isEqualTo(2);
  }

  @Test
  void anEntryCutShortIsRefusedWhereverItIsCut() {
    byte[] bytes = encode(entryOf(proposals())).toByteArray();

    for (int length = 0; length < bytes.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);

      assertThatThrownBy(() -> EntryCodec.decode(cut, 1)).isInstanceOf(CorruptBytesException.class);
    }
  }

  @Test
  void anEntryWithBytesLeftOverIsRefused() {
    ByteString bytes = encode(entryOf(proposals())).concat(ByteString.copyFrom(new byte[1]));

    assertThatThrownBy(() -> EntryCodec.decode(bytes.asReadOnlyByteBuffer(), 1))
        .isInstanceOf(CorruptBytesException.class)
        .hasMessageContaining("left over");
  }

  @Test
  void anEntryOrABatchOfAnotherVersionIsRefused() {
    ByteString batch = EntryCodec.encodeBatch(ORIGIN, 1, ImmutableList.of());
    ByteString newerBatch = ByteString.copyFrom(new byte[] {2}).concat(batch.substring(1));
    ByteString entry = EntryCodec.encodeEntry(0, ImmutableList.of(batch));
    ByteString newerEntry = ByteString.copyFrom(new byte[] {2}).concat(entry.substring(1));

    assertThatThrownBy(() -> EntryCodec.decode(newerEntry.asReadOnlyByteBuffer(), 1))
        .isInstanceOf(CorruptBytesException.class)
        .hasMessage("a log entry has version 2, and this software knows 1");
    assertThatThrownBy(
            () ->
                EntryCodec.decode(
                    EntryCodec.encodeEntry(0, ImmutableList.of(newerBatch)).asReadOnlyByteBuffer(),
                    1))
        .isInstanceOf(CorruptBytesException.class)
        .hasMessage("a batch has version 2, and this software knows 1");
  }

  @Test
  void lengthsAndCountsBeyondTheBytesAreRefused() throws IOException {
    for (long absurd : new long[] {17, Integer.MAX_VALUE, 1L << 31, 1L << 40, -2, -(1L << 31)}) {
      byte[] bytes = new byte[32];
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.write((byte) 1);
      out.writeUInt64NoTag(0);
      out.writeUInt64NoTag(absurd);
      ByteBuffer counted = ByteBuffer.wrap(bytes, 0, out.getTotalBytesWritten());
      out.flush();
      ByteBuffer withData = entryOfProposal(setDataOfLength(absurd)).asReadOnlyByteBuffer();

      assertThatThrownBy(() -> EntryCodec.decode(counted, 1))
          .isInstanceOf(CorruptBytesException.class);
      assertThatThrownBy(() -> EntryCodec.decode(withData, 1))
          .isInstanceOf(CorruptBytesException.class);
    }
  }

  @Test
  void multisNestedWithoutEndAreRefused() {
    byte[] nested = new byte[1_000_000];
    for (int i = 1; i < nested.length; i += 2) {
      nested[i] = 6; // The kind of a multi;
      nested[Math.min(i + 1, nested.length - 1)] = 1; // and that it has one part.
    }
    ByteString entry = entryOfProposal(ByteString.copyFrom(nested));

    assertThatThrownBy(() -> EntryCodec.decode(entry.asReadOnlyByteBuffer(), 1))
        .isInstanceOf(CorruptBytesException.class);
  }

  @Test
  void aPathThatIsNoneIsRefused() {
    ByteString proposal = ByteString.copyFrom(new byte[] {0, 5, 2, 'n', 'o'});

    assertThatThrownBy(() -> EntryCodec.decode(entryOfProposal(proposal).asReadOnlyByteBuffer(), 1))
        .isInstanceOf(CorruptBytesException.class)
        .hasMessageContaining("not a path");
  }

  @Property(tries = 500)
  void damagedBytesAreReadOrRefusedAndNothingElse(@ForAll long seed) {
    byte[] bytes = encode(entryOf(proposals())).toByteArray();
    Random random = new Random(seed);
    for (int i = 0; i <= random.nextInt(8); i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }

    try {
      assertThat(EntryCodec.decode(ByteBuffer.wrap(bytes), 1).batches()).isNotNull();
    } catch (CorruptBytesException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  private static ImmutableList<Proposal> proposals() {
    return Samples.COMMANDS.stream()
        .flatMap(command -> Samples.CALLERS.stream().map(caller -> new Proposal(caller, command)))
        .collect(toImmutableList());
  }

  private static LogEntry entryOf(ImmutableList<Proposal> proposals) {
    return new LogEntry(1, 5, ImmutableList.of(new Batch(ORIGIN, 1, proposals)));
  }

  private static ByteString entryOfProposal(ByteString proposal) {
    ByteString batch = EntryCodec.encodeBatch(ORIGIN, 1, ImmutableList.of(proposal));
    return EntryCodec.encodeEntry(0, ImmutableList.of(batch));
  }

  private static ByteString setDataOfLength(long length) throws IOException {
    byte[] bytes = new byte[32];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.write((byte) 0);
    out.write((byte) 8);
    out.writeStringNoTag("/a");
    out.writeUInt64NoTag(length + 1);
    out.writeSInt64NoTag(-1);
    out.flush();
    return ByteString.copyFrom(bytes, 0, out.getTotalBytesWritten());
  }

  static ByteString encode(LogEntry entry) {
    ImmutableList<ByteString> batches =
        entry.batches().stream().map(EntryCodecTest::encode).collect(toImmutableList());
    return EntryCodec.encodeEntry(entry.timeMillis(), batches);
  }

  private static ByteString encode(Batch batch) {
    ImmutableList<ByteString> proposals =
        batch.proposals().stream().map(EntryCodec::encode).collect(toImmutableList());
    return EntryCodec.encodeBatch(batch.origin(), batch.firstSequence(), proposals);
  }
}
