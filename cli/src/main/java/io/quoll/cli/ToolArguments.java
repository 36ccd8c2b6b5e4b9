package io.quoll.cli;

import com.google.common.collect.ImmutableList;
import io.quoll.cli.reply.Format;
import io.quoll.client.ClientOptions;
import io.quoll.client.SessionOptions;
import io.quoll.client.TlsOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * What stands on the tool's own command line.
 *
 * @param servers the servers as they were given
 * @param client how calls are made; none takes longer than the timeout
 * @param session how sessions are opened; they may be without contact for as long as the timeout
 * @param script the file to take commands from, {@code -} for the standard input
 * @param words the command; empty for none
 */
record ToolArguments(
    String servers,
    ClientOptions client,
    SessionOptions session,
    Format format,
    Optional<String> script,
    ImmutableList<String> words,
    boolean wantsHelp) {
  static final String USAGE =
      "quoll [-server HOST:PORT,...[/chroot]] [-o text|json] [-timeout MS] [-f FILE|-]"
          + " [--auth-file FILE] [--tls] [--ca FILE] [--cert FILE] [--key FILE] [-client-configuration FILE]"
          + " [COMMAND ...]";

  private static final String SERVER = "-server";
  private static final String FORMAT = "-o";
  private static final String TIMEOUT = "-timeout";
  private static final String SCRIPT = "-f";
  private static final String AUTH_FILE = "--auth-file";
  private static final String TLS = "--tls";
  private static final String CA = "--ca";
  private static final String CERTIFICATE = "--cert";
  private static final String KEY = "--key";
  private static final String CONFIGURATION = "-client-configuration";
  private static final String HELP = "--help";

  /**
   * The arguments that {@code args} spell, and {@code environment} where they are silent.
   *
   * @throws IllegalArgumentException if they spell none, with a message that says why
   */
  static ToolArguments of(String[] args, Map<String, String> environment) {
    ParseResult result;
    try {
      result = parser().parseArgs(args);
    } catch (CommandLine.ParameterException malformed) {
      throw new IllegalArgumentException(malformed.getMessage(), malformed);
    }
    Duration timeout = Duration.ofMillis(result.matchedOptionValue(TIMEOUT, 30_000L));
    List<String> words = result.matchedPositionalValue(0, List.of());
    String servers = result.matchedOptionValue(SERVER, "localhost:7181");
    ClientOptions client =
        protectedBy(
            tls(result, environment).options(),
            ClientOptions.of(servers)
                .withRequestTimeout(timeout)
                .withCredentials(AuthArguments.of(file(result, AUTH_FILE), environment)));
    return new ToolArguments(
        servers,
        client,
        SessionOptions.of(client).withShuffledServers(false).withSessionTimeout(timeout),
        format(result.matchedOptionValue(FORMAT, "text")),
        Optional.ofNullable(result.matchedOptionValue(SCRIPT, null)),
        ImmutableList.copyOf(words),
        result.hasMatchedOption(HELP));
  }

  private static TlsArguments tls(ParseResult result, Map<String, String> environment) {
    TlsArguments given =
        new TlsArguments(
            result.hasMatchedOption(TLS) ? Optional.of(true) : Optional.empty(),
            file(result, CA),
            file(result, CERTIFICATE),
            file(result, KEY));
    Optional<TlsArguments> ofFile = file(result, CONFIGURATION).map(TlsArguments::ofFile);
    return ofFile.map(given::orElse).orElse(given).orElse(TlsArguments.ofEnvironment(environment));
  }

  private static Optional<Path> file(ParseResult result, String option) {
    return Optional.ofNullable(result.<String>matchedOptionValue(option, null)).map(Path::of);
  }

  private static ClientOptions protectedBy(Optional<TlsOptions> tls, ClientOptions client) {
    return tls.map(client::withTls).orElse(client);
  }

  private static CommandLine parser() {
    CommandSpec spec =
        CommandSpec.create()
            .name("quoll")
            .addOption(OptionSpec.builder(SERVER, "--server").type(String.class).build())
            .addOption(OptionSpec.builder(FORMAT, "--output").type(String.class).build())
            .addOption(OptionSpec.builder(TIMEOUT, "--timeout").type(long.class).build())
            .addOption(OptionSpec.builder(SCRIPT, "--file").type(String.class).build())
            .addOption(OptionSpec.builder(AUTH_FILE).type(String.class).build())
            .addOption(OptionSpec.builder(TLS).type(boolean.class).build())
            .addOption(OptionSpec.builder(CA).type(String.class).build())
            .addOption(OptionSpec.builder(CERTIFICATE).type(String.class).build())
            .addOption(OptionSpec.builder(KEY).type(String.class).build())
            .addOption(OptionSpec.builder(CONFIGURATION).type(String.class).build())
            .addOption(OptionSpec.builder(HELP, "-h").type(boolean.class).build())
            .addPositional(
                PositionalParamSpec.builder()
                    .arity("0..*")
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .build());
    return new CommandLine(spec)
        .setExpandAtFiles(false)
        .setStopAtPositional(true)
        .setPosixClusteredShortOptionsAllowed(false);
  }

  private static Format format(String text) {
    try {
      return Format.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw new IllegalArgumentException("\"" + text + "\" is neither text nor json", unknown);
    }
  }
}
