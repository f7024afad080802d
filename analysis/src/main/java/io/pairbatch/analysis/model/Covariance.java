package io.pairbatch.analysis.model;

/// The covariance of abilities that sum to zero: the pseudo-inverse of an information matrix, which is the
/// Laplacian of the pairs by their weights.
interface Covariance {

    /// Whether the figures are exact, but for rounding.
    boolean exact();

    double variance(int item);

    /// Of the difference between two items.
    double ofDifference(int one, int other);

    /// Of the difference between the items of each pair.
    ///
    /// @param weights those of the information
    double[] ofPairs(Pairs pairs, double[] weights);

    /// The covariance times a vector that sums to zero.
    double[] times(double[] vector);

    /// The diagonal of `V L V`, where L is the Laplacian of the pairs by other weights: the middle of a sandwich.
    double[] sandwich(Pairs pairs, double[] weights);
}
