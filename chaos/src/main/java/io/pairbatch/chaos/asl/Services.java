package io.pairbatch.chaos.asl;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Everything outside of an execution: time, randomness, the resources of its tasks, and concurrency. What these
/// methods throw besides [TaskFailed] is not an error of the state machine: it ends [Execution#run] unchanged.
public interface Services {

    Instant now();

    /// Returns when this much time has passed.
    void sleep(Duration time);

    /// At least 0 and below 1; for a retry's jitter.
    double random();

    /// Calls a resource.
    ///
    /// @param resource the ARN that the state names, such as `arn:aws:states:::lambda:invoke`
    /// @param arguments the state's `Arguments`, evaluated
    /// @param timeout when to throw [TaskFailed#timeout]
    /// @return the whole result, such as `{"StatusCode": 200, "Payload": …}`
    JsonNode invoke(String resource, JsonNode arguments, Duration timeout) throws TaskFailed;

    /// Runs the iterations of a Map, started in order, and returns when all have ended. If one throws, throws the same
    /// exception at once: running iterations are not waited for, and no other is started. An iteration that continues
    /// after that ends with an exception at its next step, which is ignored.
    ///
    /// @param atMost how many run at a time
    default void runAll(List<Runnable> iterations, int atMost) {
        iterations.forEach(Runnable::run);
    }
}
