package io.quoll.statemachine.query;

import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;

/** The stat of the znode at {@code path}, if there is one. */
public record Exists(ZnodePath path) implements Query {
  @Override
  public Answer answerFrom(StateView state) {
    return new Answer.Found(state.find(path).map(Znode::stat).orElse(null));
  }
}
