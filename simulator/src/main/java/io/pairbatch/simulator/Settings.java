package io.pairbatch.simulator;

import io.pairbatch.simulator.batch.BatchSettings;
import io.pairbatch.simulator.http.Tls;
import io.pairbatch.simulator.judge.JudgeSettings;
import io.pairbatch.simulator.openai.Service;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All settings from the command line.
///
/// @param service the service to simulate with OpenAI's API
/// @param keys the accepted API keys
/// @param tls null for plain HTTP
record Settings(
        String bind,
        int port,
        Path data,
        Service service,
        Set<String> keys,
        long seed,
        long latencyMillis,
        @Nullable Path faults,
        @Nullable Tls tls,
        BatchSettings batch,
        JudgeSettings judge) {}
