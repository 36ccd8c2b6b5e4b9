/**
 * The Java client of Quoll. It knows the gRPC contract and nothing of the server.
 *
 * <p>There are two ways in:
 *
 * <ul>
 *   <li>{@link io.quoll.client.QuollSession}, and {@link io.quoll.client.AsyncQuollSession} for
 *       those who do not wait: a session, with ephemeral znodes, watches, requests in order and
 *       writes that are applied once. This is what programs want;
 *   <li>{@link io.quoll.client.QuollClient}: single calls without a session, for tools.
 * </ul>
 *
 * <pre>{@code
 * SessionOptions options = SessionOptions.of("one:7181,two:7181,three:7181/app");
 * try (QuollSession session = QuollSession.open(options)) {
 *   session.create("/worker-", null, CreateMode.EPHEMERAL_SEQUENTIAL);
 *   session.addWatch("/", WatchMode.PERSISTENT_RECURSIVE, event -> System.out.println(event));
 *   session.setData("/config", ByteString.copyFromUtf8("blue"), Write.ANY_VERSION);
 * }
 * }</pre>
 *
 * <p>The session finds a server, keeps itself alive, moves to another server when it has to, sends
 * again what was not answered, and sets its watches again. Meanwhile requests wait. A write has an
 * unknown outcome only if the session itself ends while it is under way; {@link
 * io.quoll.client.QuollException} carries the code, the path and whether the write took effect.
 *
 * <p>Many sessions share threads and connections if they are opened on one {@link
 * io.quoll.client.QuollRuntime}. {@link io.quoll.client.cache.ZnodeCache} holds a subtree in memory
 * and keeps it current. {@link io.quoll.client.TreeWatch}, from {@code watch} of a session or a
 * client, tells all that happens from any zxid that the history reaches back to.
 *
 * <p>Bytes are {@link com.google.protobuf.ByteString}, which nobody can change once it is made;
 * data that is null, which is not the same as empty, is null here too.
 */
@NullMarked
package io.quoll.client;

import org.jspecify.annotations.NullMarked;
