package io.quoll.server.tls;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files that a port has its certificates from.
 *
 * @param keys the private key, and its certificate with those that signed it
 * @param chain the certificates, if they are not with the private key
 * @param trust the certificates of those who may sign the other side's; none where nobody is asked
 *     for a certificate
 */
public record TlsFiles(StoreFile keys, Optional<StoreFile> chain, Optional<StoreFile> trust) {
  /** Tells one content of the files from another. */
  HashCode fingerprint() {
    List<StoreFile> files = new ArrayList<>(List.of(keys));
    chain.ifPresent(files::add);
    trust.ifPresent(files::add);
    Hasher hasher = Hashing.sha256().newHasher();
    for (StoreFile file : files) {
      try {
        hasher.putBytes(Files.readAllBytes(file.path()));
      } catch (IOException gone) {
        hasher.putLong(-1);
      }
    }
    return hasher.hash();
  }
}
