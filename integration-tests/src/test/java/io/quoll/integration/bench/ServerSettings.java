package io.quoll.integration.bench;

import com.google.common.collect.ImmutableList;

/**
 * How the servers of an ensemble are run.
 *
 * @param heap how large their heap may become, as in {@code 1000m}
 * @param jvmArguments further arguments of their JVM, where {@code {folder}} is the server's folder
 * @param configuration more lines of their configuration
 */
public record ServerSettings(
    String heap, ImmutableList<String> jvmArguments, ImmutableList<String> configuration) {
  /** The arguments for one server. */
  ImmutableList<String> jvmArguments(Member member) {
    return jvmArguments.stream()
        .map(argument -> argument.replace("{folder}", member.folder().toString()))
        .collect(ImmutableList.toImmutableList());
  }
}
