package io.pairbatch.registry;

/// Where an item lies.
///
/// @param jobId the partition: a job's id, or that of an account
/// @param item the sort key
record ItemKey(String jobId, String item) {}
