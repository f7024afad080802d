package io.pairbatch.chaos.provider;

/// The operations of a provider.
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
    /// Anything else, such as reading a file's metadata.
    OTHER
}
