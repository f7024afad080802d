package io.pairbatch.simulator.fault;

/// What a caller can ask for, as fault rules name it.
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
