package io.quoll.server.coordination;

import io.quoll.statemachine.query.Answer;

/**
 * The answer to a query, and how fresh it is.
 *
 * @param zxid the last zxid that the answer includes
 * @param answer what the query found
 */
public record Answered(long zxid, Answer answer) {}
