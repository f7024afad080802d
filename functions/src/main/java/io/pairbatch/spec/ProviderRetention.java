package io.pairbatch.spec;

import java.util.Locale;

/// What happens to the files and batches at the provider once their content is in S3.
public enum ProviderRetention {
    /// They stay until the provider deletes them, or the job is deleted.
    KEEP,
    /// They are deleted as soon as they have been collected.
    DELETE_AFTER_COLLECT;

    /// As written in a job file.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
