package io.pairbatch.simulator;

/// What a caller can ask for, as fault rules name it.
enum Operation {
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
