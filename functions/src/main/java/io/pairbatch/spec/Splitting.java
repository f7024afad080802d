package io.pairbatch.spec;

/// How the accepted rows are cut into segments (contract 1.3). Whatever is chosen, a segment also ends where the
/// provider's limits of requests and bytes would be passed.
public sealed interface Splitting {

    /// Segments of `rows` rows, the last one shorter.
    record BatchSize(int rows) implements Splitting {}

    /// `count` segments whose sizes differ by one at most, the larger ones first.
    record SegmentCount(int count) implements Splitting {}

    /// As large as the provider takes.
    record Auto() implements Splitting {}
}
