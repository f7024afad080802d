package io.pairbatch.spec;

/// Which frozen jobs hold a field. A drop is known again by what is written of its judged fields, so this never changes
/// for a field. A new field uses [#UNLESS_DEFAULT] or [#NEVER].
enum Frozen {
    /// All of them.
    ALWAYS,
    /// All that are frozen today. Older ones may lack it, and then have the default that it had then.
    ALWAYS_TODAY,
    /// Those whose value is not the one of jobs without the field, mostly the default: a file that was dropped before
    /// the field existed stays the same job.
    UNLESS_DEFAULT,
    /// None: the field has no effect after the job was read.
    NEVER
}
