package io.quoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertsVerbTest {
  @TempDir Path folder;

  @Test
  void aSetForATrialIsMadeWithPrivateKeys() throws Exception {
    Run run = certs("one,one.example.net,10.0.0.1", "two");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualTo(
            """
            Made %1$s/ca.pem
            Made %1$s/ca-key.pem
            Made %1$s/one.pem
            Made %1$s/two.pem
            Made %1$s/client.pem
            """
                .formatted(folder));
    assertThat(permissions("ca.pem")).isEqualTo("rw-r--r--");
    assertThat(permissions("ca-key.pem")).isEqualTo("rw-------");
    assertThat(permissions("one.pem")).isEqualTo("rw-------");
    X509Certificate authority = certificate("ca.pem");
    for (String each : List.of("one.pem", "two.pem", "client.pem")) {
      certificate(each).verify(authority.getPublicKey());
      certificate(each).checkValidity();
    }
    assertThat(certificate("one.pem").getSubjectAlternativeNames())
        .extracting(name -> name.get(1).toString())
        .containsExactly("one", "one.example.net", "10.0.0.1");
    assertThat(certificate("client.pem").getSubjectX500Principal().getName())
        .isEqualTo("CN=client");
    assertThat(certificate("client.pem").getExtendedKeyUsage()).hasSize(1);
  }

  @Test
  void moreAreMadeByTheSameAuthorityAndNothingIsOverwritten() throws Exception {
    certs("one");
    byte[] first = Files.readAllBytes(folder.resolve("one.pem"));

    Run again = certs("one");
    Run another = certs("two");
    Run client = certs("--client", "ada");

    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains(folder + "/one.pem exists, and nothing is overwritten");
    assertThat(Files.readAllBytes(folder.resolve("one.pem"))).isEqualTo(first);
    assertThat(another.out()).isEqualTo("Made " + folder + "/two.pem\n");
    assertThat(client.out()).isEqualTo("Made " + folder + "/ada.pem\n");
    certificate("two.pem").verify(certificate("ca.pem").getPublicKey());
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThat(certs().err()).contains("name the servers, or a client by --client");
    assertThat(certs("two words").err()).contains("is neither a host name nor an address");
    assertThat(certs("--days", "0", "one").err()).contains("--days takes a number from 1 to 3650");
    assertThat(certs("--client", "a/b", "one").err()).contains("\"a/b\" is no name");
    assertThat(folder).isEmptyDirectory();
  }

  private Run certs(String... words) {
    String[] all = new String[words.length + 3];
    all[0] = "certs";
    all[1] = "--dir";
    all[2] = folder.toString();
    System.arraycopy(words, 0, all, 3, words.length);
    return Run.script("", all);
  }

  private String permissions(String file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file)));
  }

  private X509Certificate certificate(String file) throws IOException, GeneralSecurityException {
    String text = Files.readString(folder.resolve(file));
    String own = text.substring(text.indexOf("-----BEGIN CERTIFICATE-----"));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(own.getBytes(StandardCharsets.US_ASCII)));
  }
}
