package io.pairbatch.simulator.batch;

import io.pairbatch.simulator.store.FileStore;
import io.pairbatch.simulator.store.Json;
import io.pairbatch.simulator.store.SimulatedClock;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs the life cycle of each batch in its own virtual thread: 10% of the time validating, 80% in progress, 10%
/// finalizing. A batch that the previous process left open continues from its saved status.
public final class BatchRunner implements AutoCloseable {

    /// How much more of a batch is processed at a time.
    private static final double A_LITTLE = 0.02;

    private static final double HALF = 0.5;

    private static final Logger LOG = System.getLogger(BatchRunner.class.getName());

    private final BatchSettings settings;
    private final SimulatedClock clock;
    private final FileStore files;
    private final BatchStore batches;
    private final Execution execution;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// Validating and answering are CPU-bound; two at a time leave CPU for the rest of the machine.
    private final Semaphore processors = new Semaphore(2);

    private final Object enqueuing = new Object();

    public BatchRunner(
            BatchSettings settings, SimulatedClock clock, FileStore files, BatchStore batches, Execution execution) {
        this.settings = settings;
        this.clock = clock;
        this.files = files;
        this.batches = batches;
        this.execution = execution;
    }

    public void start(Batch batch) {
        threads.execute(() -> {
            try {
                live(batch);
            } catch (InterruptedException | ClosedByInterruptException e) {
                // The simulator is closing; the next one on this data continues from the saved status.
                Thread.currentThread().interrupt();
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.ERROR, "batch " + batch.id() + " stays in its status after an error", e);
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
        Outcome outcome = execute(batch, 1, false);
        outcome.note(batch);
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
            finishEarly(batch, "expired");
        } else {
            finishEarly(batch, "cancelled");
        }
    }

    private void finishEarly(Batch batch, String status) throws InterruptedException, IOException {
        double share = mostOf(batch);
        Outcome outcome = partly(batch, share, status.equals("expired"));
        if (!publish(batch, "in_progress", status, outcome)) {
            discard(outcome);
            finishCancelled(batch);
        }
    }

    private void finishCancelled(Batch batch) throws InterruptedException, IOException {
        double share = batch.note("share").doubleValue(0);
        long wanted = batch.note("cancelling_ms").longValue(0) + (long) (settings.batchSeconds() * 100);
        if (!batch.note("total").isNumber()) {
            // Cancelled before its requests were counted.
            clock.await(wanted, () -> false);
            move(batch, "cancelling", "cancelled");
            return;
        }
        Outcome outcome = partly(batch, share, false);
        clock.await(wanted, () -> false);
        publish(batch, "cancelling", "cancelled", outcome);
    }

    /// Starts cancelling a batch; false if it has already ended.
    public boolean cancel(Batch batch) throws IOException {
        synchronized (batch) {
            if (batch.terminal()) {
                return false;
            }
            if (batch.is("cancelling")) {
                return true;
            }
            batch.note("share", Math.min(progress(batch), mostOf(batch)));
            move(batch, batch.text("status"), "cancelling");
        }
        clock.wake();
        return true;
    }

    /// The share of the requests that are processed by now.
    double progress(Batch batch) {
        if (batch.is("validating")) {
            return 0;
        }
        long from = due(batch, 0.1);
        long to = due(batch, 0.9);
        return to <= from ? 1 : Math.clamp((double) (clock.millis() - from) / (to - from), 0, 1);
    }

    /// False if the batch ended in this step.
    private boolean validate(Batch batch) throws InterruptedException, IOException {
        Path input = files.content(batch.text("input_file_id"));
        Intake intake;
        processors.acquire();
        try {
            intake = batch.api().validate(batch, Files.exists(input) ? input : null);
        } finally {
            processors.release();
        }
        synchronized (enqueuing) {
            JsonNode errors = intake.errors() != null ? intake.errors() : queueFull(batch, intake);
            if (errors != null) {
                batch.set("errors", errors);
                // A batch that is being cancelled continues to its own end.
                return !move(batch, "validating", "failed");
            }
            batch.note("model", Json.MAPPER.valueToTree(intake.model()));
            batch.note("tokens", intake.tokens());
            batch.note("total", intake.requests());
            move(batch, "validating", "in_progress");
        }
        return true;
    }

    /// The service accepts the create and fails the batch here (openai-python #2084).
    private @Nullable JsonNode queueFull(Batch batch, Intake intake) {
        long enqueued = batches.list(batch.api()).stream()
                .filter(other -> other != batch && !other.terminal())
                .filter(other -> other.note("model").asString("").equals(intake.model()))
                .mapToLong(other -> other.note("tokens").longValue(0))
                .sum();
        return enqueued + intake.tokens() > settings.maxEnqueuedTokens()
                ? batch.api().queueFull(intake.model(), settings.maxEnqueuedTokens())
                : null;
    }

    private Outcome execute(Batch batch, double share, boolean expired) throws InterruptedException, IOException {
        processors.acquire();
        try {
            return execution.run(batch, share, expired);
        } finally {
            processors.release();
        }
    }

    /// Executes a share of a batch, and some more where less would come of it than was told while it ran: what counts
    /// as done is done.
    private Outcome partly(Batch batch, double share, boolean expired) throws InterruptedException, IOException {
        double told = Math.floor(batch.note("completed").doubleValue(0) * share);
        Outcome outcome = execute(batch, share, expired);
        for (double more = share + A_LITTLE; outcome.completed() < told && more < 1 + A_LITTLE; more += A_LITTLE) {
            discard(outcome);
            outcome = execute(batch, Math.min(1, more), expired);
        }
        return outcome;
    }

    /// Publishes an outcome in one step; false if the batch is no longer in `from`.
    private boolean publish(Batch batch, String from, String to, Outcome outcome) throws IOException {
        synchronized (batch) {
            if (!batch.is(from)) {
                return false;
            }
            setFile(batch, "output_file_id", outcome.output(), outcome.outputLines(), "output");
            setFile(batch, "error_file_id", outcome.errors(), outcome.errorLines(), "error");
            outcome.note(batch);
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
        boolean empty = lines == 0 && (output || !batch.api().keepsEmptyErrors());
        if (empty || hidden) {
            Files.delete(draft);
            return;
        }
        if (output && batch.has("output_empty")) {
            Files.write(draft, new byte[0]);
        }
        batch.set(member, batch.api().keep(batch, kind, draft, lines));
    }

    private static void discard(@Nullable Outcome outcome) throws IOException {
        if (outcome != null) {
            Files.deleteIfExists(outcome.output());
            Files.deleteIfExists(outcome.errors());
        }
    }

    private boolean move(Batch batch, String from, String to) throws IOException {
        boolean moved = batch.move(from, to, clock.millis());
        batches.save(batch);
        return moved;
    }

    /// Waits in a status, forever if a `stuck` fault names it. A cancel ends the wait.
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

    /// The batch as a list shows it now.
    public ObjectNode view(Batch batch) {
        synchronized (batch) {
            String status = batch.text("status");
            return batch.api().view(batch, new Glimpse(status, false, done(batch)));
        }
    }

    /// The batch as a retrieval shows it now, with its faults applied; null if one of them hides it.
    @Nullable
    public ObjectNode retrieve(Batch batch) {
        synchronized (batch) {
            if (batch.vanished(true)) {
                return null;
            }
            String status = batch.text("status");
            if (batch.has("unknown_status") && !batch.terminal()) {
                status = Json.text(batch.fault("unknown_status"), "status", "paused");
            }
            boolean regressed = batch.has("regressing_status") && batch.countRetrieval() % 2 == 0;
            return batch.api().view(batch, new Glimpse(regressed ? earlier(status) : status, regressed, done(batch)));
        }
    }

    private static String earlier(String status) {
        return switch (status) {
            case "completed" -> "finalizing";
            case "finalizing" -> "in_progress";
            default -> "validating";
        };
    }

    private double done(Batch batch) {
        return switch (batch.text("status")) {
            case "validating" -> 0;
            case "in_progress" -> Math.min(progress(batch), mostOf(batch));
            case "cancelling" -> batch.note("share").doubleValue(0);
            default -> 1;
        };
    }

    /// The share that is ever processed.
    private static double mostOf(Batch batch) {
        for (String fault : List.of("expire", "cancel")) {
            if (batch.has(fault)) {
                return batch.fault(fault).path("fraction").doubleValue(HALF);
            }
        }
        return 1;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
