package io.pairbatch.panel;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.Version;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.step.OpenJob;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.text.Json;
import io.pairbatch.text.Plural;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `summary.json` of a job of several judges: what each of them has judged and cost, as its own job's summary
/// says, and the sums.
final class PanelSummary {

    /// What the summary of a judge's own job tells besides, which stays there.
    private static final List<String> LEFT = List.of(
            "segments", "job", "policy", "resolved", "table", "sample", "design", "prices", "study", "labels", "found");

    private final OpenJob panel;
    private final List<ObjectNode> judges = new ArrayList<>();
    private long common;

    PanelSummary(OpenJob panel) {
        this.panel = panel;
    }

    /// Adds what a judge has judged.
    void add(String judge, JobStore store) throws IOException {
        try (InputStream in =
                store.open(JobFiles.SUMMARY).orElseThrow(() -> new FileNotFoundException(JobFiles.SUMMARY))) {
            ObjectNode summary = (ObjectNode) Json.MAPPER.readTree(in);
            judges.add(Json.MAPPER.createObjectNode().put("name", judge).setAll(summary));
        }
    }

    /// Says how many rows every judge has rejected.
    void rejected(long rows) {
        common = rows;
    }

    long rows() {
        return judges.stream()
                .mapToLong(judge -> count(judge, "input_rows"))
                .max()
                .orElse(0);
    }

    long rejected() {
        return common;
    }

    long sum(String count) {
        return judges.stream().mapToLong(judge -> count(judge, count)).sum();
    }

    int segments() {
        return judges.stream().mapToInt(judge -> judge.path("segments").size()).sum();
    }

    int perRow() {
        return panel.resolved().spec().batching().repetition().perPair() * judges.size();
    }

    private static long count(ObjectNode judge, String name) {
        return judge.path("conservation").path(name).asLong(0);
    }

    /// Comparisons without a winner by their error code.
    ObjectNode failed() {
        return counts("failed_by_code");
    }

    private ObjectNode counts(String name) {
        ObjectNode counts = Json.MAPPER.createObjectNode();
        judges.forEach(judge -> judge.path("results")
                .path(name)
                .properties()
                .forEach(one -> counts.put(
                        one.getKey(),
                        counts.path(one.getKey()).asLong(0) + one.getValue().asLong(0))));
        return counts;
    }

    /// What all answers with a known price cost; empty where no judge tells a price.
    Optional<BigDecimal> cost() {
        return usd("cost_usd");
    }

    private Optional<BigDecimal> usd(String name) {
        return judges.stream()
                .map(judge -> judge.path("results").path(name))
                .filter(JsonNode::isNumber)
                .map(JsonNode::decimalValue)
                .reduce(BigDecimal::add);
    }

    /// When the last of the judges had ended; the same whenever their files are joined.
    Instant finished() {
        return judges.stream()
                .map(judge -> Instant.parse(judge.required("finished_at").stringValue()))
                .reduce(panel.resolved().createdAt(), (one, other) -> one.isAfter(other) ? one : other);
    }

    /// Writes the file.
    void write(Instant finished) throws IOException {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("job_id", panel.id());
        json.put("pairbatch_version", Version.CURRENT);
        json.put("pairbatch_commit", Version.COMMIT);
        json.put("finished_at", finished.toString());
        ObjectNode first = judges.isEmpty() ? Json.MAPPER.createObjectNode() : judges.getFirst();
        for (String name : List.of("simulated", "study", "labels")) {
            if (first.has(name)) {
                json.set(name, first.path(name));
            }
        }
        notices(json);
        json.set("conservation", conservation());
        if (first.has("found")) {
            json.set("found", first.path("found"));
        }
        json.set("results", results());
        for (String name : List.of("prices", "table", "sample", "design")) {
            if (first.has(name)) {
                json.set(name, first.path(name));
            }
        }
        judges.forEach(judge -> json.withArray("judges").add(judge.deepCopy().without(LEFT)));
        json.set("resolved", resolved(first.path("resolved").path("limit")));
        copy(json, "job", JobFiles.JOB);
        copy(json, "policy", JobFiles.POLICY);
        try (Draft draft = panel.store().create(JobFiles.SUMMARY)) {
            draft.write(Json.MAPPER
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(json)
                    .getBytes(StandardCharsets.UTF_8));
            draft.write('\n');
            draft.commit();
        }
    }

    private void notices(ObjectNode json) {
        json.putArray("notices");
        for (ObjectNode judge : judges) {
            judge.path("notices")
                    .forEach(notice -> json.withArray("notices")
                            .add("judge " + judge.path("name").asString("") + ": " + notice.asString("")));
        }
    }

    private ObjectNode conservation() {
        ObjectNode counts = Json.MAPPER.createObjectNode();
        counts.put("sentence", sentence());
        counts.put("input_rows", rows());
        counts.put("accepted", rows() - common);
        counts.put("rejected", common);
        counts.put(
                "not_in_sample",
                judges.stream()
                        .mapToLong(judge -> count(judge, "not_in_sample"))
                        .max()
                        .orElse(0));
        counts.put("comparisons_per_row", perRow());
        for (String name : List.of("comparisons", "observed", "failed", "open")) {
            counts.put(name, sum(name));
        }
        return counts;
    }

    private String sentence() {
        return Plural.of(rows(), "row") + ", " + Plural.of(judges.size(), "judge") + ": " + sum("comparisons")
                + " comparisons = " + sum("observed") + " observed + " + sum("failed") + " failed"
                + (sum("open") == 0 ? "" : " + " + sum("open") + " open");
    }

    /// The sums of what each judge's answers came to.
    private ObjectNode results() {
        ObjectNode sums = Json.MAPPER.createObjectNode();
        for (String name : List.of("pairs", "observed", "failed", "requests", "unpriced_answers")) {
            sums.put(
                    name,
                    judges.stream()
                            .mapToLong(judge -> judge.path("results").path(name).asLong(0))
                            .sum());
        }
        sums.set("failed_by_code", failed());
        sums.set("tokens", counts("tokens"));
        for (String name : List.of("cost_usd", "waste_usd")) {
            usd(name).ifPresentOrElse(usd -> sums.put(name, usd), () -> sums.putNull(name));
        }
        return sums;
    }

    /// The job file that makes the same job, with the limit that its judges have come to.
    private ObjectNode resolved(JsonNode limit) {
        StringWriter text = new StringWriter();
        try (JsonGenerator spec = Json.MAPPER.createGenerator(text)) {
            JobSpecJson.writeResolved(spec, panel.resolved().spec());
        }
        ObjectNode resolved = (ObjectNode) Json.MAPPER.readTree(text.toString());
        resolved.set("limit", limit.isMissingNode() ? Json.MAPPER.nullNode() : limit);
        return resolved;
    }

    private void copy(ObjectNode json, String name, String file) throws IOException {
        Optional<InputStream> content = panel.store().open(file);
        if (content.isPresent()) {
            try (InputStream in = content.get()) {
                json.set(name, Json.MAPPER.readTree(in));
            }
        }
    }
}
