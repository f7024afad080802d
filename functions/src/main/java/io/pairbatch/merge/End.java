package io.pairbatch.merge;

import io.pairbatch.job.JobFiles;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// When a job ended, who had answered it, and what was to be said of it then.
///
/// @param at in every file
/// @param notices for users; what was looked up at the provider is not there to be looked up again
/// @param service its code; null if unknown
/// @param baseUrl where it was reached; null if unknown
record End(
        Instant at,
        List<String> notices,
        @Nullable String service,
        @Nullable String baseUrl) {

    End {
        notices = List.copyOf(notices);
    }

    /// The end of an outcome as the first merge of it said, which is kept in `parts/end.json`: a registry that is
    /// rebuilt, on a stack whose simulator listens elsewhere perhaps, writes the same bytes.
    ///
    /// @param outcome what is the same for the same outcome, and for no other
    /// @param now what is kept for an outcome that is new
    static End of(JobStore store, String outcome, End now) throws IOException {
        Optional<InputStream> known = store.open(JobFiles.END);
        if (known.isPresent()) {
            try (InputStream in = known.get()) {
                JsonNode json = Json.MAPPER.readTree(in);
                if (outcome.equals(json.path("outcome").asString(null))) {
                    List<String> notices = new ArrayList<>();
                    json.path("notices").forEach(notice -> notices.add(notice.stringValue()));
                    return new End(
                            Instant.parse(json.required("finished_at").stringValue()),
                            notices,
                            json.path("service").asString(null),
                            json.path("base_url").asString(null));
                }
            }
        }
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("outcome", outcome)
                .put("finished_at", now.at().toString())
                .put("service", now.service())
                .put("base_url", now.baseUrl());
        now.notices().forEach(json.putArray("notices")::add);
        try (Draft draft = store.create(JobFiles.END)) {
            draft.write(Json.MAPPER.writeValueAsBytes(json));
            draft.commit();
        }
        return now;
    }
}
