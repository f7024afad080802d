package io.pairbatch.cli.smoke;

import java.util.List;
import java.util.Optional;

/// The inside of a deployed stack, as far as a smoke test looks at it and changes it. A right that is missing for what
/// only whoever deploys may do is a [SkippedException].
public interface Workings extends AutoCloseable {

    /// A batch that the registry knows of, or that may have been made.
    record Batch(int segment, String id) {}

    /// An object as S3 keeps it.
    ///
    /// @param parts how many parts it was uploaded in; 1 for one that came as a whole
    /// @param checksum of all of it; empty if it has none
    record Stored(int parts, Optional<String> checksum) {}

    /// How long a function may take, in seconds.
    ///
    /// @param step such as `splitter`
    int timeout(String step);

    /// Sets that, and waits until it holds.
    void timeout(String step, int seconds);

    /// The batches that were made for a job, of all attempts: each submission that the provider has not refused.
    List<Batch> batches(String jobId);

    /// Batches of a job in the provider's lists that belong to no segment, where these could be read.
    int strays(String jobId);

    /// The execution that works on a job, or was the last to.
    String execution(String jobId);

    /// How often an execution entered a state.
    long entered(String execution, String state);

    /// How often a function was ended by AWS in an execution, because its time was over.
    long ended(String execution);

    Stored stored(String key);

    @Override
    void close();
}
