package io.quoll.integration.history;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.errorprone.annotations.Immutable;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Znodes of one parent, with their values and versions: what a group of calls is about. */
final class Registers
    implements Model<ImmutableSortedMap<String, Registers.Register>, Call.Request, Call.Reply> {

  /** A znode that exists. */
  @Immutable
  record Register(String value, int version) {}

  @Override
  public ImmutableSortedMap<String, Register> initial() {
    return ImmutableSortedMap.of();
  }

  @Override
  public Optional<ImmutableSortedMap<String, Register>> step(
      ImmutableSortedMap<String, Register> state,
      Call.Request request,
      Call.@Nullable Reply reply) {
    if (request.isRead()) {
      return reply == null || reads(state, request, reply) ? Optional.of(state) : Optional.empty();
    }
    return write(state, request, reply);
  }

  private static boolean reads(
      Map<String, Register> state, Call.Request request, Call.Reply reply) {
    for (int i = 0; i < request.parts().size(); i++) {
      Register found = state.get(request.parts().get(i).path());
      Call.PartReply answer = reply.parts().get(i);
      if (found == null
          ? !answer.code().equals("NO_NODE")
          : !(answer.isOk()
              && found.value().equals(answer.value())
              && found.version() == answer.version())) {
        return false;
      }
    }
    return true;
  }

  private static Optional<ImmutableSortedMap<String, Register>> write(
      ImmutableSortedMap<String, Register> state,
      Call.Request request,
      Call.@Nullable Reply reply) {
    Map<String, Register> after = new TreeMap<>(state);
    ImmutableList<Part> parts = request.parts();
    for (int i = 0; i < parts.size(); i++) {
      String code = write(after, parts.get(i));
      if (!code.equals("OK")) {
        return reply == null || reply.parts().get(i).code().equals(code)
            ? Optional.of(state)
            : Optional.empty();
      }
      if (reply != null && !fits(reply.parts().get(i), after.get(parts.get(i).path()))) {
        return Optional.empty();
      }
    }
    boolean committed = reply == null || reply.parts().stream().allMatch(Call.PartReply::isOk);
    return committed ? Optional.of(ImmutableSortedMap.copyOf(after)) : Optional.empty();
  }

  private static boolean fits(Call.PartReply answer, @Nullable Register after) {
    if (answer.zxid() == 0 || after == null) { // The answer tells of no version.
      return answer.isOk();
    }
    return answer.isOk() && answer.version() == after.version();
  }

  private static String write(Map<String, Register> state, Part part) {
    Register found = state.get(part.path());
    if (part instanceof Part.Create create) {
      if (found != null) {
        return "NODE_EXISTS";
      }
      state.put(create.path(), new Register(create.value(), 0));
      return "OK";
    }
    if (found == null) {
      return "NO_NODE";
    }
    int expected = expectedVersion(part);
    if (expected != Part.ANY_VERSION && expected != found.version()) {
      return "BAD_VERSION";
    }
    if (part instanceof Part.Set set) {
      state.put(set.path(), new Register(set.value(), found.version() + 1));
    } else if (part instanceof Part.Delete delete) {
      state.remove(delete.path());
    }
    return "OK";
  }

  private static int expectedVersion(Part part) {
    if (part instanceof Part.Set set) {
      return set.version();
    }
    return part instanceof Part.Delete delete ? delete.version() : ((Part.Check) part).version();
  }
}
