package io.pairbatch.simulator.http;

import io.pairbatch.simulator.batch.BatchRunner;
import io.pairbatch.simulator.batch.BatchSettings;
import io.pairbatch.simulator.batch.BatchStore;
import io.pairbatch.simulator.store.FileStore;
import io.pairbatch.simulator.store.Journal;
import io.pairbatch.simulator.store.SimulatedClock;
import java.util.Set;

/// What the providers' APIs share.
///
/// @param keys the accepted API keys
public record Shared(
        Set<String> keys,
        BatchSettings settings,
        FileStore files,
        BatchStore batches,
        BatchRunner runner,
        Journal journal,
        SimulatedClock clock,
        Handling handling,
        Live live) {}
