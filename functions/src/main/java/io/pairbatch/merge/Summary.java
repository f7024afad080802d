package io.pairbatch.merge;

import io.pairbatch.cost.NanoUsd;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Version;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.provider.RequestSketch;
import io.pairbatch.results.PreflightFile;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.TableFile;
import io.pairbatch.results.Tallies;
import io.pairbatch.spec.Filing;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.spec.Sample;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.RawRows;
import io.pairbatch.text.Hex;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.node.ObjectNode;

/// `summary.json`: everything needed to cite and repeat a run, and proof that no row was lost. It holds `job.json` as
/// it is, with the template's text, and the same job with every default resolved.
final class Summary {

    private static final JsonFactory JSON =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    private final JobStore store;
    private final ResultSettings settings;
    private final PriceTable prices;

    Summary(JobStore store, ResultSettings settings, PriceTable prices) {
        this.store = store;
        this.settings = settings;
        this.prices = prices;
    }

    /// @param counted what the tallies of the collected segments say
    /// @param origin where the judgements come from; null leaves it out
    void write(MergeJob job, Merged merged, Map<Integer, Sums.Counted> counted, @Nullable Origin origin)
            throws IOException {
        TableReport table = TableFile.read(store);
        try (Draft draft = store.create(JobFiles.SUMMARY)) {
            try (JsonGenerator json = JSON.createGenerator(new Indented(), draft)) {
                json.writeStartObject();
                json.writeStringProperty("job_id", job.jobId());
                json.writeStringProperty("pairbatch_version", job.version());
                json.writeStringProperty("pairbatch_commit", Version.COMMIT);
                json.writeStringProperty("split_version", job.splitVersion());
                json.writeStringProperty("finished_at", job.finishedAt().toString());
                json.writeStringProperty("backend", settings.backend().code());
                json.writeStringProperty("model_requested", settings.model());
                if (origin != null && origin.job().isSimulated()) {
                    json.writeBooleanProperty("simulated", true);
                }
                if (origin != null) {
                    writeFiling(json, origin.job().spec().output().filing());
                }
                json.writeArrayPropertyStart("notices");
                job.notices().forEach(json::writeString);
                AnswerNotices.of(settings, merged.total(), merged.leftRows()).forEach(json::writeString);
                table.sentences(merged.acceptedRows() - merged.leftRows(), merged.acceptedRows())
                        .forEach(json::writeString);
                if (job.bill() != null) {
                    job.bill().notices(job.jobId(), merged).forEach(json::writeString);
                }
                json.writeEndArray();
                writeRows(json, merged, table);
                writeExclusions(json, merged);
                json.writeObjectPropertyStart("results");
                Tallies.writeCounts(json, merged.total());
                json.writeEndObject();
                writeAttempts(json, merged);
                if (job.bill() != null) {
                    writeBudget(json, job.bill(), merged);
                }
                writePrices(json);
                if (origin != null) {
                    writeTable(json, origin);
                    writeSample(json, origin);
                    copy(json, "design", JobFiles.DESIGN);
                    writeJudge(json, origin, merged);
                    writeResolved(json, origin);
                }
                PreflightFile.writeSummary(store, json);
                writeSegments(json, job, counted);
                copy(json, "job", JobFiles.JOB);
                copy(json, "policy", JobFiles.POLICY);
                json.writeEndObject();
            }
            draft.write('\n');
            draft.commit();
        }
    }

    private static void writeRows(JsonGenerator json, Merged merged, TableReport table) {
        json.writeObjectPropertyStart("conservation");
        json.writeStringProperty("sentence", merged.sentence());
        json.writeNumberProperty("input_rows", merged.inputRows());
        json.writeNumberProperty("accepted", merged.acceptedRows());
        json.writeNumberProperty("rejected", merged.rejectedRows());
        writeCounts(json, "rejected_by_reason", table.rejected());
        json.writeNumberProperty("not_in_sample", merged.leftRows());
        if (merged.perRow() > 1) {
            json.writeNumberProperty("comparisons_per_row", merged.perRow());
        }
        json.writeNumberProperty("comparisons", merged.comparisons());
        json.writeNumberProperty("observed", merged.total().observed());
        json.writeNumberProperty("failed", merged.total().failed());
        json.writeNumberProperty("open", merged.openPairs());
        json.writeEndObject();
        writeCounts(json, "found", table.found());
    }

