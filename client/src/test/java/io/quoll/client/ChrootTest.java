package io.quoll.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChrootTest {
  private final FakeServer server = FakeServer.start(new FakeTree());
  private final QuollClient outside = QuollClient.open(ClientOptions.of(server.address()));
  private final QuollClient inside = QuollClient.open(ClientOptions.of(server.address() + "/app"));

  @BeforeEach
  void createChroot() {
    outside.create("/app", null, CreateMode.PERSISTENT);
  }

  @AfterEach
  void close() {
    inside.close();
    outside.close();
    server.close();
  }

  @Test
  void halfASurrogatePairBecomesACharacterThatIsNoName() {
    assertThat(new Chroot("").toTree("/a\ud800b")).isEqualTo("/a\uFFFDb");
    assertThat(new Chroot("/app").toTreeSequential("/a\udc00")).isEqualTo("/app/a\uFFFD");
    assertThat(new Chroot("").toTree("/a\ud83d\ude00")).isEqualTo("/a\ud83d\ude00");
  }

  @Test
  void theChrootCannotBeDeletedFromWithin() {
    assertThat(new Chroot("/app").toTreeDeleted("/")).isEqualTo("/");
    assertThat(new Chroot("/app").toTreeDeleted("/a")).isEqualTo("/app/a");
  }

  @Test
  void pathsAreRelativeToTheChrootBothWays() {
    Created created = inside.create("/a", null, CreateMode.PERSISTENT);
    Created numbered = inside.create("/", null, CreateMode.PERSISTENT_SEQUENTIAL);

    assertThat(created.path()).isEqualTo("/a");
    assertThat(numbered.path()).isEqualTo("/0000000001");
    assertThat(outside.exists("/app/a")).isPresent();
    assertThat(inside.countDescendants("/")).isEqualTo(2);
  }

  @Test
  void errorsNameThePathAsTheCallerKnowsIt() {
    QuollException failure =
        catchThrowableOfType(QuollException.class, () -> inside.data("/missing/x"));

    assertThat(failure.path()).contains("/missing/x");
    assertThat(failure).hasMessage("NO_NODE at /missing/x");
  }

  @Test
  void chrootDoesNotMakeAValidPathOfAnInvalidOne() {
    QuollException failure =
        catchThrowableOfType(
            QuollException.class, () -> inside.create("a", null, CreateMode.PERSISTENT));

    assertThat(failure.code()).isEqualTo(ErrorCode.BAD_ARGUMENTS);
    assertThat(failure.path()).contains("a");
  }

  @Test
  void pathsOutsideTheChrootStayAsTheyAre() {
    Chroot chroot = new Chroot("/app");

    assertThat(chroot.fromTree("/apple")).isEqualTo("/apple");
    assertThat(chroot.fromTree("/app")).isEqualTo("/");
    assertThat(chroot.toTree("/")).isEqualTo("/app");
  }

  @Test
  void theChrootItselfIsAmongThePathsThatBeginWithASlash() {
    Chroot chroot = new Chroot("/app");

    assertThat(chroot.toTreePrefix("")).isEqualTo("/app");
    assertThat(chroot.toTreePrefix("/")).isEqualTo("/app");
    assertThat(chroot.toTreePrefix("/a")).isEqualTo("/app/a");
    assertThat(chroot.covers("/app")).isTrue();
    assertThat(chroot.covers("/apple")).isFalse();
  }
}
