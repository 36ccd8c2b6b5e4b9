package io.quoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.client.Acl;
import io.quoll.client.ClientOptions;
import io.quoll.client.CreateMode;
import io.quoll.client.Credentials;
import io.quoll.client.QuollClient;
import io.quoll.client.Write;
import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AclVerbsTest {
  private static final String ADA = "digest:ada:love lace";
  private static final String ADA_ID = Credentials.parse("ada:love lace").digestId();

  private final FakeServer server = FakeServer.start(new FakeTree(), 3);

  @TempDir Path folder;

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void getAclPrintsEachEntryAsZooKeeperDoes() {
    run("create", "/a", "x", "world:anyone:arc,ip:2001:db8::/32:wd");

    assertThat(run("getAcl", "/a"))
        .isEqualTo(new Run(0, "'world,'anyone\n: cra\n'ip,'2001:db8::/32\n: dw\n", ""));
    assertThat(run("getAcl", "-s", "/a").out())
        .startsWith("'world,'anyone\n: cra\n")
        .contains("cZxid = 0x1\n", "aclVersion = 0\n");
    assertThat(run("create", "/open").exitCode()).isZero();
    assertThat(run("getAcl", "/open").out()).isEqualTo("'world,'anyone\n: cdrwa\n");
  }

  @Test
  void setAclIsSilentUnlessAskedForTheStat() {
    run("create", "/a");

    assertThat(run("setAcl", "/a", "world:anyone:cdra")).isEqualTo(new Run(0, "", ""));
    assertThat(run("setAcl", "-s", "-v", "1", "/a", "world:anyone:ra").out())
        .contains("aclVersion = 2\n", "dataVersion = 0\n");
    assertThat(run("getAcl", "/a").out()).isEqualTo("'world,'anyone\n: ra\n");
  }

  @Test
  void recursiveSetAclReachesAllBelowEvenIfItTakesTheRightToRead() {
    for (String path : new String[] {"/a", "/a/b", "/a/b/c", "/a/d", "/z"}) {
      run("create", path);
    }
    for (int i = 0; i < 200; i++) {
      run("create", "/a/b/c/" + i);
    }

    Run set = run("-o", "json", "setAcl", "-R", "/a", "world:anyone:a");

    assertThat(set).isEqualTo(new Run(0, "{\"path\":\"/a\",\"set\":204}\n", ""));
    for (String path : new String[] {"/a", "/a/b", "/a/b/c/199", "/a/d"}) {
      assertThat(run("getAcl", path).out()).isEqualTo("'world,'anyone\n: a\n");
    }
    assertThat(run("getAcl", "/z").out()).isEqualTo("'world,'anyone\n: cdrwa\n");
  }

  @Test
  void recursiveSetAclTellsTheZnodeThatItMayNotChange() {
    run("create", "/a");
    run("create", "/a/b", "x", "world:anyone:r");

    assertThat(run("setAcl", "-R", "/a", "world:anyone:ra"))
        .isEqualTo(new Run(1, "", "Insufficient permission : /a/b\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "getAcl /no, Node does not exist: /no",
    "setAcl /no world:anyone:r, Node does not exist: /no",
    "setAcl -R /no world:anyone:r, Node does not exist: /no",
    "setAcl -v 7 /p world:anyone:r, version No is not valid : /p",
    "setAcl /p auth::r, Acl is not valid : /p",
    "create /q x auth::r, Acl is not valid : /q",
    "set /p x, Insufficient permission : /p",
    "create /p/c, Insufficient permission : /p/c",
    "setAcl /p ada, ada does not have the form scheme:id:perm",
    "'setAcl /p world:anyone:', 'world:anyone: does not have the form scheme:id:perm'",
    "'setAcl /p world:anyone:r,', ' does not have the form scheme:id:perm'",
    "setAcl /p world:anyone:rx, Unknown perm type: x in world:anyone:rx",
    "getAcl, getAcl [-s] path",
    "setAcl /p, setAcl [-s] [-v version] [-R] path acl",
    "whoami /, whoami",
    "addauth digest, addauth scheme auth",
    "addauth digest secret, credentials have the form user:password",
    "addauth digest :secret, credentials have the form user:password",
    "addauth -x secret, 'the scheme is digest; connections tell of addresses, and --cert of"
        + " certificates\naddauth scheme auth'"
  })
  void errorsHaveZooKeepersWords(String command, String text) {
    run("create", "/p", "x", "world:anyone:ra");

    assertThat(run(command.split(" "))).isEqualTo(new Run(1, "", text + "\n"));
  }

  @Test
  void namesOfCertificatesMayHaveCommas() {
    run("create", "/a", "x", "x509:CN=ada,O=Quoll:cdrwa,world:anyone:r");

    assertThat(run("-o", "json", "getAcl", "/a").out())
        .contains(
            "\"id\":\"CN=ada,O=Quoll\"", "\"permissions\":\"cdrwa\"", "\"permissions\":\"r\"");
  }

  @Test
  void addauthCountsFromItsLineOnInShellsAndScripts() throws IOException {
    String lines =
        """
        whoami
        addauth digest 'ada:love lace'
        create /mine x auth::cdrwa
        get /mine
        create -e /e x auth::cdrwa
        get /e
        whoami
        """;
    String out =
        """
        Auth scheme: User
        ip: 127.0.0.1
        x
        x
        Auth scheme: User
        ip: 127.0.0.1
        digest: ada
        """;
    Path script = Files.writeString(folder.resolve("script"), lines);

    assertThat(run("-f", script.toString()))
        .isEqualTo(new Run(0, out, "Created /mine\nCreated /e\n"));
    assertThat(run("get", "/mine")).isEqualTo(new Run(1, "", "Insufficient permission : /mine\n"));
    deleteMine();
    assertThat(Run.script(lines, "-server", server.address()))
        .isEqualTo(new Run(0, out, "Created /mine\nCreated /e\n"));
    assertThat(runAs(ADA, "getAcl", "/mine").out()).isEqualTo("'digest,'" + ADA_ID + "\n: cdrwa\n");
  }

  private void deleteMine() {
    try (QuollClient client = QuollClient.open(ClientOptions.of(server.address()))) {
      client.delete("/mine", Write.ANY_VERSION);
    }
  }

  @Test
  void credentialsStandInNoHistory() {
    Run run =
        Run.script(
            "addauth digest ada:secret\n 'addauth' digest\\ secret\nhistory\nredo 0\n",
            "-server",
            server.address());

    assertThat(run.out()).isEqualTo("0 - addauth ***\n1 -  'addauth' ***\n2 - history\n");
    assertThat(run.err()).isEqualTo("addauth scheme auth\naddauth scheme auth\n");
  }

  @Test
  void wordsOfOneCommandWarnThatTheyCanBeSeen() {
    Run run = run("addauth", "digest", "ada:secret");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("others can read it").doesNotContain("secret");
  }

  @Test
  void commandsShowTheCredentialsOfAFileOrOfTheEnvironment() throws IOException {
    createForAda();
    Path file = authFile("rw-------", "# who I am\n\n" + ADA + "\ndigest:bob:b\n");

    assertThat(run("get", "/mine").exitCode()).isEqualTo(1);
    assertThat(run("--auth-file", file.toString(), "get", "/mine").out()).isEqualTo("x\n");
    assertThat(run("--auth-file", file.toString(), "whoami").out())
        .isEqualTo("Auth scheme: User\nip: 127.0.0.1\ndigest: ada\ndigest: bob\n");
    assertThat(run("--auth-file", file.toString(), "create", "-e", "/mine/e").exitCode()).isZero();
    assertThat(runAs(ADA, "get", "/mine").out()).isEqualTo("x\n");
    assertThat(runAs("digest:eve:e\n" + ADA, "-o", "json", "whoami").out())
        .contains("{\"identities\":[", "\"user\":\"ada\"", "\"user\":\"eve\"");
    assertThat(runAs("digest:eve:e", "--auth-file", file.toString(), "whoami").out())
        .doesNotContain("eve");
  }

  @Test
  void shellsShowThemToEachServer() throws IOException {
    createForAda();
    Path file = authFile("rw-------", ADA);

    Run run =
        Run.script(
            "get /mine\nconnect " + server.address() + "\nget /mine\n",
            "-server",
            server.address(),
            "--auth-file",
            file.toString());

    assertThat(run).isEqualTo(new Run(0, "x\nx\n", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "rw-r-----, digest:ada:secret, chmod 600",
    "rw-----w-, digest:ada:secret, chmod 600",
    "rw-------, ada:secret, 'auth, line 1: must be digest:user:password'",
    "rw-------, digest:secret, 'auth, line 1: must be digest:user:password'",
  })
  void unusableFilesAreRefusedWithoutAWordOfWhatIsInThem(
      String permissions, String content, String why) throws IOException {
    Path file = authFile(permissions, content);

    Run run = run("--auth-file", file.toString(), "whoami");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(why).doesNotContain("secret");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void missingFilesAndMalformedVariablesAreToldOf() {
    assertThat(run("--auth-file", folder.resolve("no").toString(), "whoami").err())
        .startsWith("no such file: ");
    assertThat(runAs("secret", "whoami").err())
        .startsWith("QUOLL_AUTH, line 1: must be digest:user:password\n")
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "AUTH_FAILED, Authentication failed : ",
    "AUTH_REQUIRED, Authentication is required : "
  })
  void refusedCredentialsAreToldOf(String reason, String text) {
    server.refuse(reason);

    Run run = runAs("digest:ada:secret", "-timeout", "1000", "whoami");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith(text).doesNotContain("secret");
  }

  private void createForAda() {
    try (QuollClient client =
        QuollClient.open(
            ClientOptions.of(server.address())
                .withCredentials(ImmutableList.of(Credentials.parse("ada:love lace"))))) {
      var unused =
          client.create(
              "/mine",
              ByteString.copyFromUtf8("x"),
              CreateMode.PERSISTENT,
              Duration.ZERO,
              Acl.CREATOR_ALL);
    }
  }

  private Path authFile(String permissions, String content) throws IOException {
    Path file = Files.writeString(folder.resolve("auth"), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private Run run(String... args) {
    return Run.at(server.address(), args);
  }

  private Run runAs(String credentials, String... args) {
    return Run.in(
        Map.of("QUOLL_AUTH", credentials),
        "".getBytes(StandardCharsets.UTF_8),
        Stream.concat(Stream.of("-server", server.address()), Stream.of(args))
            .toArray(String[]::new));
  }
}
