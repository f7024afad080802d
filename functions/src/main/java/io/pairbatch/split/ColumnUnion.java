package io.pairbatch.split;

import io.pairbatch.job.JobFiles;
import io.pairbatch.pairs.Pair;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.JsonLine;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/// The columns of all accepted rows in order of first appearance. For a CSV file, these are its header; for a JSONL
/// file they are collected, and saved between two calls. Holds at most 10,000 names.
final class ColumnUnion {

    private static final int MAX_COLUMNS = 10_000;
    private static final String SAVED = "columns.json";

    private final String fileName;
    private final boolean gathers;
    private final Set<String> names = new LinkedHashSet<>();

    private ColumnUnion(String fileName, List<String> header) {
        this.fileName = fileName;
        this.gathers = header.isEmpty();
        names.addAll(header);
    }

    /// @param segments written before; the names that were saved after that many segments are read
    static ColumnUnion of(String fileName, List<String> header, JobStore store, int segments) throws IOException {
        ColumnUnion union = new ColumnUnion(fileName, header);
        if (union.gathers && segments > 0) {
            Optional<InputStream> saved = store.open(JobFiles.part(SAVED, segments));
            if (saved.isEmpty()) {
                throw new IOException("The columns after segment " + segments + " do not exist");
            }
            try (InputStream in = saved.get()) {
                new JsonMapper().readTree(in).forEach(name -> union.names.add(name.stringValue()));
            }
        }
        return union;
    }

    void add(Pair pair) {
        if (gathers && names.addAll(pair.columns().keySet()) && names.size() > MAX_COLUMNS) {
            throw new JobRejectedException(new Problem(
                    ErrorCode.INPUT_COLUMNS,
                    fileName + ", row " + pair.row(),
                    "more than " + MAX_COLUMNS + " different names of columns",
                    "objects with the same names"));
        }
    }

    /// Saves the names for the next call. The file name contains the number of segments, so that a repeated call reads
    /// the same as the first time.
    void save(JobStore store, int segments) throws IOException {
        if (gathers) {
            writeTo(store, JobFiles.part(SAVED, segments));
        }
    }

    /// Writes the names as one JSON list.
    void writeTo(JobStore store, String file) throws IOException {
        JsonLine json = new JsonLine(Integer.MAX_VALUE);
        String before = "[";
        for (String name : names) {
            json.raw(before).string(name);
            before = ",";
        }
        json.raw(names.isEmpty() ? "[]\n" : "]\n");
        try (Draft draft = store.create(file)) {
            json.writeTo(draft);
            draft.commit();
        }
    }
}
