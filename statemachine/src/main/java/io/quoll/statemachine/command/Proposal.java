package io.quoll.statemachine.command;

import com.google.errorprone.annotations.Immutable;

/** A command, and on whose behalf it is to be applied. */
@Immutable
public record Proposal(Caller caller, Command command) {}
