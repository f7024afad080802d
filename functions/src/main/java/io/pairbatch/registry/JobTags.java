package io.pairbatch.registry;

import static io.pairbatch.registry.JobAttributes.*;

import io.pairbatch.spec.Filing;
import io.pairbatch.spec.Output;
import io.pairbatch.text.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the JOB item says of a job for those who list and watch it; nothing that is done depends on it.
///
/// @param verbose whether to tell each segment
public record JobTags(Filing filing, boolean verbose) {

    public static final JobTags NONE = new JobTags(Filing.NONE, false);

    /// Those of a specification.
    public static JobTags of(Output output) {
        return new JobTags(output.filing(), output.verbose());
    }

    static JobTags of(Row row) {
        Map<String, String> labels = new LinkedHashMap<>();
        Json.MAPPER
                .readTree(row.get(LABELS, "{}"))
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().stringValue()));
        return new JobTags(new Filing(row.get(STUDY, ""), labels), row.get(VERBOSE, false));
    }

    Row on(Row row) {
        return row.with(STUDY, study()).with(LABELS, labels()).with(VERBOSE, verbose ? true : null);
    }

    List<Change> changes() {
        return List.of(STUDY.to(study()), LABELS.to(labels()), VERBOSE.to(verbose ? true : null));
    }

    private @Nullable String study() {
        return filing.study().isEmpty() ? null : filing.study();
    }

    private @Nullable String labels() {
        return filing.labels().isEmpty() ? null : Json.MAPPER.writeValueAsString(filing.labels());
    }
}
