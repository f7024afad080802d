package io.pairbatch.chaos.asl;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// All that acts outside an execution: time, chance, the resources of its tasks, and what runs at the same time.
/// What these methods throw besides [TaskFailed] is no error of the state machine: it ends [Execution#run] as it is.
public interface Services {

    Instant now();

    /// Returns when so much time has passed.
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

    /// Runs the iterations of a Map, begun in their order, and returns when all have ended. Throws what the first one
    /// to
    /// throw has thrown, as it is and at once: those that run are not waited for, no other is begun. An iteration that
    /// goes on after that ends by an exception at its next step, which is nobody's.
    ///
    /// @param atMost how many run at a time
    default void runAll(List<Runnable> iterations, int atMost) {
        iterations.forEach(Runnable::run);
    }
}
