package io.pairbatch.results;

import static io.pairbatch.text.JsonWalk.members;

import io.pairbatch.job.JobFiles;
import io.pairbatch.pairs.Pair;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.JsonLine;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// By what the answers of a batch that somebody else has made are known. Its `batch_NN_input.jsonl` holds that in place
/// of requests, which are not known: a line `{"row":12,"custom_id":…}` for each pair. Held in memory: the ids of one
/// batch.
public final class SentIds {

    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, Long> rows;

    private SentIds(Map<String, Long> rows) {
        this.rows = rows;
    }

    /// Those of a segment.
    public static SentIds read(JobStore store, int segment) throws IOException {
        String name = JobFiles.input(segment);
        Map<String, Long> rows = new HashMap<>();
        try (InputStream in = store.open(name).orElseThrow(() -> new FileNotFoundException(name));
                JsonParser json = JSON.createParser(ObjectReadContext.empty(), in)) {
            while (json.nextToken() != null) {
                long row = 0;
                String id = "";
                for (String member : members(json)) {
                    switch (member) {
                        case "row" -> row = json.getLongValue();
                        case "custom_id" -> id = json.getString();
                    }
                }
                rows.put(id, row);
            }
        }
        return new SentIds(rows);
    }

    /// The row of the pair with this id; 0 if the batch has none.
    public long row(String id) {
        return rows.getOrDefault(id, 0L);
    }

    /// Writes a line of the file.
    ///
    /// @param line is emptied first
    public static void write(JsonLine line, Pair pair, String id) {
        line.reset();
        line.raw("{\"row\":" + pair.row() + ",\"custom_id\":").string(id).raw("}\n");
    }
}
