package io.quoll.statemachine.store;

import java.nio.charset.StandardCharsets;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;

/** The column families of {@link RocksStore}, in the order in which they are opened. */
enum RocksFamily {
  DEFAULT("default"),
  ZNODES("znodes"),
  DATA("data"),
  SESSIONS("sessions"),
  HISTORY("history");

  private final String name;

  RocksFamily(String name) {
    this.name = name;
  }

  ColumnFamilyDescriptor descriptor(ColumnFamilyOptions options) {
    return new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.UTF_8), options);
  }
}
