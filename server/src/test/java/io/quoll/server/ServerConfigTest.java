package io.quoll.server;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.quoll.server.consensus.ConsensusConfig.Peer;
import io.quoll.server.coordination.Authentication;
import io.quoll.server.coordination.DigestForm;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.StartupException;
import io.quoll.server.grpc.FrontEndLimits;
import io.quoll.server.tls.PortTls.ClientAuth;
import io.quoll.server.tls.StoreFile.Form;
import io.quoll.statemachine.store.HistoryLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ServerConfigTest {
  private static final String THREE =
      """
      server.1=alpha:7281
      server.2=beta:7281:participant;7182
      server.3=gamma:7281:observer;10.0.0.3:7183
      allowPlaintext=true
      """;

  /** Of super, whose password is "secret". */
  private static final String SUPER_SHA_256 =
      "super:{SHA-256}WTA5ucCHTdJq645xIMibj8HviTPeB5mMuJ4/+v1dIEw=";

  private static final String SUPER_SHA_1 = "super:lK75jTNcA+U9vtVEw5vB51mj/w4=";

  @TempDir Path directory;

  @Test
  void aFileThatOnlySaysWhereTheDataGoesMakesAStandaloneServerOnLoopback() throws IOException {
    ServerConfig config = read("");

    assertThat(config.standalone()).isTrue();
    assertThat(config.serverId()).isEqualTo(1);
    assertThat(config.members()).containsExactly(new Peer(1, "127.0.0.1", 0, false, ""));
    assertThat(config.clusterName()).isEqualTo("quoll");
    assertThat(config.logDirectory()).isEqualTo(config.dataDirectory());
    assertThat(config.clientAddress()).isEqualTo("127.0.0.1:7181");
    assertThat(config.adminHost()).isEqualTo("127.0.0.1");
    assertThat(config.adminPort()).isEqualTo(7180);
    assertThat(config.snapshotEntries()).isEqualTo(100_000);
    assertThat(config.snapshotLogBytes()).isEqualTo(512L * 1024 * 1024);
    assertThat(config.snapshotInterval()).isEqualTo(Duration.ofHours(1));
    assertThat(config.history()).isEqualTo(HistoryLimits.DEFAULT);
    assertThat(config.limits()).isEqualTo(new FrontEndLimits(1_000, 0, 0, 1));
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void everyKeyIsHeeded() throws IOException {
    ServerConfig config =
        read(
            """
            # A comment, then a line with blanks.
              tickTime = 3000
            minSessionTimeout=7000
            maxSessionTimeout=50000
            znode.container.checkIntervalMs=30000
            znode.container.maxPerMinute=600
            initLimit=20
            syncLimit=7
            dataLogDir=logs
            clusterName=test-1
            grpcPort=7999
            clientPortAddress=0.0.0.0
            allowPlaintext=true
            maxClientCnxns=70
            maxCnxns=900
            requestRateLimit=50
            requestRateBurst=60
            adminPort=7998
            adminAddress=127.0.0.2
            snapCount=5000
            snapSizeLimitInKb=2048
            snapIntervalInMinutes=5
            historyEvents=2000
            historySizeLimitInKb=4096
            historyAgeInMinutes=30
            """);

    assertThat(config.tickTime()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.minSessionTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(config.maxSessionTimeout()).isEqualTo(Duration.ofSeconds(50));
    assertThat(config.containerCheckInterval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.containersPerMinute()).isEqualTo(600);
    assertThat(config.initLimit()).isEqualTo(20);
    assertThat(config.syncLimit()).isEqualTo(7);
    assertThat(config.logDirectory()).isEqualTo(Path.of("logs"));
    assertThat(config.clusterName()).isEqualTo("test-1");
    assertThat(config.grpcHost()).isEqualTo("0.0.0.0");
    assertThat(config.grpcPort()).isEqualTo(7999);
    assertThat(config.limits()).isEqualTo(new FrontEndLimits(70, 900, 50, 60));
    assertThat(config.adminHost()).isEqualTo("127.0.0.2");
    assertThat(config.adminPort()).isEqualTo(7998);
    assertThat(config.snapshotEntries()).isEqualTo(5000);
    assertThat(config.snapshotLogBytes()).isEqualTo(2048 * 1024);
    assertThat(config.snapshotInterval()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.history()).isEqualTo(new HistoryLimits(2000, 4L << 20, 30 * 60_000));
  }

  @Test
  void theAuditLogIsOffUnlessItIsTurnedOn() throws IOException {
    assertThat(read("").auditDirectory()).isEmpty();
    assertThat(read("audit.dir=/elsewhere\n").auditDirectory()).isEmpty();
    assertThat(read("audit.enable=true\n").auditDirectory()).contains(directory.resolve("audit"));
    assertThat(read("audit.enable=true\naudit.dir=/elsewhere\n").auditDirectory())
        .contains(Path.of("/elsewhere"));
  }

  @Test
  void theAdminPortIsTurnedOffBy0AndLeavesLoopbackOnlyWhereThatIsSaid() throws IOException {
    assertThat(read("adminPort=0\n").adminPort()).isZero();
    assertThat(read("adminAddress=::1\n").adminHost()).isEqualTo("::1");
    assertThat(read("adminAddress=0.0.0.0\nadminRemote=true\n").adminHost()).isEqualTo("0.0.0.0");
  }

  @Test
  void timeoutsOfSessionsAreTwoToTwentyTicksUnlessTheyAreGiven() throws IOException {
    ServerConfig ticks = read("tickTime=500\n");
    ServerConfig defaults = read("minSessionTimeout=-1\nmaxSessionTimeout=-1\n");

    assertThat(ticks.minSessionTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(ticks.maxSessionTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(defaults.minSessionTimeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(defaults.maxSessionTimeout()).isEqualTo(Duration.ofSeconds(40));
    assertThat(defaults.containerCheckInterval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(defaults.containersPerMinute()).isEqualTo(10_000);
  }

  @Test
  void theMembersAreThoseOfTheServerLines() throws IOException {
    ServerConfig config = readAs("1", THREE);

    assertThat(config.standalone()).isFalse();
    assertThat(config.members())
        .containsExactly(
            new Peer(1, "alpha", 7281, false, "alpha:7181"),
            new Peer(2, "beta", 7281, false, "beta:7182"),
            new Peer(3, "gamma", 7281, true, "10.0.0.3:7183"));
  }

  @Test
  void clientsAreTakenWhereTheOwnServerLineSays() throws IOException {
    assertThat(readAs("1", THREE).clientAddress()).isEqualTo("alpha:7181");
    assertThat(readAs("2", THREE).clientAddress()).isEqualTo("beta:7182");
    assertThat(readAs("3", THREE).clientAddress()).isEqualTo("10.0.0.3:7183");
  }

  @Test
  void othersAreToldTheHostWhereClientsAreTakenOnAllAddresses() throws IOException {
    ServerConfig config = readAs("1", THREE + "clientPortAddress=0.0.0.0\n");

    assertThat(config.grpcHost()).isEqualTo("0.0.0.0");
    assertThat(config.clientAddress()).isEqualTo("alpha:7181");
    assertThat(config.localHost()).isEqualTo("127.0.0.1");
  }

  @Test
  void anAddressOfVersionSixStandsInBrackets() throws IOException {
    ServerConfig config = readAs("1", "server.1=[::1]:7281;[::1]:7182\n");

    assertThat(config.members()).containsExactly(new Peer(1, "::1", 7281, false, "[::1]:7182"));
    assertThat(config.clientAddress()).isEqualTo("[::1]:7182");
  }

  static Stream<Arguments> warnings() {
    return Stream.of(
        arguments(
            "autopurge.purgeInterval=1", "quoll.cfg:2: autopurge.purgeInterval has no effect"),
        arguments("electionAlg=3", "elections are Raft's"),
        arguments("4lw.commands.whitelist=*", "quoll cluster status"),
        arguments("server.1=a:1:2", "server.1 names an election port"),
        arguments("server.1=a:1\nserver.2=b:1", "2 voters"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("warnings")
  void whatHasNoEffectIsNamedInOneWarning(String line, String warning) throws IOException {
    ServerConfig config = readAs("1", line + "\nallowPlaintext=true\n");

    assertThat(config.warnings()).hasSize(1).first().asString().contains(warning);
  }

  static Stream<Arguments> errors() {
    return Stream.of(
        arguments("grpcport=7181", ":2: grpcport is no key", "did you mean grpcPort?"),
        arguments("dataLogDri=x", ":2: dataLogDri is no key", "did you mean dataLogDir?"),
        arguments("\n\nsever.1=a:1", ":4: sever.1 is no key", "did you mean server.1?"),
        arguments("somethingQuiteDifferent=1", "is no key of this configuration", ""),
        arguments("grpcPort 7181", ":2: \"grpcPort 7181\" is not of the form key=value", ""),
        arguments("=7181", "is not of the form key=value", ""),
        arguments("grpcPort=1\ngrpcPort=2", ":3: grpcPort is set twice", "first in line 2"),
        arguments("dataDir=other", ":2: dataDir is set twice", ""),
        arguments("grpcPort=70000", ":2: grpcPort takes a number from 1 to 65535", "\"70000\""),
        arguments("grpcPort=", ":2: grpcPort takes a number", ""),
        arguments("tickTime=2s", ":2: tickTime takes a number", "\"2s\""),
        arguments("minSessionTimeout=0", ":2: minSessionTimeout takes a number from 1", ""),
        arguments("maxSessionTimeout=x", ":2: maxSessionTimeout takes a number", ""),
        arguments("minSessionTimeout=50000", ":2: minSessionTimeout makes", "40000 ms"),
        arguments("maxSessionTimeout=3000", ":2: maxSessionTimeout makes", "3000 ms"),
        arguments("znode.container.checkIntervalMs=0", ":2: znode.container.check", ""),
        arguments("znode.container.maxPerMinute=0", ":2: znode.container.maxPerMinute", ""),
        arguments("maxClientCnxns=-1", ":2: maxClientCnxns takes a number from 0", ""),
        arguments("maxCnxns=many", ":2: maxCnxns takes a number from 0", ""),
        arguments("requestRateLimit=-1", ":2: requestRateLimit takes a number from 0", ""),
        arguments("requestRateBurst=0", ":2: requestRateBurst takes a number from 1", ""),
        arguments("initLimit=0", ":2: initLimit takes a number from 1", ""),
        arguments("syncLimit=-1", ":2: syncLimit takes a number from 1", ""),
        arguments("adminPort=x", ":2: adminPort takes a number from 0", ""),
        arguments("adminAddress=0.0.0.0", ":2: adminAddress is 0.0.0.0", "adminRemote=true"),
        arguments("adminAddress=localhost.example", ":2: adminAddress is localhost.ex", ""),
        arguments("tracing.enable=1", ":2: tracing.enable takes true or false", "\"1\""),
        arguments("audit.enable=on", ":2: audit.enable takes true or false", "\"on\""),
        arguments("adminRemote=yes", ":2: adminRemote takes true or false", "\"yes\""),
        arguments("snapCount=1", ":2: snapCount takes a number from 2", ""),
        arguments("snapSizeLimitInKb=-1", ":2: snapSizeLimitInKb takes a number", ""),
        arguments("snapIntervalInMinutes=0", ":2: snapIntervalInMinutes takes a number", ""),
        arguments("historyEvents=999", ":2: historyEvents takes a number from 1000", ""),
        arguments("historySizeLimitInKb=1", ":2: historySizeLimitInKb takes a number", ""),
        arguments("historyAgeInMinutes=0", ":2: historyAgeInMinutes takes a number", ""),
        arguments("clusterName=two words", ":2: clusterName takes 1 to 64 letters", ""),
        arguments("dataLogDir=", ":2: dataLogDir is empty", ""),
        arguments("clientPort=1\ngrpcPort=2", ":3: grpcPort is 2", "port 1"),
        arguments("server.1=a:1;3\ngrpcPort=2", ":3: grpcPort is 2", "port 3"),
        arguments("server.1=a:1;b:3\nclientPortAddress=c", ":3: clientPortAddress is c", "b"),
        arguments("server.0=a:1", ":2: server.0 names no server", "1 to 255"),
        arguments("server.256=a:1", ":2: server.256 names no server", "1 to 255"),
        arguments("server.x=a:1", ":2: server.x names no server", "1 to 255"),
        arguments("server.1=a", ":2: server.1 takes host:port", ""),
        arguments("server.1=a:1:voter", ":2: server.1 takes host:port", "participant|observer"),
        arguments("server.1=a:1|b:1", ":2: server.1 takes host:port", ""),
        arguments("server.1=a:0", ":2: server.1 names port 0", ""),
        arguments("server.1=a:1;99999", ":2: server.1 names port 99999", ""),
        arguments("server.1=a:1\nserver.2=a:1", ":3: server.2 has the address of server.1", "a:1"),
        arguments("server.1=a:1:observer", ":2: server.1 is an observer", "vote"),
        arguments("allowPlaintext=yes", ":2: allowPlaintext takes true or false", "\"yes\""),
        arguments("sslQuorum=true", ":2: sslQuorum is true", "ssl.keyStore.location"),
        arguments(
            "sslQuorum=true\nssl.keyStore.location=k.pem",
            ":2: sslQuorum is true",
            "ssl.quorum.trustStore.location"),
        arguments("ssl.keyStore.location=", ":2: ssl.keyStore.location is empty", ""),
        arguments("ssl.clientAuth=need", ":2: ssl.clientAuth is need", "trustStore.location"),
        arguments(
            "ssl.keyStore.location=k\nssl.trustStore.location=t\nssl.clientAuth=yes",
            ":4: ssl.clientAuth takes need, want or none",
            "\"yes\""),
        arguments(
            "ssl.trustStore.location=t\nssl.clientAuth=need",
            ":3: ssl.clientAuth is set",
            "ssl.keyStore.location is not"),
        arguments(
            "ssl.keyStore.location=k\nssl.keyStore.type=x",
            ":3: ssl.keyStore.type takes PEM, PKCS12 or JKS",
            ""),
        arguments(
            "ssl.keyStore.location=k.p12\nssl.keyStore.chainLocation=c",
            ":3: ssl.keyStore.chainLocation is set",
            ""),
        arguments(
            "ssl.keyStore.location=k\nssl.keyStore.password=a\nssl.keyStore.passwordPath=b",
            ":3: ssl.keyStore.password is set",
            "passwordPath"),
        arguments(
            "ssl.keyStore.location=k\nssl.enabledProtocols=TLSv1.1",
            ":3: ssl.enabledProtocols takes TLSv1.3, TLSv1.2",
            ""),
        arguments(
            "DigestAuthenticationProvider.superDigest=super",
            ":2: DigestAuthenticationProvider.superDigest takes user:{SHA-256}",
            ""),
        arguments(
            "DigestAuthenticationProvider.superDigest=:" + SUPER_SHA_1.substring(6),
            ":2: DigestAuthenticationProvider.superDigest takes",
            ""),
        arguments(
            "DigestAuthenticationProvider.superDigest=super:{SHA-256}" + SUPER_SHA_1.substring(6),
            ":2: DigestAuthenticationProvider.superDigest takes",
            ""),
        arguments(
            "DigestAuthenticationProvider.superDigest=super:" + SUPER_SHA_256.substring(15),
            ":2: DigestAuthenticationProvider.superDigest takes",
            ""),
        arguments(
            "DigestAuthenticationProvider.digestAlg=MD5",
            ":2: DigestAuthenticationProvider.digestAlg takes SHA-256 or SHA1",
            "\"MD5\""),
        arguments("enforce.auth.enabled=yes", ":2: enforce.auth.enabled takes true or", "\"yes\""),
        arguments(
            "enforce.auth.enabled=true", ":2: enforce.auth.enabled is", "enforce.auth.schemes"),
        arguments(
            "enforce.auth.enabled=true\nenforce.auth.schemes=,",
            ":2: enforce.auth.enabled is",
            "names no scheme"),
        arguments(
            "enforce.auth.enabled=true\nenforce.auth.schemes=digest,sasl",
            ":3: enforce.auth.schemes takes digest, x509 or both",
            "\"sasl\""),
        arguments(
            "enforce.auth.enabled=true\nenforce.auth.schemes=x509",
            ":3: enforce.auth.schemes is x509",
            "ssl.trustStore.location"),
        arguments(
            "X509AuthenticationProvider.superUser=admin",
            ":2: X509AuthenticationProvider.superUser takes the subject",
            "\"admin\""),
        arguments(
            "X509AuthenticationProvider.superUser=",
            ":2: X509AuthenticationProvider.superUser takes the subject",
            ""),
        arguments(
            "X509AuthenticationProvider.superUser=CN=admin\nssl.keyStore.location=k",
            ":2: X509AuthenticationProvider.superUser is CN=admin",
            "ssl.trustStore.location"),
        arguments("enforce.auth.enable=true", "is no key", "did you mean enforce.auth.enabled?"),
        arguments("ssl.keystore.location=k", "is no key", "did you mean ssl.keyStore.location?"),
        arguments("server.2=a:1", "myid:1: there is no server.1 line", "one of 2"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("errors")
  void whatIsWrongIsToldWithItsFileItsLineAndWhatWouldBeRight(
      String lines, String told, String advice) throws IOException {
    Path file = write(lines + "\n");
    Files.writeString(directory.resolve("myid"), "1\n");

    assertBad(file, told, advice);
  }

  static Stream<Arguments> plaintextToOthers() {
    return Stream.of(
        arguments("clientPortAddress=0.0.0.0", ":2: clientPortAddress has this server take"),
        arguments("clientPortAddress=192.0.2.1", "192.0.2.1 without TLS"),
        arguments("server.1=192.0.2.1:1;127.0.0.1:2", ":2: server.1 has this server talk"),
        arguments("server.1=127.0.0.1:1;192.0.2.1:2", ":2: server.1 has this server take"),
        arguments(
            "server.1=127.0.0.1:1;192.0.2.1:2\nsslQuorum=true\nssl.quorum.keyStore.location=k\n"
                + "ssl.quorum.trustStore.location=t",
            "server.1 has this server take"),
        arguments(
            "server.1=192.0.2.1:1\nssl.keyStore.location=k", ":2: server.1 has this server talk"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("plaintextToOthers")
  void plaintextLeavesThisMachineOnlyWhereThatIsSaidPlainly(String lines, String told)
      throws IOException {
    Files.writeString(directory.resolve("myid"), "1\n");

    assertBad(write(lines + "\n"), told, "allowPlaintext=true");
    ServerConfig allowed = read(lines + "\nallowPlaintext=true\n");

    assertThat(allowed.warnings()).isEmpty();
  }

  @Test
  void theKeysOfTlsAreHeeded() throws IOException {
    ServerConfig config =
        readAs(
            "1",
            """
            server.1=192.0.2.1:7281;7181
            ssl.keyStore.location=server.pem
            ssl.keyStore.chainLocation=chain.pem
            ssl.keyStore.passwordPath=secret
            ssl.trustStore.location=ca.jks
            ssl.trustStore.password=changeit
            ssl.clientAuth=want
            ssl.enabledProtocols=TLSv1.3
            sslQuorum=true
            ssl.quorum.trustStore.location=peers.pem
            ssl.quorum.hostnameVerification=false
            """);

    TlsConfig clients = config.tls().orElseThrow();
    TlsConfig members = config.quorumTls().orElseThrow();

    assertThat(clients.files().keys().path()).isEqualTo(Path.of("server.pem"));
    assertThat(clients.files().keys().passphrase()).hasToString("secret");
    assertThat(clients.files().chain().orElseThrow().path()).isEqualTo(Path.of("chain.pem"));
    assertThat(clients.files().trust().orElseThrow().form()).isEqualTo(Form.JKS);
    assertThat(clients.files().trust().orElseThrow().passphrase()).hasToString("***");
    assertThat(clients.clientAuth()).isEqualTo(ClientAuth.WANT);
    assertThat(clients.protocols()).containsExactly("TLSv1.3");
    assertThat(members.files().keys().path()).isEqualTo(Path.of("server.pem"));
    assertThat(members.files().chain().orElseThrow().path()).isEqualTo(Path.of("chain.pem"));
    assertThat(members.files().trust().orElseThrow().path()).isEqualTo(Path.of("peers.pem"));
    assertThat(members.clientAuth()).isEqualTo(ClientAuth.NEED);
    assertThat(members.protocols()).containsExactly("TLSv1.3", "TLSv1.2");
    assertThat(members.verifiesServers()).isFalse();
    assertThat(members.verifiesCallers()).isTrue();
  }

  @Test
  void everyoneIsServedAndNobodyIsSuperUnlessItIsSaid() throws IOException {
    ServerConfig config = read("");

    assertThat(config.authentication()).isEqualTo(Authentication.Settings.OPEN);
    assertThat(config.superSubject()).isEmpty();
  }

  @Test
  void theKeysOfAuthenticationAreHeeded() throws IOException {
    ServerConfig config =
        read(
            """
            DigestAuthenticationProvider.superDigest=%s
            DigestAuthenticationProvider.digestAlg=SHA1
            X509AuthenticationProvider.superUser=cn=admin, o=Example
            enforce.auth.enabled=true
            enforce.auth.schemes=x509, digest
            ssl.keyStore.location=server.pem
            ssl.trustStore.location=ca.pem
            """
                .formatted(SUPER_SHA_256));

    assertThat(config.authentication())
        .isEqualTo(
            new Authentication.Settings(
                Optional.of(SUPER_SHA_256), DigestForm.SHA_1, ImmutableSet.of("x509", "digest")));
    assertThat(config.superSubject()).contains(new X500Principal("CN=admin,O=Example"));
  }

  @Test
  void schemesAreNotEnforcedUntilThatIsEnabled() throws IOException {
    assertThat(read("enforce.auth.schemes=digest\n").authentication())
        .isEqualTo(Authentication.Settings.OPEN);
  }

  @Test
  void theDigestOfSuperIsTakenInZooKeepersFormToo() throws IOException {
    assertThat(
            read("DigestAuthenticationProvider.superDigest=" + SUPER_SHA_1 + "\n")
                .authentication()
                .superDigest())
        .contains(SUPER_SHA_1);
  }

  @Test
  void theDigestOfSuperIsToldNowhere() throws IOException {
    ServerConfig config = read("DigestAuthenticationProvider.superDigest=" + SUPER_SHA_256 + "\n");
    Path malformed = write("DigestAuthenticationProvider.superDigest=super:secret\n");

    assertThat(config.toString()).doesNotContain(SUPER_SHA_256);
    assertThat(AdminSettings.of(config, "1").toString()).doesNotContain(SUPER_SHA_256);
    assertThatThrownBy(() -> ServerConfig.read(malformed)).hasMessageNotContaining("super:secret");
  }

  @Test
  void clientsNeedACertificateWhereItIsSaidWhoseAreGoodUnlessItIsSaidThatTheyDoNot()
      throws IOException {
    String keys = "ssl.keyStore.location=k\n";

    assertThat(read(keys).tls().orElseThrow().clientAuth()).isEqualTo(ClientAuth.NONE);
    assertThat(read(keys + "ssl.trustStore.location=t\n").tls().orElseThrow().clientAuth())
        .isEqualTo(ClientAuth.NEED);
  }

  static Stream<Arguments> badIds() {
    return Stream.of(
        arguments("", "\"\" is not a number"),
        arguments("one", "\"one\" is not a number"),
        arguments("01", "there is no server.01 line"),
        arguments("9", "there is no server.9 line"));
  }

  @ParameterizedTest(name = "\"{0}\"")
  @MethodSource("badIds")
  void anIdThatIsNotAMembersIsToldWithThoseThatAre(String id, String told) throws IOException {
    Files.writeString(directory.resolve("myid"), id);

    assertBad(write(THREE), told, "one of 1, 2, 3");
  }

  @Test
  void aMemberWithoutAnIdIsToldWhatToWriteAndWhere() throws IOException {
    Path file = write(THREE);

    assertBad(file, directory.resolve("myid") + ": there is no such file", "one of 1, 2, 3");
  }

  @Test
  void aFileWithoutADataDirectoryIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("quoll.cfg"), "grpcPort=7181\n");

    assertBad(file, "quoll.cfg: dataDir is missing", "");
  }

  @Test
  void aMissingFileIsToldByItsName() {
    assertBad(directory.resolve("none.cfg"), "none.cfg: there is no such file", "--config");
  }

  @Test
  void aFileThatIsNoTextIsRefused() throws IOException {
    Path file = Files.write(directory.resolve("quoll.cfg"), new byte[] {(byte) 0xff, 0});

    assertBad(file, "quoll.cfg: it is not UTF-8 text", "");
  }

  @Test
  void theConfigurationThatIsShippedIsRight() throws IOException {
    Path shipped = Path.of("..", "conf", "quoll.cfg");
    ImmutableList<String> uncommented =
        Splitter.on('\n')
            .splitToStream(Files.readString(shipped))
            .map(line -> line.matches("#[A-Za-z.0-9]+=.*") ? line.substring(1) : line)
            .filter(line -> !line.startsWith("dataDir") && !line.startsWith("clientPortAddress"))
            .collect(toImmutableList());

    assertThat(ServerConfig.read(shipped).standalone()).isTrue();
    assertThat(readAs("1", String.join("\n", uncommented)).members()).hasSize(3);
  }

  private static void assertBad(Path file, String told, String advice) {
    assertThatThrownBy(() -> ServerConfig.read(file))
        .isInstanceOfSatisfying(
            StartupException.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION))
        .hasMessageContaining(told)
        .hasMessageContaining(advice);
  }

  private ServerConfig readAs(String id, String lines) throws IOException {
    Files.writeString(directory.resolve("myid"), id + "\n");
    return read(lines);
  }

  private ServerConfig read(String lines) throws IOException {
    return ServerConfig.read(write(lines));
  }

  private Path write(String lines) throws IOException {
    return Files.writeString(directory.resolve("quoll.cfg"), "dataDir=" + directory + "\n" + lines);
  }
}
