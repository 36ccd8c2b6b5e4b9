package io.quoll.statemachine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.Event;
import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodeKind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class RowCodecTest {
  private static final ImmutableList<Znode> ZNODES =
      ImmutableList.of(
          Znode.createdAt(7, 1_700_000_000_000L, ByteString.copyFromUtf8("data"), Acl.OPEN),
          Znode.createdAt(0, 0, null, Acl.READABLE),
          Znode.createdAt(1, 1, ByteString.EMPTY, Samples.LISTED).withNewChild(9).withoutChild(10),
          znode(ZnodeKind.CONTAINER),
          znode(new ZnodeKind.Ephemeral(1L << 40)),
          znode(new ZnodeKind.TimeToLive(ZnodeKind.TTL_MILLIS_MAX)));

  private static Znode znode(ZnodeKind kind) {
    return new Znode(9, 12, 10, 50, 40, -3, 2, kind, 1L << 40, 3, 5, -1, Acl.OPEN);
  }

  @Test
  void aZnodeIsReadAsItWasWritten() {
    for (Znode znode : ZNODES) {
      assertThat(ZnodeCodec.decode(ZnodeCodec.encode(znode))).isEqualTo(znode);
    }
  }

  @Test
  void anOpenAclTakesOneByteOfAZnode() {
    byte[] open = ZnodeCodec.encode(Znode.createdAt(1, 1, null, Acl.OPEN));
    byte[] empty = ZnodeCodec.encode(Znode.createdAt(1, 1, null, new Acl(ImmutableList.of())));

    assertThat(empty).hasSize(open.length + 1); // Its form, and that it has no entries.
  }

  @Test
  void aServerRecordIsReadAsItWasWritten() {
    ServerRecord server = new ServerRecord(255, "directory", "host:7181", 1L << 50, 77);

    assertThat(ServerRecordCodec.decode(ServerRecordCodec.encode(server))).isEqualTo(server);
  }

  @Test
  void aSessionIsReadAsItWasWritten() {
    Session session = new Session(1L << 50, Samples.SECRET, 40_000, 3, 1L << 40, 7);

    assertThat(SessionCodec.decode(SessionCodec.encode(session))).isEqualTo(session);
  }

  @Test
  void eventsAreReadAsTheyWereWritten() {
    ImmutableList<Event> events =
        ImmutableList.of(
            new Event(9, 1_700_000_000_000L, new Change.Created(Samples.PATH, Acl.OPEN, Acl.OPEN)),
            new Event(
                9, 1_700_000_000_000L, new Change.Created(Samples.PATH, Acl.OPEN, Samples.LISTED)),
            new Event(
                9, 1_700_000_000_000L, new Change.Deleted(Samples.PATH, Acl.OPEN, Acl.READABLE)),
            new Event(9, 1_700_000_000_000L, new Change.DataSet(Samples.PATH, Acl.READABLE)),
            new Event(
                1L << 60,
                1_600_000_000_000L,
                new Change.Deleted(Samples.PATH, Samples.LISTED, Acl.OPEN)));

    byte[] bytes = EventCodec.encode(events);

    assertThat(EventCodec.decode(9, bytes)).isEqualTo(events);
    assertThat(EventCodec.summarise(9, bytes))
        .isEqualTo(new EventCodec.Summary(5, 1L << 60, 1_700_000_000_000L));
  }

  @Test
  void repliesAreReadAsTheyWereWritten() {
    ImmutableList<ByteString> replies =
        ImmutableList.of(ByteString.EMPTY, ByteString.copyFromUtf8("x".repeat(300)));

    assertThat(RepliesCodec.decode(RepliesCodec.encode(replies))).isEqualTo(replies);
  }

  @Test
  void aRunThatSaysItIsLongerThanItIsIsRefused() {
    byte[] events =
        EventCodec.encode(
            ImmutableList.of(
                new Event(1, 0, new Change.Created(Samples.PATH, Acl.OPEN, Acl.OPEN))));
    events[1] = 2;
    byte[] replies = RepliesCodec.encode(ImmutableList.of(ByteString.copyFromUtf8("reply")));
    replies[1] = 2;

    assertThatThrownBy(() -> EventCodec.decode(1, events))
        .isInstanceOf(CorruptBytesException.class);
    assertThatThrownBy(() -> RepliesCodec.decode(replies))
        .isInstanceOf(CorruptBytesException.class);
  }

  @Test
  void aKindOfChangeOrZnodeThatIsUnknownIsRefused() {
    byte[] event =
        EventCodec.encode(
            ImmutableList.of(
                new Event(1, 0, new Change.Created(Samples.PATH, Acl.OPEN, Acl.OPEN))));
    event[6] = 9;
    byte[] znode = ZnodeCodec.encode(Znode.createdAt(0, 0, null, Acl.OPEN));
    znode[8] = 9;

    assertThatThrownBy(() -> EventCodec.decode(1, event))
        .isInstanceOf(CorruptBytesException.class)
        .hasMessageContaining("unknown kind 9");
    assertThatThrownBy(() -> ZnodeCodec.decode(znode))
        .isInstanceOf(CorruptBytesException.class)
        .hasMessageContaining("unknown kind 9");
  }

  @Test
  void aRowOfAnotherVersionOrCutShortOrTooLongIsRefused() {
    byte[] znode = ZnodeCodec.encode(ZNODES.get(0));
    byte[] newer = znode.clone();
    newer[0] = 2;

    assertThatThrownBy(() -> ZnodeCodec.decode(newer)).isInstanceOf(CorruptBytesException.class);
    assertThatThrownBy(() -> ZnodeCodec.decode(Arrays.copyOf(znode, znode.length - 1)))
        .isInstanceOf(CorruptBytesException.class);
    assertThatThrownBy(() -> ZnodeCodec.decode(Arrays.copyOf(znode, znode.length + 1)))
        .isInstanceOf(CorruptBytesException.class);
  }
}
