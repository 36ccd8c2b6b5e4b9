package io.quoll.integration.bench;

import com.google.common.collect.ImmutableList;

/** What came of a plan. */
record Results(ImmutableList<Comparison> workloads, ImmutableList<FigureComparison> scenarios) {}