    private static void writeCounts(JsonGenerator json, String name, Map<String, TableReport.Rows> each) {
        json.writeObjectPropertyStart(name);
        each.forEach((code, rows) -> {
            json.writeObjectPropertyStart(code);
            json.writeNumberProperty("rows", rows.count());
            json.writeArrayPropertyStart("first");
            rows.first().forEach(json::writeNumber);
            json.writeEndArray();
            json.writeEndObject();
        });
        json.writeEndObject();
    }

    private static void writeFiling(JsonGenerator json, Filing filing) {
        json.writeStringProperty("study", filing.study().isEmpty() ? null : filing.study());
        json.writeObjectPropertyStart("labels");
        filing.labels().forEach(json::writeStringProperty);
        json.writeEndObject();
    }

    /// Which rows have no judgement, by the reason.
    private void writeExclusions(JsonGenerator json, Merged merged) throws IOException {
        json.writeObjectPropertyStart("exclusions");
        Tallies.writeFailureCounts(json, merged.total().failedByCode());
        writeCounts(json, "rejected_by_reason", merged.rejectedRows() == 0 ? new TreeMap<>() : rejected());
        json.writeEndObject();
    }

    /// Reads the list of rejected rows once, one record at a time.
    private SortedMap<String, Long> rejected() throws IOException {
        SortedMap<String, Long> reasons = new TreeMap<>();
        Optional<InputStream> file = store.open(JobFiles.REJECTED_ROWS);
        if (file.isPresent()) {
            try (RawRows rows = new RawRows(file.get())) {
                rows.next();
                while (rows.next()) {
                    reasons.merge(rows.texts().get(1), 1L, Long::sum);
                }
            }
        }
        return reasons;
    }

    private static void writeCounts(JsonGenerator json, String name, SortedMap<String, Long> counts) {
        json.writeObjectPropertyStart(name);
        counts.forEach(json::writeNumberProperty);
        json.writeEndObject();
    }

    private static void writeTable(JsonGenerator json, Origin origin) {
        ResolvedJob.Source source = origin.job().source();
        json.writeObjectPropertyStart("table");
        json.writeStringProperty("name", source.name());
        json.writeStringProperty("sha256", origin.table().sha256());
        if (origin.table().missing() != null) {
            json.writeStringProperty("sha256_missing", origin.table().missing());
        }
        json.writeNumberProperty("bytes", source.size());
        json.writeStringProperty("etag", source.etag());
        json.writeStringProperty("bucket", source.bucket());
        json.writeStringProperty("key", source.key());
        json.writeStringProperty("version", source.version());
        json.writeEndObject();
    }

