package io.quoll.server.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableSet;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Identity;
import io.quoll.statemachine.state.Rejection;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {
  /** Of "ada:secret", as openssl computes them. */
  private static final String STRONG = "ada:{SHA-256}elfImzR3oTMXvA04EYIC+dNumARUfM8Y51N1TgQeCu4=";

  private static final String WEAK = "ada:VTFFY3p38X0IKhZgzUit6nGpbgY=";

  private final Authentication open = new Authentication(Authentication.Settings.OPEN);

  private static Authentication with(Optional<String> superDigest, String... enforced) {
    return new Authentication(
        new Authentication.Settings(
            superDigest, DigestForm.SHA_256, ImmutableSet.copyOf(enforced)));
  }

  private static Identities prove(Authentication authentication, String credentials) {
    return authentication.prove(
        Identities.NONE, Identity.DIGEST, ByteString.copyFromUtf8(credentials));
  }

  @Test
  void aUserWithAPasswordIsKnownByBothFormsOfHisDigest() {
    assertThat(prove(open, "ada:secret").proved())
        .containsExactly(new Identity(Identity.DIGEST, STRONG, WEAK));
  }

  @Test
  void theFormThatIsConfiguredIsTheId() {
    Authentication zooKeepers =
        new Authentication(
            new Authentication.Settings(Optional.empty(), DigestForm.SHA_1, ImmutableSet.of()));

    assertThat(prove(zooKeepers, "ada:secret").proved())
        .containsExactly(new Identity(Identity.DIGEST, WEAK, STRONG));
  }

  @Test
  void aPasswordMayBeEmptyAndHaveColons() {
    assertThat(prove(open, "ada:").proved()).hasSize(1);
    assertThat(prove(open, "ada:a:b").proved().get(0).user()).isEqualTo("ada");
  }

  @Test
  void whatIsProvedIsAddedToWhatIsKnownAndTwiceIsOnce() {
    Identities ada = prove(open, "ada:secret");

    Identities both = open.prove(ada, Identity.DIGEST, ByteString.copyFromUtf8("bob:x"));
    Identities again = open.prove(both, Identity.DIGEST, ByteString.copyFromUtf8("ada:secret"));

    assertThat(both.proved()).extracting(Identity::user).containsExactly("ada", "bob");
    assertThat(again).isEqualTo(both);
  }

  @ParameterizedTest
  @ValueSource(strings = {STRONG, WEAK})
  void superIsWhoHasThePasswordOfTheDigestThatIsConfigured(String digest) {
    Authentication withSuper = with(Optional.of(digest));

    Identities proved = prove(withSuper, "ada:secret");

    assertThat(proved.isSuper()).isTrue();
    assertThat(proved.proved()).extracting(Identity::scheme).containsExactly("super", "digest");
    assertThat(prove(withSuper, "ada:guess").isSuper()).isFalse();
    assertThat(prove(withSuper, "bob:secret").isSuper()).isFalse();
    assertThat(prove(withSuper, digest).isSuper()).isFalse();
    assertThat(prove(open, "ada:secret").isSuper()).isFalse();
  }

  @Test
  void thePasswordOfSuperIsKnownFromAnyOther() {
    Authentication withSuper = with(Optional.of(STRONG));

    assertThat(withSuper.hasSuperPassword()).isTrue();
    assertThat(withSuper.isSuper(ByteString.copyFromUtf8("ada:secret"))).isTrue();
    assertThat(withSuper.isSuper(ByteString.copyFromUtf8("ada:secret "))).isFalse();
    assertThat(withSuper.isSuper(ByteString.copyFromUtf8("ada"))).isFalse();
    assertThat(withSuper.isSuper(ByteString.EMPTY)).isFalse();
    assertThat(open.hasSuperPassword()).isFalse();
    assertThat(open.isSuper(ByteString.copyFromUtf8("ada:secret"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ada", ":secret", ":"})
  void whatIsNoUserWithAPasswordFails(String credentials) {
    assertFails(() -> prove(open, credentials), ErrorCode.AUTH_FAILED, "user:password");
  }

  @Test
  void credentialsThatAreNoTextOrTooLongFailAndAreNotTold() {
    ByteString noText = ByteString.copyFromUtf8("ada:").concat(bytes(0xff));
    String tooLong = "ada:" + "s".repeat(Authentication.CREDENTIALS_BYTES_MAX - 3);

    assertFails(
        () -> open.prove(Identities.NONE, Identity.DIGEST, noText), ErrorCode.AUTH_FAILED, "UTF-8");
    assertThatThrownBy(() -> prove(open, tooLong))
        .isInstanceOf(Rejection.class)
        .hasMessageContaining("1024")
        .hasMessageNotContaining("sss");
    assertThat(prove(open, tooLong.substring(1)).proved()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sasl", "super", "world", "auth", "DIGEST"})
  void aSchemeThatCannotBeProvedFails(String scheme) {
    ByteString credentials = ByteString.copyFromUtf8("ada:secret");

    assertFails(
        () -> open.prove(Identities.NONE, scheme, credentials),
        ErrorCode.AUTH_FAILED,
        "the scheme \"" + scheme + "\" is unknown");
  }

  @Test
  void anAddressAddsNothingAndACertificateIsShownByTheConnectionOrNever() {
    Identities certified = Identities.of(Identity.of(Identity.X509, "CN=ada"));

    assertThat(open.prove(certified, Identity.IP, ByteString.EMPTY)).isEqualTo(certified);
    assertThat(open.prove(certified, Identity.X509, ByteString.EMPTY)).isEqualTo(certified);
    assertFails(
        () -> open.prove(Identities.NONE, Identity.X509, ByteString.copyFromUtf8("CN=ada")),
        ErrorCode.AUTH_FAILED,
        "certificate");
  }

  @Test
  void aSessionProvesNoMoreThanTheMostIdentities() {
    Identities proved = Identities.NONE;
    for (int i = 0; i < Authentication.IDENTITIES_MAX; i++) {
      proved = open.prove(proved, Identity.DIGEST, ByteString.copyFromUtf8("user" + i + ":x"));
    }
    Identities most = proved;

    assertFails(
        () -> open.prove(most, Identity.DIGEST, ByteString.copyFromUtf8("one-more:x")),
        ErrorCode.AUTH_FAILED,
        "at most 100");
  }

  @Test
  void everyoneIsServedUnlessProofIsEnforced() {
    assertThatCode(() -> open.requireServed(Identities.NONE)).doesNotThrowAnyException();
  }

  @Test
  void whereProofIsEnforcedOnlyWhoProvedOneOfTheSchemesIsServed() {
    Authentication either = with(Optional.empty(), "digest", "x509");
    Authentication certificate = with(Optional.of(STRONG), "x509");
    Identities user = prove(certificate, "bob:x");
    Identities address = Identities.from(ByteString.copyFrom(new byte[] {10, 0, 0, 1}));

    assertThatCode(() -> either.requireServed(user)).doesNotThrowAnyException();
    assertFails(() -> either.requireServed(address), ErrorCode.AUTH_REQUIRED, "digest or x509");
    assertFails(() -> certificate.requireServed(user), ErrorCode.AUTH_REQUIRED, "by x509");
    assertThatCode(() -> certificate.requireServed(prove(certificate, "ada:secret")))
        .doesNotThrowAnyException(); // Super.
  }

  @Test
  void settingsTellNoDigest() {
    Authentication.Settings settings =
        new Authentication.Settings(Optional.of(STRONG), DigestForm.SHA_256, ImmutableSet.of());

    assertThat(settings.toString()).contains("(set)").doesNotContain(STRONG.substring(4));
  }

  private static ByteString bytes(int value) {
    return ByteString.copyFrom(new byte[] {(byte) value});
  }

  private static void assertFails(Runnable request, ErrorCode code, String told) {
    assertThatThrownBy(request::run)
        .isInstanceOfSatisfying(
            Rejection.class, rejection -> assertThat(rejection.code()).isEqualTo(code))
        .hasMessageContaining(told);
  }
}
