package io.pairbatch.simulator;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Takes each batch through its life, one virtual thread a batch: a tenth of the time validating, eight tenths in
/// progress, a tenth finalizing. A batch that the last process left open goes on from its saved status.
final class BatchRunner implements AutoCloseable {
    private static final Logger LOG = System.getLogger(BatchRunner.class.getName());

    private final Settings settings;
    private final SimulatedClock clock;
    private final FileStore files;
    private final BatchStore batches;
    private final RequestRules rules;
    private final Execution execution;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// Reading and answering are work for the processor; two at a time leave the rest of the machine some.
    private final Semaphore processors = new Semaphore(2);

    private final Object enqueuing = new Object();

    BatchRunner(
            Settings settings,
            SimulatedClock clock,
            FileStore files,
            BatchStore batches,
            RequestRules rules,
            Execution execution) {
        this.settings = settings;
        this.clock = clock;
        this.files = files;
        this.batches = batches;
        this.rules = rules;
        this.execution = execution;
    }

    void start(Batch batch) {
        threads.execute(() -> {
            try {
                live(batch);
            } catch (InterruptedException | ClosedByInterruptException e) {
                // The simulator is closing; the next one on this data goes on from the saved status.
                Thread.currentThread().interrupt();
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.ERROR, "batch " + batch.id() + " stays as it is", e);
            }
        });
    }

    private void live(Batch batch) throws InterruptedException, IOException {
        if (batch.is("validating")) {
            await(batch, due(batch, 0.1), "validating");
            if (batch.is("validating") && !validate(batch)) {
                return;
            }
        }
        if (batch.is("cancelling")) {
            finishCancelled(batch);
            return;
        }
        Outcome outcome = execute(batch, 1, "");
        batch.note("completed", outcome.completed());
        batch.note("failed", outcome.failed());
        if (batch.is("in_progress")) {
            await(batch, due(batch, 0.9), "in_progress");
            if (!batch.has("expire") && !batch.has("cancel")) {
                move(batch, "in_progress", "finalizing");
            }
        }
        if (batch.is("finalizing")) {
            await(batch, due(batch, 1), "finalizing");
        }
        finish(batch, outcome);
    }

    private void finish(Batch batch, Outcome outcome) throws InterruptedException, IOException {
        if (batch.is("finalizing") && publish(batch, "finalizing", "completed", outcome)) {
            return;
        }
        discard(outcome);
        if (batch.is("cancelling")) {
            finishCancelled(batch);
        } else if (batch.has("expire")) {
            finishEarly(batch, "expire", "batch_expired", "expired");
        } else {
            finishEarly(batch, "cancel", "batch_cancelled", "cancelled");
        }
    }

    private void finishEarly(Batch batch, String fault, String code, String status)
            throws InterruptedException, IOException {
        double share = batch.fault(fault).path("fraction").doubleValue(0.5);
        Outcome outcome = execute(batch, share, code);
        if (!publish(batch, "in_progress", status, outcome)) {
            discard(outcome);
            finishCancelled(batch);
        }
    }

    private void finishCancelled(Batch batch) throws InterruptedException, IOException {
        double share = batch.note("share").doubleValue(0);
        long wanted = batch.note("cancelling_ms").longValue(0) + (long) (settings.batchSeconds() * 100);
        if (!batch.note("total").isNumber()) {
            // Cancelled before anything was known about its requests.
            clock.await(wanted, () -> false);
            move(batch, "cancelling", "cancelled");
            return;
        }
        Outcome outcome = execute(batch, share, "batch_cancelled");
        clock.await(wanted, () -> false);
        publish(batch, "cancelling", "cancelled", outcome);
    }

    /// Asks a batch to stop.
    ///
    /// @throws RefusedException when it has ended
    void cancel(Batch batch) throws IOException {
        synchronized (batch) {
            String status = batch.text("status");
            if (batch.terminal()) {
                throw new ApiError(
                                409,
                                "Cannot cancel a batch with status '" + status + "'.",
                                "invalid_request_error",
                                null,
                                null)
                        .refused();
            }
            if (status.equals("cancelling")) {
                return;
            }
            batch.note("share", progress(batch));
            batch.note("cancelling_ms", clock.millis());
            move(batch, status, "cancelling");
        }
        clock.wake();
    }

    /// The share of the requests that have had their turn, by the clock.
    double progress(Batch batch) {
        if (batch.is("validating")) {
            return 0;
        }
        long from = due(batch, 0.1);
        long to = due(batch, 0.9);
        return to <= from ? 1 : Math.clamp((double) (clock.millis() - from) / (to - from), 0, 1);
    }

    /// False when the batch has ended here.
    private boolean validate(Batch batch) throws InterruptedException, IOException {
        JsonNode fault = batch.fault("fail");
        String inputFile = batch.text("input_file_id");
        Validation validation = new Validation(rules, batch.text("endpoint"), settings.maxRequests());
        processors.acquire();
        try {
            if (Files.exists(files.content(inputFile))) {
                validation.read(files.content(inputFile));
            }
        } finally {
            processors.release();
        }
        if (!fault.isMissingNode()) {
            String code = Json.text(fault, "code", "server_error");
            validation.error(code, Json.text(fault, "message", "The batch failed: " + code + "."), null, 0);
        }
        synchronized (enqueuing) {
            if (validation.errors().isEmpty()) {
                checkQueue(batch, validation);
            }
            if (!validation.errors().isEmpty()) {
                batch.set("errors", BatchStore.errors(validation.errors()));
                // A cancelled batch goes on to its own end.
                return !move(batch, "validating", "failed");
            }
            batch.set("model", rules.snapshot(validation.model()));
            batch.note("model", Json.MAPPER.valueToTree(validation.model()));
            batch.note("tokens", validation.tokens());
            batch.note("total", validation.requests());
            batch.set("request_counts", BatchStore.counts(validation.requests(), 0, 0));
            move(batch, "validating", "in_progress");
        }
        return true;
    }

    /// The service takes the create and refuses here (openai-python #2084).
    private void checkQueue(Batch batch, Validation validation) {
        long enqueued = batches.list().stream()
                .filter(other -> other != batch && !other.terminal())
                .filter(other -> other.note("model").asString("").equals(validation.model()))
                .mapToLong(other -> other.note("tokens").longValue(0))
                .sum();
        if (enqueued + validation.tokens() > settings.maxEnqueuedTokens()) {
            validation.error(
                    "token_limit_exceeded",
                    String.format(
                            java.util.Locale.ROOT,
                            "Enqueued token limit reached for %s in organization org-simulator. Limit: %,d enqueued tokens. "
                                    + "Please try again once some in_progress batches have been completed.",
                            validation.model(),
                            settings.maxEnqueuedTokens()),
                    null,
                    0);
        }
    }

    private Outcome execute(Batch batch, double share, String code) throws InterruptedException, IOException {
        processors.acquire();
        try {
            return execution.run(batch, share, code);
        } finally {
            processors.release();
        }
    }

    /// Makes an outcome public in one step; false when the batch has moved elsewhere.
    private boolean publish(Batch batch, String from, String to, Outcome outcome) throws IOException {
        synchronized (batch) {
            if (!batch.is(from)) {
                return false;
            }
            setFile(batch, "output_file_id", outcome.output(), outcome.outputLines(), "output");
            setFile(batch, "error_file_id", outcome.errors(), outcome.errorLines(), "error");
            long total = batch.note("total").longValue(0);
            batch.set("request_counts", BatchStore.counts(total, outcome.completed(), outcome.failed()));
            batch.set("usage", outcome.usage().json());
            return move(batch, from, to);
        }
    }

    private void setFile(Batch batch, String member, Path draft, long lines, String kind) throws IOException {
        boolean output = kind.equals("output");
        if (output && batch.has("output_blank_id")) {
            batch.set(member, "");
        }
        boolean hidden = output && (batch.has("output_null") || batch.has("output_blank_id"));
        if (lines == 0 || hidden) {
            Files.delete(draft);
            return;
        }
        if (output && batch.has("output_empty")) {
            Files.write(draft, new byte[0]);
        }
        Long lifetime = batch.note("output_lifetime").isNumber()
                ? (Long) batch.note("output_lifetime").longValue()
                : null;
        FileStore.Stored stored = files.add(draft, batch.id() + "_" + kind + ".jsonl", "batch_output", lines, lifetime);
        batch.set(member, stored.id());
    }

    private static void discard(@Nullable Outcome outcome) throws IOException {
        if (outcome != null) {
            Files.deleteIfExists(outcome.output());
            Files.deleteIfExists(outcome.errors());
        }
    }

    private boolean move(Batch batch, String from, String to) throws IOException {
        boolean moved = batch.move(from, to, clock.seconds());
        batches.save(batch);
        return moved;
    }

    /// Waits in a status; for ever when a fault has the batch stuck there. A cancel ends the wait.
    private void await(Batch batch, long until, String status) throws InterruptedException {
        BooleanSupplier cancelled = () -> batch.is("cancelling");
        clock.await(until, cancelled);
        JsonNode stuck = batch.fault("stuck");
        if (!stuck.isMissingNode() && Json.text(stuck, "status", "in_progress").equals(status)) {
            clock.await(Long.MAX_VALUE, cancelled);
        }
    }

    private long due(Batch batch, double part) {
        long created = batch.note("created_ms").longValue(0);
        return created + (long) (settings.batchSeconds() * 1000 * part);
    }

    /// The batch as a caller may see it now.
    ObjectNode view(Batch batch) {
        ObjectNode view = batch.copy();
        if (batch.is("in_progress") && batch.note("completed").isNumber()) {
            double done = progress(batch);
            view.set(
                    "request_counts",
                    BatchStore.counts(
                            batch.note("total").longValue(0),
                            (long) (batch.note("completed").doubleValue(0) * done),
                            (long) (batch.note("failed").doubleValue(0) * done)));
        }
        return view;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
