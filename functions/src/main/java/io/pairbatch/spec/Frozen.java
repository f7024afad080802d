package io.pairbatch.spec;

/// Which frozen jobs hold a field. What is written is what a job's id is made of, so this never changes for a field.
/// One that is added takes [#UNLESS_DEFAULT] or [#NEVER].
enum Frozen {
    /// All of them.
    ALWAYS,
    /// All that are frozen today. In older ones it may be missing, and then has its default.
    ALWAYS_TODAY,
    /// Those whose value is not the default: a file that was dropped before there was such a field stays the same job.
    UNLESS_DEFAULT,
    /// None: the field decides nothing after the job was read.
    NEVER
}