    private static void writeSample(JsonGenerator json, Origin origin) {
        json.writeObjectPropertyStart("sample");
        json.writeNumberProperty("seed", origin.job().spec().batching().sample().seed());
        json.writeArrayPropertyStart("limits");
        for (int limit : origin.limits()) {
            if (limit == Sample.EVERY_ROW) {
                json.writeNull();
            } else {
                json.writeNumber(limit);
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeJudge(JsonGenerator json, Origin origin, Merged merged) {
        json.writeObjectPropertyStart("judge");
        json.writeStringProperty("backend", settings.backend().code());
        json.writeStringProperty("service", origin.judge().service());
        json.writeStringProperty("base_url", origin.judge().baseUrl());
        json.writeStringProperty("model_requested", settings.model());
        writeCounts(json, "models_answered", merged.total().models());
        json.writeStringProperty(
                "prompt_template_sha256",
                Hex.sha256(origin.job().spec().prompt().template()));
        json.writeName("request");
        copy(
                json,
                Json.MAPPER.writeValueAsString(
                        RequestSketch.of(origin.judge().format(), origin.job().spec())));
        json.writeEndObject();
    }

    /// The job file that makes the same job: with its last limit, and every default in its place.
    private static void writeResolved(JsonGenerator json, Origin origin) {
        StringWriter text = new StringWriter();
        try (JsonGenerator spec = Json.MAPPER.createGenerator(text)) {
            JobSpecJson.writeResolved(spec, origin.job().spec());
        }
        ObjectNode resolved = (ObjectNode) Json.MAPPER.readTree(text.toString());
        int limit = origin.limits().getLast();
        resolved.set(
                "limit",
                limit == Sample.EVERY_ROW
                        ? Json.MAPPER.getNodeFactory().nullNode()
                        : Json.MAPPER.getNodeFactory().numberNode(limit));
        json.writeName("resolved");
        copy(json, Json.MAPPER.writeValueAsString(resolved));
    }

    private static void copy(JsonGenerator json, String text) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            json.copyCurrentStructureExact(parser);
        }
    }

    /// How often pairs were sent, and what each time cost.
    private static void writeAttempts(JsonGenerator json, Merged merged) {
        json.writeArrayPropertyStart("attempts");
        merged.byAttempt().forEach((attempt, tally) -> {
            json.writeStartObject();
            json.writeNumberProperty("attempt", attempt);
            json.writeNumberProperty("pairs", tally.pairs());
            json.writeNumberProperty("observed", tally.observed());
            json.writeNumberProperty("failed", tally.failed());
            Tallies.writeFailureCounts(json, tally.failedByCode());
            json.writeNumberProperty("requests", tally.requests());
            Tallies.writeCosts(json, tally);
            json.writeEndObject();
        });
        json.writeEndArray();
    }

    /// What the job may cost, and what counts against that, the live request included.
    private static void writeBudget(JsonGenerator json, Bill bill, Merged merged) {
        json.writeObjectPropertyStart("budget");
        writeUsd(json, "max_cost_usd", bill.limit());
        writeUsd(json, "spent_usd", bill.spent());
        writeUsd(json, "reserved_usd", bill.reserved());
        json.writeNumberProperty("not_submitted", merged.unsent());
        writeUsd(json, "needed_usd", merged.unsent() == 0 ? null : Long.valueOf(bill.needed(merged)));
        json.writeEndObject();
    }

    private static void writeUsd(JsonGenerator json, String name, @Nullable Long nano) {
        json.writeName(name);
        if (nano == null) {
            json.writeNull();
        } else {
            json.writeNumber(NanoUsd.toUsd(nano).toPlainString());
        }
    }

    private void writePrices(JsonGenerator json) {
        json.writeObjectPropertyStart("prices");
        json.writeStringProperty("date", prices.date().toString());
        json.writeStringProperty("source", prices.source());
        json.writeEndObject();
    }

    private static void writeSegments(JsonGenerator json, MergeJob job, Map<Integer, Sums.Counted> counted) {
        json.writeArrayPropertyStart("segments");
        for (MergedSegment segment : job.segments()) {
            json.writeStartObject();
            json.writeNumberProperty("segment", segment.index());
            json.writeNumberProperty("attempt", segment.attempt());
            json.writeStringProperty("batch_id", segment.batchId());
            json.writeStringProperty("status", segment.status());
            json.writeStringProperty("submitted_at", text(segment.submittedAt()));
            json.writeStringProperty("received_at", text(segment.receivedAt()));
            json.writeNumberProperty("pairs", segment.pairs());
            Sums.Counted tally = counted.get(segment.index());
            if (tally != null) {
                json.writeStringProperty("collect_version", tally.version().isEmpty() ? null : tally.version());
                json.writeNumberProperty("observed", tally.observed());
                json.writeNumberProperty("failed", tally.failed());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void copy(JsonGenerator json, String name, String file) throws IOException {
        Optional<InputStream> content = store.open(file);
        if (content.isPresent()) {
            json.writeName(name);
            try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), content.get())) {
                parser.nextToken();
                json.copyCurrentStructureExact(parser);
            }
        }
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    /// Indents by two spaces and ends lines with `\n` on every system.
    private static final class Indented extends ObjectWriteContext.Base {

        private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");

        @Override
        public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter().withObjectIndenter(LINES).withArrayIndenter(LINES);
        }

        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }
    }
}
