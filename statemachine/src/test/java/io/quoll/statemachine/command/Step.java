package io.quoll.statemachine.command;

import java.util.List;

/** One step of a random stream: commands that are proposed together, and when. */
record Step(long timeMillis, List<Command> commands) {}
