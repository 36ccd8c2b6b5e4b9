package io.quoll.server.coordination;

import com.google.errorprone.annotations.Immutable;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.ZnodePath;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a feed is to tell.
 *
 * @param caller whom it is for: he is told only what he may read
 * @param path the znode that it watches
 * @param mode {@code PERSISTENT} or {@code RECURSIVE}
 * @param startZxid the zxid after which it begins; empty for the present
 * @param initialState whether the state of the present comes first
 * @param withData whether that state has the data of the znodes
 * @param bookmarkInterval how long it is silent before it tells where it stands
 */
@Immutable
public record FeedRequest(
    Identities caller,
    ZnodePath path,
    WatchMode mode,
    OptionalLong startZxid,
    boolean initialState,
    boolean withData,
    Duration bookmarkInterval) {}
