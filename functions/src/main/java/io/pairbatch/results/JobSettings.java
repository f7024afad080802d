package io.pairbatch.results;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// The settings of a frozen job for its result files.
public final class JobSettings {

    private static final JsonMapper JSON = new JsonMapper();

    private JobSettings() {}

    /// Reads the input's columns, which the split has written to `store` (at most 10,000 names).
    public static ResultSettings of(ResolvedJob job, JobStore store) throws IOException {
        List<String> columns = new ArrayList<>();
        try (InputStream in = store.open(JobFiles.COLUMNS)
                .orElseThrow(() -> new IOException(JobFiles.COLUMNS + " does not exist: the split did not finish"))) {
            JSON.readTree(in).forEach(name -> columns.add(name.stringValue()));
        }
        JobSpec spec = job.spec();
        return new ResultSettings(
                job.token(),
                spec.backend(),
                spec.model(),
                spec.prompt().rules(),
                spec.options().idPrefix(),
                spec.output().includeTexts(),
                spec.options().includeRaw(),
                spec.output().writeResultsCsv(),
                spec.output().formulaGuard(),
                columns,
                spec.isRescued(),
                spec.batching().repetition(),
                job.seat() == null ? ResultSettings.ONLY_JUDGE : job.seat().judge());
    }
}
