package io.quoll.cli.certs;

import com.google.common.collect.ImmutableList;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * A folder with certificates for a trial: an authority in {@code ca.pem} with its key in {@code
 * ca-key.pem}, and a file for each server and client that holds its key and its certificate. Only
 * their owner may read the keys. Nothing is ever overwritten.
 */
public final class CertificateFolder {
  private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
  private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
  private static final FileAttribute<Set<PosixFilePermission>> SECRET =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OPEN =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));

  private final Path folder;
  private final Instant now;

  /** The folder {@code folder}, at {@code now}. */
  public CertificateFolder(Path folder, Instant now) {
    this.folder = folder;
    this.now = now;
  }

  /** Whether there is an authority, which signs what is made from now on. */
  public boolean hasAuthority() {
    return Files.exists(folder.resolve("ca.pem")) && Files.exists(folder.resolve("ca-key.pem"));
  }

  /**
   * Makes certificates, and the authority if there is none yet.
   *
   * @param servers for each server the hosts that it is reached at, of which the first names it
   * @param clients the names of clients
   * @param life how long the certificates are valid
   * @return the files that were made
   * @throws IOException if one is there already, or cannot be written, with a message that says so
   */
  public ImmutableList<Path> issue(
      List<ImmutableList<String>> servers, List<String> clients, Duration life) throws IOException {
    Files.createDirectories(folder, FOLDER);
    List<Path> wanted = new ArrayList<>();
    servers.forEach(hosts -> wanted.add(file(hosts.get(0))));
    clients.forEach(client -> wanted.add(file(client)));
    for (Path path : wanted) {
      requireAbsent(path);
    }
    ImmutableList.Builder<Path> made = ImmutableList.builder();
    CertificateAuthority authority = authority(made);
    Instant from = now.minus(Duration.ofHours(1)); // Clocks differ.
    Instant until = now.plus(life);
    for (ImmutableList<String> hosts : servers) {
      Issued issued = authority.server(hosts.get(0), hosts, from, until);
      made.add(write(file(hosts.get(0)), issued.pem(), SECRET));
    }
    for (String client : clients) {
      made.add(write(file(client), authority.client(client, from, until).pem(), SECRET));
    }
    return made.build();
  }

  private Path file(String name) {
    return folder.resolve(name.replace(':', '_') + ".pem");
  }

  private CertificateAuthority authority(ImmutableList.Builder<Path> made) throws IOException {
    Path certificate = folder.resolve("ca.pem");
    Path key = folder.resolve("ca-key.pem");
    if (hasAuthority()) {
      return read(certificate, key);
    }
    requireAbsent(certificate);
    requireAbsent(key);
    CertificateAuthority authority =
        CertificateAuthority.create(
            "Quoll trial " + now.getEpochSecond(),
            now.minus(Duration.ofHours(1)),
            now.plus(AUTHORITY_LIFE));
    made.add(write(certificate, authority.own().certificatesPem(), OPEN));
    made.add(write(key, authority.own().keyPem(), SECRET));
    return authority;
  }

  private static CertificateAuthority read(Path certificate, Path key) throws IOException {
    try {
      X509Certificate own =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(certificate)));
      byte[] encoded =
          Base64.getMimeDecoder()
              .decode(
                  Files.readString(key, StandardCharsets.US_ASCII).replaceAll("(?m)^-----.*$", ""));
      PrivateKey signer =
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
      return new CertificateAuthority(signer, own);
    } catch (GeneralSecurityException | IllegalArgumentException garbled) {
      throw new IOException(
          certificate + " and " + key + " are no authority that this tool has made", garbled);
    }
  }

  private static void requireAbsent(Path path) throws IOException {
    if (Files.exists(path)) {
      throw new IOException(path + " exists, and nothing is overwritten");
    }
  }

  private static Path write(
      Path path, String text, FileAttribute<Set<PosixFilePermission>> permissions)
      throws IOException {
    try (var channel =
        Files.newByteChannel(
            path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions)) {
      channel.write(StandardCharsets.US_ASCII.encode(text));
    } catch (FileAlreadyExistsException raced) {
      throw new IOException(path + " exists, and nothing is overwritten", raced);
    }
    return path;
  }
}
