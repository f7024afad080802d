package io.pairbatch.chaos.provider;

/// What a provider is asked for.
public enum Operation {
    UPLOAD,
    CREATE,
    RETRIEVE,
    LIST,
    DOWNLOAD,
    CANCEL,
    DELETE_FILE,
    DELETE_BATCH,
    LIVE,
    /// Anything else, such as a look at a file.
    OTHER
}
