package io.quoll.statemachine.store;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.command.AttachSession;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.CloseSession;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.CreateMode;
import io.quoll.statemachine.command.OpenSession;
import io.quoll.statemachine.command.Proposal;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.ZnodePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What clients with sessions send, and the network, and expirers: numbered writes, also twice, with
 * gaps, after a move and after the end; and ephemeral creates among commands of every kind.
 *
 * <p>Each numbered write that must count leaves a znode below {@link #LEDGER} whose data name it;
 * each that must not count would leave one that says so.
 */
final class SessionTraffic {
  static final ZnodePath LEDGER = ZnodePath.of("/ledger");
  private static final String NEVER = "never";
  private static final int CLIENTS_MAX = 4;

  private final Random random;
  private final RandomCommands commands;
  private final List<Client> clients = new ArrayList<>();
  private final List<Client> gone = new ArrayList<>();
  private final List<String> expected = new ArrayList<>();

  /** A client that knows what it sent. */
  private static final class Client {
    private final long sessionId;
    private final ByteString secret;
    private long epoch = 1;
    private long nextCxid = 1;
    private long firstUnacknowledged = 1;

    private Client(long sessionId, ByteString secret) {
      this.sessionId = sessionId;
      this.secret = secret;
    }

    private Caller caller(long ofEpoch, long cxid) {
      return Caller.session(sessionId, ofEpoch, cxid, firstUnacknowledged, Identities.NONE);
    }
  }

  SessionTraffic(Random random) {
    this.random = random;
    commands = new RandomCommands(random);
  }

  /** The proposals of one entry. */
  ImmutableList<Proposal> next(int count) {
    ImmutableList.Builder<Proposal> proposals = ImmutableList.builder();
    for (int i = 0; i < count; i++) {
      proposals.add(next());
    }
    return proposals.build();
  }

  private Proposal next() {
    if (clients.isEmpty() || (clients.size() < CLIENTS_MAX && random.nextInt(20) == 0)) {
      return anonymous(new OpenSession(secret(), 1 + random.nextInt(1000)));
    }
    Client client = clients.get(random.nextInt(clients.size()));
    return switch (random.nextInt(20)) {
      case 0 -> attach(client);
      case 1 -> anonymous(new AttachSession(client.sessionId, secret(), 1));
      case 2 -> close(client);
      case 3 -> anonymous(new CloseSession(client.sessionId, client.epoch - 1));
      case 4 -> ofTheGone();
      case 5 -> new Proposal(client.caller(client.epoch, client.nextCxid + 2), entry(NEVER));
      case 6 -> new Proposal(client.caller(client.epoch - 1, client.nextCxid), entry(NEVER));
      case 7, 8 -> again(client);
      case 9 -> new Proposal(client.caller(client.epoch, 0), commands.next(1).get(0));
      default -> write(client);
    };
  }

  /** Learns of the sessions that were opened. */
  void learn(Proposal proposal, Result result) {
    if (proposal.command() instanceof OpenSession open
        && result instanceof Result.SessionOpened opened) {
      clients.add(new Client(opened.sessionId(), open.secret()));
    }
  }

  private Proposal attach(Client client) {
    client.epoch++;
    return anonymous(new AttachSession(client.sessionId, client.secret, 1 + random.nextInt(1000)));
  }

  private Proposal close(Client client) {
    clients.remove(client);
    gone.add(client);
    return anonymous(new CloseSession(client.sessionId, client.epoch));
  }

  private Proposal ofTheGone() {
    if (gone.isEmpty()) {
      return anonymous(commands.next(1).get(0));
    }
    Client client = gone.get(random.nextInt(gone.size()));
    return new Proposal(client.caller(client.epoch, client.nextCxid), entry(NEVER));
  }

  private Proposal again(Client client) {
    if (client.nextCxid == 1) {
      return write(client);
    }
    long back = 1L + random.nextInt((int) Math.min(8, client.nextCxid - 1));
    return new Proposal(client.caller(client.epoch, client.nextCxid - back), entry(NEVER));
  }

  private Proposal write(Client client) {
    long cxid = client.nextCxid++;
    if (random.nextInt(4) == 0) {
      client.firstUnacknowledged = 1L + random.nextInt((int) cxid);
    }
    Caller caller = client.caller(client.epoch, cxid);
    if (random.nextBoolean()) {
      return new Proposal(caller, commands.next(1).get(0));
    }
    String note = client.sessionId + ":" + cxid;
    expected.add(note);
    return new Proposal(caller, entry(note));
  }

  private static Command entry(String note) {
    ByteString data = ByteString.copyFromUtf8(note);
    return new Create(LEDGER, "", CreateMode.PERSISTENT_SEQUENTIAL, 0, data, Acl.OPEN);
  }

  /** What the ledger must hold, in this order. */
  ImmutableList<String> expected() {
    return ImmutableList.copyOf(expected);
  }

  /** The sessions that were not closed. */
  ImmutableList<Long> open() {
    return clients.stream().map(client -> client.sessionId).sorted().collect(toImmutableList());
  }

  private ByteString secret() {
    byte[] secret = new byte[Session.SECRET_BYTES];
    random.nextBytes(secret);
    return ByteString.copyFrom(secret);
  }

  private static Proposal anonymous(Command command) {
    return new Proposal(Caller.ANONYMOUS, command);
  }
}
