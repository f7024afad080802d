package io.pairbatch.simulator.fault;

/// The operations of the APIs, as fault rules name them.
public enum Operation {
    UPLOAD,
    LIST_FILES,
    RETRIEVE_FILE,
    DOWNLOAD,
    DELETE_FILE,
    CREATE,
    RETRIEVE,
    LIST,
    CANCEL,
    DELETE,
    LIVE
}
