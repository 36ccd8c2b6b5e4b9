package io.quoll.integration.bench;

/**
 * What the process that puts the load on is asked to do; see {@link io.quoll.cli.bench.LoadPlan}.
 *
 * @param workload its name
 * @param histograms the file for what is measured second by second; empty for none
 */
record LoadRequest(
    String workload,
    int znodes,
    long leadInMillis,
    long measuredMillis,
    double rate,
    String histograms) {}
