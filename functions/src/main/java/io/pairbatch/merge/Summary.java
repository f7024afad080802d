package io.pairbatch.merge;

import io.pairbatch.cost.PriceTable;
import io.pairbatch.job.JobFiles;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.results.PreflightFile;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.results.TableFile;
import io.pairbatch.results.Tallies;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
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

/// `summary.json`: everything needed to cite and repeat a run, and proof that no row was lost. It holds `job.json` as
/// it is, with the template's text and SHA-256 and all options.
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

    void write(MergeJob job, Merged merged) throws IOException {
        TableReport table = TableFile.read(store);
        try (Draft draft = store.create(JobFiles.SUMMARY)) {
            try (JsonGenerator json = JSON.createGenerator(new Indented(), draft)) {
                json.writeStartObject();
                json.writeStringProperty("job_id", job.jobId());
                json.writeStringProperty("pairbatch_version", job.version());
                json.writeStringProperty("split_version", job.splitVersion());
                json.writeStringProperty("finished_at", job.finishedAt().toString());
                json.writeStringProperty("backend", settings.backend().code());
                json.writeStringProperty("model_requested", settings.model());
                json.writeArrayPropertyStart("notices");
                job.notices().forEach(json::writeString);
                TagNotices.of(settings, merged.total().tags()).forEach(json::writeString);
                table.sentences().forEach(json::writeString);
                json.writeEndArray();
                writeRows(json, merged, table);
                json.writeObjectPropertyStart("results");
                Tallies.writeCounts(json, merged.total());
                json.writeEndObject();
                writePrices(json);
                PreflightFile.writeSummary(store, json);
                writeSegments(json, job);
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

    private void writePrices(JsonGenerator json) {
        json.writeObjectPropertyStart("prices");
        json.writeStringProperty("date", prices.date().toString());
        json.writeStringProperty("source", prices.source());
        json.writeEndObject();
    }

    private void writeSegments(JsonGenerator json, MergeJob job) throws IOException {
        json.writeArrayPropertyStart("segments");
        for (MergedSegment segment : job.segments()) {
            json.writeStartObject();
            json.writeNumberProperty("segment", segment.index());
            json.writeStringProperty("batch_id", segment.batchId());
            json.writeStringProperty("status", segment.status());
            json.writeStringProperty("submitted_at", text(segment.submittedAt()));
            json.writeStringProperty("received_at", text(segment.receivedAt()));
            json.writeNumberProperty("pairs", segment.pairs());
            if (segment.receivedAt() != null) {
                SegmentTally tally = Tallies.read(store, segment.index());
                String version = tally.made().version();
                json.writeStringProperty("collect_version", version.isEmpty() ? null : version);
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
