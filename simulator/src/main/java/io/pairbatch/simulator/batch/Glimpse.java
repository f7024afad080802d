package io.pairbatch.simulator.batch;

/// A batch as a caller sees it at one moment.
///
/// @param status one of the life cycle, or one set by a fault
/// @param regressed whether a fault shows an earlier status, which must not reveal anything of a later one
/// @param done the share of the requests that are processed
public record Glimpse(String status, boolean regressed, double done) {

    /// The number of requests that have ended so far as `completed`, `failed` or `unreached`.
    public long count(Batch batch, String end) {
        return regressed ? 0 : (long) (batch.note(end).doubleValue(0) * done);
    }
}
