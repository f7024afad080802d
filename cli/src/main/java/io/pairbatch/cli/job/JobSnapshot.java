package io.pairbatch.cli.job;

/// A job and its segments at one moment.
public record JobSnapshot(Job job, SegmentTotals segments) {}
