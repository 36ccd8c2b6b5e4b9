package io.quoll.statemachine.state;

import static io.quoll.statemachine.state.Permission.ADMIN;
import static io.quoll.statemachine.state.Permission.READ;
import static io.quoll.statemachine.state.Permission.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentitiesTest {
  private static final Identity ADA = new Identity("digest", "ada:strong", "ada:weak");
  private static final Identity BOB = Identity.of("digest", "bob:strong");
  private static final Identity CAROL = Identity.of("x509", "CN=carol,O=Quoll");
  private static final Identities AT_HOME =
      Identities.from(ByteString.copyFrom(new byte[] {10, 0, 0, 7}));

  @ParameterizedTest
  @EnumSource(Permission.class)
  void anyoneMayDoEverythingWhereTheAclIsOpen(Permission permission) {
    boolean may = Identities.NONE.may(permission, Acl.OPEN);

    assertThat(may).isTrue();
  }

  @Test
  void anyoneMayOnlyReadWhereTheAclIsReadable() {
    Acl acl = Acl.READABLE;

    assertThat(Identities.NONE.may(READ, acl)).isTrue();
    assertThat(Identities.of(ADA).may(WRITE, acl)).isFalse();
  }

  @Test
  void anIdentityMayWhatTheEntryThatNamesItAllows() {
    Acl acl = acl(entry(READ.bit() | ADMIN.bit(), "digest", "ada:strong"));

    assertThat(Identities.of(ADA).may(READ, acl)).isTrue();
    assertThat(Identities.of(ADA).may(WRITE, acl)).isFalse();
    assertThat(Identities.of(BOB).may(READ, acl)).isFalse();
    assertThat(Identities.NONE.may(READ, acl)).isFalse();
  }

  @Test
  void anIdentityIsNamedByItsAliasToo() {
    Acl acl = acl(entry(Permission.ALL, "digest", "ada:weak"));

    assertThat(Identities.of(ADA).may(WRITE, acl)).isTrue();
  }

  @Test
  void anEmptyAliasNamesNobody() {
    Acl acl = acl(entry(Permission.ALL, "digest", ""));

    assertThat(Identities.of(BOB).may(READ, acl)).isFalse();
  }

  @Test
  void theSameIdOfAnotherSchemeIsSomebodyElse() {
    Acl acl = acl(entry(Permission.ALL, "x509", "ada:strong"));

    assertThat(Identities.of(ADA).may(READ, acl)).isFalse();
  }

  @Test
  void permissionsOfSeveralEntriesAddUp() {
    Acl acl =
        acl(
            entry(READ.bit(), "world", "anyone"),
            entry(WRITE.bit(), "digest", "ada:strong"),
            entry(ADMIN.bit(), "x509", "CN=carol,O=Quoll"));

    Identities caller = Identities.of(ADA, CAROL);

    assertThat(caller.may(READ, acl)).isTrue();
    assertThat(caller.may(WRITE, acl)).isTrue();
    assertThat(caller.may(ADMIN, acl)).isTrue();
    assertThat(caller.may(Permission.DELETE, acl)).isFalse();
  }

  @Test
  void theSuperUserMayDoEverything() {
    Acl acl = acl(entry(READ.bit(), "digest", "bob:strong"));

    assertThat(Identities.of(Identity.SUPER).may(ADMIN, acl)).isTrue();
  }

  @Test
  void anAddressIsAmongTheRangesOfTheAcl() {
    Acl acl = acl(entry(READ.bit(), "ip", "10.0.0.0/24"));

    assertThat(AT_HOME.may(READ, acl)).isTrue();
    assertThat(Identities.NONE.may(READ, acl)).isFalse();
    assertThat(Identities.from(ByteString.copyFrom(new byte[] {10, 0, 1, 7})).may(READ, acl))
        .isFalse();
  }

  @Test
  void authStandsForAllThatTheCallerHasProved() {
    Identities caller = Identities.of(ADA, Identity.SUPER, CAROL);

    Acl settled = caller.settle(acl(entry(5, "auth", "whatever")), "/a");

    assertThat(settled)
        .isEqualTo(acl(entry(5, "digest", "ada:strong"), entry(5, "x509", "CN=carol,O=Quoll")));
  }

  @Test
  void authOfACallerWhoHasProvedNothingIsInvalid() {
    ThrowingCallable settling = () -> AT_HOME.settle(acl(entry(31, "auth", "")), "/a");

    assertRejected(settling, ErrorCode.INVALID_ACL);
  }

  @Test
  void authOfTheSuperUserAloneIsInvalid() {
    ThrowingCallable settling =
        () -> Identities.of(Identity.SUPER).settle(acl(entry(31, "auth", "")), "/a");

    assertRejected(settling, ErrorCode.INVALID_ACL);
  }

  @Test
  void anEntryThatIsGivenTwiceCountsOnce() {
    Acl.Entry entry = entry(1, "ip", "::1");

    Acl settled = Identities.NONE.settle(acl(entry, entry), "/a");

    assertThat(settled).isEqualTo(acl(entry));
  }

  @Test
  void anAclWithoutEntriesIsInvalid() {
    assertRejected(() -> Identities.NONE.settle(acl(), "/a"), ErrorCode.INVALID_ACL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "world anybody", "digest ada", "digest ada:b:c", "digest :", "digest ada:", "ip 10.0.0",
        "ip 10.0.0.0/40", "x509 carol", "x509 =carol", "sasl ada", "super x", "unknown x"
      })
  void anEntryThatIsNotWellFormedIsInvalid(String entry) {
    String scheme = entry.substring(0, entry.indexOf(' '));
    String id = entry.substring(entry.indexOf(' ') + 1);

    ThrowingCallable settling = () -> Identities.of(ADA).settle(acl(entry(1, scheme, id)), "/a");

    assertRejected(settling, ErrorCode.INVALID_ACL);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 32, 33, Integer.MIN_VALUE})
  void aPermissionThatIsUnknownIsInvalid(int permissions) {
    assertRejected(
        () -> Identities.of(ADA).settle(acl(entry(permissions, "world", "anyone")), "/a"),
        ErrorCode.INVALID_ACL);
    assertRejected(
        () -> Identities.of(ADA).settle(acl(entry(permissions, "auth", "")), "/a"),
        ErrorCode.INVALID_ACL);
  }

  @Test
  void anAclBeyondTheLimitIsRefused() {
    Acl large = acl(entry(1, "x509", "CN=" + "x".repeat(Acl.CHARACTERS_MAX)));

    assertRejected(() -> Identities.NONE.settle(large, "/a"), ErrorCode.LIMIT_EXCEEDED);
  }

  @Test
  void noHashOfAPasswordIsToldInARejection() {
    Acl acl = acl(entry(1, "digest", "ada:hash:hash"));

    assertThatThrownBy(() -> Identities.NONE.settle(acl, "/a"))
        .isInstanceOf(Rejection.class)
        .hasMessageNotContaining("hash");
  }

  @Test
  void maskingHidesTheHashesAndNothingElse() {
    Acl acl =
        acl(entry(1, "digest", "ada:secret"), entry(2, "ip", "::1"), entry(31, "world", "anyone"));

    Acl masked = acl.masked();

    assertThat(masked)
        .isEqualTo(
            acl(entry(1, "digest", "ada:x"), entry(2, "ip", "::1"), entry(31, "world", "anyone")));
  }

  @Test
  void provingTheSameTwiceAddsNothing() {
    Identities caller = Identities.of(ADA).and(ImmutableList.of(BOB, ADA));

    assertThat(caller.proved()).containsExactly(ADA, BOB);
  }

  // The model: a caller may if he is super, or if an entry allows it and is the world's or has one
  // of his names.
  @Test
  void decisionsAreThoseOfASimpleModel() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    ImmutableList<Permission> permissions = ImmutableList.copyOf(Permission.values());
    ImmutableList<Identity> people = ImmutableList.of(ADA, BOB, CAROL, Identity.SUPER);
    ImmutableList<String> names =
        ImmutableList.of(
            "world anyone",
            "digest ada:strong",
            "digest ada:weak",
            "digest bob:strong",
            "x509 CN=carol,O=Quoll",
            "ip 10.0.0.0/24",
            "ip 10.0.0.7",
            "ip 10.0.0.8",
            "ip ::/0");
    for (int i = 0; i < 20_000; i++) {
      ImmutableList<Identity> proved =
          people.stream()
              .filter(one -> random.nextInt(3) == 0)
              .collect(ImmutableList.toImmutableList());
      boolean atHome = random.nextBoolean();
      Identities caller = (atHome ? AT_HOME : Identities.NONE).and(proved);
      ImmutableList<Acl.Entry> entries =
          names.stream()
              .filter(name -> random.nextInt(4) == 0)
              .map(name -> entry(random.nextInt(32), name))
              .collect(ImmutableList.toImmutableList());
      Permission permission = permissions.get(random.nextInt(permissions.size()));

      boolean may = caller.may(permission, new Acl(entries));

      boolean expected = proved.contains(Identity.SUPER);
      for (Acl.Entry entry : entries) {
        boolean named =
            switch (entry.scheme() + " " + entry.id()) {
              case "world anyone" -> true;
              case "digest ada:strong", "digest ada:weak" -> proved.contains(ADA);
              case "digest bob:strong" -> proved.contains(BOB);
              case "x509 CN=carol,O=Quoll" -> proved.contains(CAROL);
              case "ip 10.0.0.0/24", "ip 10.0.0.7" -> atHome;
              default -> false;
            };
        expected |= named && (entry.permissions() & permission.bit()) != 0;
      }
      assertThat(may)
          .as("seed %d, %s, %s, %s", seed, caller, entries, permission)
          .isEqualTo(expected);
    }
  }

  private static void assertRejected(ThrowingCallable settling, ErrorCode code) {
    assertThatThrownBy(settling)
        .isInstanceOfSatisfying(
            Rejection.class,
            rejection -> {
              assertThat(rejection.code()).isEqualTo(code);
              assertThat(rejection.path()).isEqualTo("/a");
            });
  }

  private static Acl acl(Acl.Entry... entries) {
    return new Acl(ImmutableList.copyOf(entries));
  }

  private static Acl.Entry entry(int permissions, String scheme, String id) {
    return new Acl.Entry(permissions, scheme, id);
  }

  private static Acl.Entry entry(int permissions, String schemeAndId) {
    int space = schemeAndId.indexOf(' ');
    return entry(permissions, schemeAndId.substring(0, space), schemeAndId.substring(space + 1));
  }
}
