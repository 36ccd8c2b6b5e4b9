package io.quoll.server.admin;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;

/**
 * What the administrator's port has to know of the configuration.
 *
 * @param host where it listens
 * @param port the port there
 * @param clusterName the name of the ensemble
 * @param version of the software
 * @param dataDirectory where the store is
 * @param logDirectory where the Raft log is
 * @param settings what is told of the configuration, by ZooKeeper's names of the fields; no secrets
 */
public record AdminConfig(
    String host,
    int port,
    String clusterName,
    String version,
    Path dataDirectory,
    Path logDirectory,
    ImmutableMap<String, Object> settings) {}
