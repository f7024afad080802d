package io.pairbatch.simulator.batch;

import io.pairbatch.simulator.judge.Asked;
import io.pairbatch.simulator.judge.Dice;
import io.pairbatch.simulator.judge.Usage;
import io.pairbatch.simulator.store.FileStore;
import io.pairbatch.simulator.store.Json;
import io.pairbatch.simulator.store.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Answers the requests of a batch. The same batch gives the same bytes, so a restarted simulator starts it over.
public final class Execution {

    /// Faults that corrupt single lines; `lines` says how many.
    private static final List<String> SPOILS = List.of(
            "lines_missing", "lines_doubled", "lines_malformed", "lines_foreign", "lines_blocked", "lines_status_zero");

    private final FileStore files;
    private final BatchSettings settings;

    public Execution(FileStore files, BatchSettings settings) {
        this.files = files;
        this.settings = settings;
    }

    /// Answers all requests, or a share of them.
    ///
    /// @param share of the requests that are processed, 1 for all
    /// @param expired whether the others expired; otherwise they were cancelled
    Outcome run(Batch batch, double share, boolean expired) throws IOException {
        Path output = files.draft();
        Path errors = files.draft();
        Dice ids = new Dice(0).with(batch.id());
        long made = batch.note("created_ms").longValue(0);
        Asked asked = new Asked(batch.api().name(), batch.id(), made, made + (long) (settings.batchSeconds() * 1000));
        try (LineSpool good = new LineSpool(files.draft());
                LineSpool bad = new LineSpool(files.draft());
                InputStream in = Files.newInputStream(files.content(batch.text("input_file_id")))) {
            Tally tally = new Tally(batch.api(), good, bad);
            LineReader lines = new LineReader(in);
            long total = batch.note("total").longValue(0);
            long at = 0;
            while (lines.next()) {
                if (!lines.blank()) {
                    JsonNode request = Json.MAPPER.readTree(lines.bytes(), 0, lines.length());
                    Dice dice = ids.with(++at);
                    double turn = settings.shuffle() ? dice.with("turn").unit() : (double) (at - 1) / total;
                    ResultLine line = turn < share
                            ? batch.api().answer(batch, request, dice, asked)
                            : batch.api().unreached(request, dice, expired);
                    tally.add(batch, line, at, total);
                }
            }
            good.writeTo(
                    output, settings.shuffle() ? new Random(ids.with("output").state()) : null);
            bad.writeTo(
                    errors, settings.shuffle() ? new Random(ids.with("errors").state()) : null);
            return tally.outcome(output, errors);
        }
    }

    /// Counts and spools the lines of one batch.
    private static final class Tally {

        private final BatchApi api;
        private final LineSpool good;
        private final LineSpool bad;
        private long completed;
        private long failed;
        private long unreached;
        private Usage usage = Usage.NONE;

        Tally(BatchApi api, LineSpool good, LineSpool bad) {
            this.api = api;
            this.good = good;
            this.bad = bad;
        }

        void add(Batch batch, ResultLine line, long at, long total) throws IOException {
            switch (line.end()) {
                case SUCCEEDED -> completed++;
                case FAILED -> failed++;
                case UNREACHED -> unreached++;
            }
            usage = usage.plus(line.usage());
            LineSpool spool = api.splitsErrors() && line.end() != ResultLine.End.SUCCEEDED ? bad : good;
            for (String text : written(batch, line.json(), at, total)) {
                spool.add((text + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }

        private List<String> written(Batch batch, ObjectNode line, long at, long total) {
            for (String spoil : SPOILS) {
                JsonNode fault = batch.fault(spoil);
                if (!fault.isMissingNode()
                        && chosen(at, total, fault.path("lines").longValue(1))) {
                    return spoiled(spoil, line, at);
                }
            }
            return List.of(line.toString());
        }

        /// Spreads the corrupted lines evenly over the input, starting with the first line.
        private static boolean chosen(long at, long total, long wanted) {
            long step = Math.max(1, total / Math.max(1, wanted));
            return (at - 1) % step == 0 && (at - 1) / step < wanted;
        }

        private List<String> spoiled(String spoil, ObjectNode line, long at) {
            String text = line.toString();
            return switch (spoil) {
                case "lines_missing" -> List.of();
                case "lines_doubled" -> List.of(text, text);
                case "lines_malformed" -> List.of(text.substring(0, text.length() / 2));
                case "lines_foreign" -> {
                    api.makeForeign(line, "foreign-" + at);
                    yield List.of(line.toString());
                }
                case "lines_blocked" -> {
                    api.makeBlocked(line);
                    yield List.of(line.toString());
                }
                default -> {
                    api.makeBlank(line);
                    yield List.of(line.toString());
                }
            };
        }

        Outcome outcome(Path output, Path errors) {
            return new Outcome(output, errors, good.lines(), bad.lines(), completed, failed, unreached, usage);
        }
    }
}
