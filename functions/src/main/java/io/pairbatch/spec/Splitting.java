package io.pairbatch.spec;

/// How the accepted rows are cut into segments (contract 1.3). In all cases, a segment also ends where the provider's
/// limits for requests and bytes would be exceeded.
public sealed interface Splitting {

    /// Segments of `rows` rows, the last one shorter.
    record BatchSize(int rows) implements Splitting {}

    /// `count` segments whose sizes differ by at most one, the larger ones first.
    record SegmentCount(int count) implements Splitting {}

    /// As large as the provider accepts.
    record Auto() implements Splitting {}
}
