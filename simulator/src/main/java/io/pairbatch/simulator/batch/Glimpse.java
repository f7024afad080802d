package io.pairbatch.simulator.batch;

/// A batch at the moment in which a caller looks at it.
///
/// @param status one of the life cycle's, or one that a fault puts in its place
/// @param regressed whether a fault shows a status that is over: nothing of the later ones may be seen
/// @param done the share of the requests that have had their turn
public record Glimpse(String status, boolean regressed, double done) {

    /// Requests that have ended so.
    public long count(Batch batch, String end) {
        return regressed ? 0 : (long) (batch.note(end).doubleValue(0) * done);
    }
}
