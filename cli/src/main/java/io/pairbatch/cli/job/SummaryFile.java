package io.pairbatch.cli.job;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.GivenFile;
import io.pairbatch.job.Version;
import io.pairbatch.results.Tallies;
import io.pairbatch.spec.Filing;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A job's `summary.json`, of this version or an older one, which says less.
///
/// @param name where it was found, for messages
public record SummaryFile(String name, ObjectNode json) {

    /// A page or two, a template of 1 MiB three times, and a line for each segment.
    private static final int MOST_BYTES = 64 << 20;

    /// The table that a job was made of.
    ///
    /// @param sha256 null if the summary does not say it
    public record Table(
            String name,
            @Nullable String sha256,
            String bucket,
            String key,
            @Nullable String version) {}

    /// What a job has sent and cost.
    ///
    /// @param requests that the provider has worked on, with an answer or without one
    /// @param costUsd of the answers whose price is known
    /// @param unpriced answers whose price is not known
    public record Bill(long requests, long promptTokens, long completionTokens, BigDecimal costUsd, long unpriced) {

        public static final Bill NOTHING = new Bill(0, 0, 0, BigDecimal.ZERO, 0);

        /// The sum of both.
        public Bill plus(Bill more) {
            return new Bill(
                    requests + more.requests,
                    promptTokens + more.promptTokens,
                    completionTokens + more.completionTokens,
                    costUsd.add(more.costUsd),
                    unpriced + more.unpriced);
        }

        /// The same of a job that nothing was paid for.
        public Bill unpaid() {
            return new Bill(requests, promptTokens, completionTokens, BigDecimal.ZERO, 0);
        }
    }

    /// Reads a file on disk; of a folder its `summary.json`.
    public static SummaryFile of(Path path) throws IOException {
        Path file = Files.isDirectory(path) ? path.resolve("summary.json") : path;
        GivenFile.check(file, "Give the summary.json of a job that is done, or the folder of its results.");
        try (InputStream in = Files.newInputStream(file)) {
            return of(file.toString(), in);
        }
    }

    /// Reads a summary; holds it in memory.
    public static SummaryFile of(String name, InputStream in) throws IOException {
        try {
            if (Json.MAPPER.readTree(in.readNBytes(MOST_BYTES)) instanceof ObjectNode json
                    && json.path("conservation").isObject()
                    && json.path("job").isObject()) {
                return new SummaryFile(name, json);
            }
        } catch (JacksonException e) {
            throw noSummary(name, "JSON that cannot be read");
        }
        throw noSummary(name, "other JSON");
    }

    private static CliException noSummary(String name, String found) {
        return CliException.refused(
                name + " is no summary of a job: it holds " + found + ".",
                "Give the summary.json of a job that is done, or the folder of its results.");
    }

    public String jobId() {
        return text(json, "job_id");
    }

    /// What each of several judges has judged and cost, filed as their job is; empty of a job of one model.
    public List<SummaryFile> judges() {
        return json.path("judges")
                .valueStream()
                .filter(JsonNode::isObject)
                .map(judge -> {
                    ObjectNode own = ((ObjectNode) judge).deepCopy();
                    own.set("study", json.path("study"));
                    own.set("labels", json.path("labels"));
                    return new SummaryFile(name, own);
                })
                .toList();
    }

    /// The judge's name, of one of several.
    public String judge() {
        return text(json, "name");
    }

    public String backend() {
        return text(json, "backend");
    }

    public String model() {
        return text(json, "model_requested");
    }

    /// Whether the simulator answered, so that nothing was paid.
    public boolean simulated() {
        return json.path("simulated").asBoolean(false);
    }

    /// The version that put it together, with its commit if it says it.
    public String madeBy() {
        return Version.told(text(json, "pairbatch_version"), text(json, "pairbatch_commit"));
    }

