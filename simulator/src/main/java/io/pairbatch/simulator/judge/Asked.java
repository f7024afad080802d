package io.pairbatch.simulator.judge;

/// When a pair is asked for: in which batch, made when.
///
/// @param api the API's name; another API's model is another judge, with attempts of its own
/// @param batch empty for a single request, which counts for nothing later
/// @param made when the batch was created, in milliseconds of simulated time
/// @param due when it ends if nothing ends it earlier
public record Asked(String api, String batch, long made, long due) {

    /// A single request: it sees no batch.
    public static Asked alone(String api) {
        return new Asked(api, "", Long.MIN_VALUE, Long.MIN_VALUE);
    }
}
