package io.pairbatch.results;

import io.pairbatch.job.JobFiles;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// `parts/table.json`: what the owner of the table should know of its rows.
public final class TableFile {

    private TableFile() {}

    public static void write(JobStore store, TableReport table) throws IOException {
        try (Draft draft = store.create(JobFiles.TABLE)) {
            draft.write((table.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
            draft.commit();
        }
    }

    /// What the split wrote; nothing to tell if an older version did.
    public static TableReport read(JobStore store) throws IOException {
        Optional<InputStream> file = store.open(JobFiles.TABLE);
        if (file.isEmpty()) {
            return TableReport.NONE;
        }
        try (InputStream in = file.get()) {
            return TableReport.fromJson(Json.MAPPER.readTree(in));
        }
    }
}
