package io.pairbatch.provider;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/// What is asked of every provider of batch inference. Everything but [#create] is safe to repeat and is repeated
/// inside; what fails then is a [io.pairbatch.job.RetryableException] (an outage) or a [RefusedException] (the
/// provider's no).
public interface BatchProvider {

    /// Opens a file's bytes from the start; called once an attempt.
    @FunctionalInterface
    interface Body {

        InputStream open() throws IOException;
    }

    /// Whether a batch is created from a file that was uploaded before; else its requests go with the create.
    default boolean takesFiles() {
        return true;
    }

    /// How long an uploaded file may safely be used.
    Duration fileLife();

    /// Whether the provider takes every create, and says only some time later that it has no room for the batch.
    default boolean refusesAfterCreate() {
        return false;
    }

    /// The shortest time between two looks at a batch that the provider asks for.
    default Duration leastInterval() {
        return Duration.ZERO;
    }

    /// How long a batch may take until it expires.
    default Duration window() {
        return Duration.ofDays(1);
    }

    /// Whether a batch that did not run to its end gives what was done by then.
    default boolean givesPartOfABatch() {
        return true;
    }

    /// How a batch whose create was never answered is known again.
    default Evidence evidence() {
        return Evidence.TOKEN;
    }

    /// What proves that a batch is ours.
    enum Evidence {
        /// The provider lists our submission's token with the batch, under [#TOKEN] in its metadata, or the input file
        /// that it was made from.
        TOKEN,
        /// Nothing but the ids of its requests, which can be read once it has ended.
        REQUEST_IDS
    }

    /// Metadata key of the job's id.
    String JOB = "pairbatch_job";

    /// Metadata key of the submission's token.
    String TOKEN = "pairbatch_submission";

    /// A line that sends less than this in a second is too slow for batches.
    long SLOWEST_BYTES_A_SECOND = 1_000_000;

    /// How much time an upload is given at least: half a minute, and a second for each megabyte. One that is begun with
    /// less may be cut off by the end of its function, and have to be sent all over again.
    static Duration uploadTime(long bytes) {
        return Duration.ofSeconds(30 + bytes / SLOWEST_BYTES_A_SECOND);
    }

    /// Uploads an input file of exactly `bytes` bytes.
    ///
    /// @return the provider's file id
    String upload(String fileName, long bytes, Body body) throws RefusedException;

    /// How long a create may take from its first byte sent to the head of its answer.
    ///
    /// @param bytes the size of the batch's requests
    default Duration createTimeout(long bytes) {
        return Duration.ofSeconds(30);
    }

    /// Asks ONCE for a batch; nothing below repeats the request.
    ///
    /// @param timeout after which the answer counts as lost
    CreateOutcome create(NewBatch batch, Duration timeout);

    /// The batch as it stands; [BatchState#GONE] when the provider denies that there is one.
    BatchStatus retrieve(String batchId) throws RefusedException;

    /// Gives the batches created since `since`, newest first, page by page, until `visitor` has seen enough.
    ///
    /// @throws RefusedException when this key may not list
    void list(Instant since, BatchVisitor visitor) throws RefusedException;

    /// The bytes of an output or error file. A read that gets nothing for a minute fails with an [IOException].
    InputStream download(String fileId) throws RefusedException;

    /// Asks ONE request of a batch by itself, at the live price; nothing below repeats it.
    ///
    /// @param timeout until the head of the answer
    default LiveAnswer ask(LiveRequest request, Duration timeout) {
        return new LiveAnswer.Lost("the provider takes no live requests");
    }

    /// Deletes a file that was uploaded or that a batch wrote; safe to repeat.
    ///
    /// @throws RefusedException when this key may not
    default Removal deleteFile(String fileId) throws RefusedException {
        return Removal.NOT_POSSIBLE;
    }

    /// Deletes a batch that has ended; files of its own may outlive it. Safe to repeat.
    ///
    /// @throws RefusedException when this key may not
    default Removal deleteBatch(String batchId) throws RefusedException {
        return Removal.NOT_POSSIBLE;
    }

    /// Asks a batch to stop; it ends some time later, and what was done by then is billed. Safe to repeat.
    ///
    /// @throws RefusedException when this key may not
    default Removal cancel(String batchId) throws RefusedException {
        return Removal.NOT_POSSIBLE;
    }

    /// What became of the wish to delete something, or to stop a batch.
    enum Removal {
        /// It is deleted, or has been asked to stop.
        DONE,
        /// The provider did not have it any more.
        GONE,
        /// The provider has no such call, or does not do it to this one as it is.
        NOT_POSSIBLE
    }

    /// Sees listed batches.
    @FunctionalInterface
    interface BatchVisitor {

        /// Looks at one batch; false when it has seen enough.
        boolean visit(BatchStatus batch);
    }

    /// A batch to create.
    ///
    /// @param fileId the uploaded input; empty where the provider takes no files
    /// @param endpoint path of the API that each request of the file names, such as `/v1/responses`
    /// @param metadata goes with the batch and comes back with it, as far as the provider can
    /// @param requests the number of requests, one on each line of `body`
    /// @param bytes the size of `body`
    record NewBatch(
            String fileId,
            String model,
            String endpoint,
            Map<String, String> metadata,
            long requests,
            long bytes,
            Body body) {}
}
