package io.pairbatch.results;

import io.pairbatch.job.JobFiles;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `preflight.json`: the result of the live request, including the model's text. Everything else that reports on a
/// preflight leaves the text out. Buffers the file: an answer has at most 4 MiB.
public final class PreflightFile {

    public static final String OUTCOME = "outcome";
    public static final String REASON = "reason";
    /// What all live requests of the job count as, in nano-USD.
    public static final String SPENT = "spent_nano_usd";

    private static final JsonMapper JSON = new JsonMapper();

    /// The fields that `summary.json` includes.
    private static final List<String> IN_SUMMARY = List.of(
            OUTCOME,
            REASON,
            "at",
            "request_id",
            "response_id",
            "model",
            "finish_reason",
            "winner",
            "duration_ms",
            "prompt_tokens",
            "completion_tokens",
            "total_tokens",
            "prompt_cached_tokens",
            "cache_creation_tokens",
            "reasoning_tokens",
            "cost_usd",
            "cost_basis");

    private PreflightFile() {}

    public static ObjectNode object() {
        return JSON.createObjectNode();
    }

    public static void write(JobStore store, ObjectNode preflight) throws IOException {
        try (Draft draft = store.create(JobFiles.PREFLIGHT)) {
            draft.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(preflight));
            draft.write('\n');
            draft.commit();
        }
    }

    /// Writes the property `preflight` of a summary, if the job had a preflight.
    public static void writeSummary(JobStore store, JsonGenerator json) throws IOException {
        Optional<JsonNode> preflight = read(store);
        if (preflight.isEmpty()) {
            return;
        }
        json.writeObjectPropertyStart("preflight");
        for (String name : IN_SUMMARY) {
            JsonNode value = preflight.get().path(name);
            json.writeName(name);
            if (value.isNumber()) {
                json.writeNumber(value.decimalValue().toPlainString());
            } else {
                json.writeString(value.asString(null));
            }
        }
        json.writeEndObject();
    }

    /// What a user should know about a preflight that decided nothing.
    public static Optional<String> notice(JobStore store) throws IOException {
        return read(store)
                .filter(preflight -> preflight.path(OUTCOME).asString("").equals(PreflightOutcome.UNDECIDED.name()))
                .map(preflight -> "the preflight decided nothing ("
                        + preflight.path(REASON).asString("") + "): the batches were sent without it");
    }

    /// What all live requests of the job count as, in nano-USD.
    public static long spent(JobStore store) throws IOException {
        return read(store).map(file -> file.path(SPENT).asLong(0)).orElse(0L);
    }

    /// Whether the file describes a request after which the job continued.
    public static boolean isSettled(JobStore store) throws IOException {
        String outcome =
                read(store).map(file -> file.path(OUTCOME).asString("")).orElse("");
        return outcome.equals(PreflightOutcome.PASSED.name()) || outcome.equals(PreflightOutcome.UNDECIDED.name());
    }

    private static Optional<JsonNode> read(JobStore store) throws IOException {
        Optional<InputStream> file = store.open(JobFiles.PREFLIGHT);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = file.get()) {
            return Optional.of(JSON.readTree(in));
        }
    }
}
