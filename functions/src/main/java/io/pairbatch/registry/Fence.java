package io.pairbatch.registry;

/// Who acts for a job: checked by every write that leads to costs.
///
/// @param owner ARN of the acting execution
public record Fence(String jobId, String owner, long epoch) {}
