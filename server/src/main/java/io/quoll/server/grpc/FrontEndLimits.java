package io.quoll.server.grpc;

/**
 * What the port for clients takes from them.
 *
 * @param connectionsPerAddressMax the most connections from one address; 0 for any number
 * @param connectionsMax the most connections; 0 for any number
 * @param requestsPerSecond how many requests one caller makes in a second, at most; 0 for any
 *     number
 * @param requestBurst how many of them may come at once after a pause
 */
public record FrontEndLimits(
    int connectionsPerAddressMax, int connectionsMax, int requestsPerSecond, int requestBurst) {
  /** No limits but those that always hold. */
  public static final FrontEndLimits NONE = new FrontEndLimits(0, 0, 0, 0);
}
