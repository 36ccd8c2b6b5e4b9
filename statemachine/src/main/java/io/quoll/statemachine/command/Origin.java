package io.quoll.statemachine.command;

import com.google.errorprone.annotations.Immutable;

/**
 * One incarnation of one server, whose proposals are numbered from 1 without gaps.
 *
 * @param serverId the server's number
 * @param incarnation grows with every start of the server
 */
@Immutable
public record Origin(int serverId, long incarnation) {}