    /// Where the job was filed.
    public Filing filing() {
        Map<String, String> labels = new LinkedHashMap<>();
        json.path("labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asString("")));
        return new Filing(text(json, "study"), labels);
    }

    /// The table.
    public Table table() {
        JsonNode source = json.path("job").path("source");
        JsonNode table = json.path("table").isObject() ? json.path("table") : source;
        String key = text(source, "key");
        return new Table(
                key.substring(key.lastIndexOf('/') + 1),
                table.path("sha256").asString(null),
                text(source, "bucket"),
                key,
                source.path("version").asString(null));
    }

    /// The fields of a job that judges the same in the same way; of an older version's summary only what the job set.
    public ObjectNode fields() {
        if (json.path("resolved") instanceof ObjectNode resolved) {
            return resolved.deepCopy();
        }
        ObjectNode spec = (ObjectNode) json.path("job").path("spec");
        return json.path("policy").path("spec") instanceof ObjectNode policy
                ? JobSpecJson.with(spec, policy)
                : spec.deepCopy();
    }

    /// What each request held but its prompt and its id; a missing node in an older version's summary.
    public JsonNode request() {
        return json.path("judge").path("request");
    }

    /// The service that was asked; null if the summary does not say it.
    public @Nullable String service() {
        return json.path("judge").path("service").asString(null);
    }

    /// What the job has sent and cost, its live request included.
    public Bill bill() {
        List<SummaryFile> judges = judges();
        if (!judges.isEmpty()) {
            return judges.stream().map(SummaryFile::bill).reduce(Bill.NOTHING, Bill::plus);
        }
        JsonNode results = json.path("results");
        JsonNode tokens = results.path("tokens");
        JsonNode preflight = json.path("preflight");
        // A live request that was refused, or whose answer was lost, has no model.
        boolean asked = preflight.path("model").isString();
        return new Bill(
                sent(results) + (asked ? 1 : 0),
                tokens.path("prompt").asLong(0)
                        + number(preflight, "prompt_tokens").longValue(),
                tokens.path("completion").asLong(0)
                        + number(preflight, "completion_tokens").longValue(),
                number(results, "cost_usd").add(number(preflight, "cost_usd")),
                results.path("unpriced_answers").asLong(0)
                        + (asked && !preflight.path("cost_usd").isNumber() ? 1 : 0));
    }

    /// The same, by what it was paid for. An older version's summary has no attempts, or no waste.
    public Spending spending() {
        List<Spending> judges = judges().stream().map(SummaryFile::spending).toList();
        if (!judges.isEmpty()) {
            return Spending.sum(judges, simulated());
        }
        JsonNode results = json.path("results");
        return new Spending(
                bill(),
                json.path("attempts")
                        .valueStream()
                        .map(attempt -> Optional.of(attempt.path("cost_usd"))
                                .filter(JsonNode::isNumber)
                                .map(JsonNode::decimalValue))
                        .toList(),
                number(json.path("preflight"), "cost_usd"),
                number(results, "waste_usd"),
                simulated());
    }

    /// Requests that the provider has worked on; a pair that was sent again counts each time. An older version's
    /// summary
    /// has only the pairs of batches that were created, and an even older one no attempts.
    private long sent(JsonNode results) {
        if (results.path("requests").isNumber()) {
            return results.path("requests").longValue();
        }
        JsonNode attempts = json.path("attempts");
        return attempts.isEmpty()
                ? sentOnce(results)
                : attempts.valueStream().mapToLong(SummaryFile::sentOnce).sum();
    }

    private static long sentOnce(JsonNode counts) {
        Map<String, Long> failed = new LinkedHashMap<>();
        counts.path("failed_by_code")
                .properties()
                .forEach(code -> failed.put(code.getKey(), code.getValue().asLong(0)));
        return Tallies.sent(counts.path("pairs").asLong(0), failed);
    }

    private static BigDecimal number(JsonNode object, String name) {
        return object.path(name).isNumber() ? object.path(name).decimalValue() : BigDecimal.ZERO;
    }

    private static String text(JsonNode object, String name) {
        return object.path(name).asString("");
    }
}
