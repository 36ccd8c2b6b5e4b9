package io.quoll.server.admin;

import static io.quoll.server.admin.AdminReply.OK;
import static io.quoll.server.admin.AdminReply.UNAVAILABLE;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ascii;
import io.quoll.server.coordination.Consensus;
import io.quoll.server.coordination.Consensus.Standing;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether the node lives, and whether it serves. One that does not live should be started anew; one
 * that does not serve should be asked for nothing, and may be all right. Thread-safe.
 */
public final class Health {
  private enum Phase {
    STARTING,
    SERVING,
    STOPPING
  }

  private final Consensus consensus;
  private volatile Supplier<Optional<String>> ailment = Optional::empty;
  private volatile Phase phase = Phase.STARTING;

  /** A node that is starting. */
  public Health(Consensus consensus) {
    this.consensus = consensus;
  }

  /**
   * The node takes clients from now on.
   *
   * @param ailment which part of it stands still, if one does
   */
  public void serving(Supplier<Optional<String>> ailment) {
    this.ailment = ailment;
    phase = Phase.SERVING;
  }

  /** The node takes no more clients. */
  public void stopping() {
    phase = Phase.STOPPING;
  }

  /** Whether it lives: 200 or 503. */
  AdminReply alive() {
    Optional<String> found = phase == Phase.SERVING ? ailment.get() : Optional.empty();
    ObjectNode body = AdminReply.object().put("alive", found.isEmpty()).put("phase", name());
    found.ifPresent(what -> body.put("why", what));
    return AdminReply.json(found.isEmpty() ? OK : UNAVAILABLE, body);
  }

  private String name() {
    return Ascii.toLowerCase(phase.name());
  }

  /** Whether it serves, with a quorum behind it: 200 or 503. */
  AdminReply ready() {
    Optional<String> why = unreadiness();
    Standing standing = consensus.standing();
    ObjectNode body =
        AdminReply.object()
            .put("ready", why.isEmpty())
            .put("phase", name())
            .put("role", Ascii.toLowerCase(standing.role().name()))
            .put("quorum", consensus.hasQuorum())
            .put("leader", standing.leaderId())
            .put("zxid", standing.zxid())
            .put("lag", Math.max(0, standing.commitIndex() - standing.appliedIndex()));
    why.ifPresent(what -> body.put("why", what));
    return AdminReply.json(why.isEmpty() ? OK : UNAVAILABLE, body);
  }

  private Optional<String> unreadiness() {
    if (phase != Phase.SERVING) {
      return Optional.of(
          phase == Phase.STARTING
              ? "the server is starting; a new one waits until enough of the others answer"
              : "the server is stopping");
    }
    Optional<String> still = ailment.get();
    if (still.isPresent()) {
      return still;
    }
    return consensus.hasQuorum()
        ? Optional.empty()
        : Optional.of("there is no leader that a majority answers to");
  }
}
