package io.pairbatch.registry;

/// The key of an item.
///
/// @param jobId the partition key: a job's ID, or that of an account
/// @param item the sort key
record ItemKey(String jobId, String item) {}
