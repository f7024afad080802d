package io.pairbatch.oracles.wire;

import io.pairbatch.pairs.Pair;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.split.StandardRules;
import io.pairbatch.store.JsonLine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Our request lines.
final class Requests {

    static final String TOKEN = "0a1b2c3d";

    /// Texts that a JSON writer may get wrong.
    static final String TEXT_1 = "one \"quoted\" \\ </b>\n\t\u2028 \u05e9 \ud83d\ude42";

    static final String TEXT_2 = "two {SAMPLE_1}";

    /// The prompt of the lines.
    static final String PROMPT = "T: D. " + TEXT_1 + "|" + TEXT_2;

    private Requests() {}

    /// A line with its `\n`, for a job that must be accepted.
    ///
    /// @param fields of job.json, including the backend and the model
    /// @param row the pair's number
    static String line(String fields, long row) throws IOException {
        String json = """
                {"trait_name": "T", "trait_description": "D.",
                "prompt_template": "{TRAIT_NAME}: {TRAIT_DESCRIPTION} {SAMPLE_1}|{SAMPLE_2}", %s}""".formatted(fields);
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        JobSpec spec = StandardRules.reader()
                .read(List.of(SpecLayer.parse("job.json", new ByteArrayInputStream(bytes))), name -> Optional.empty());
        ProviderFormat format = Providers.format(spec.backend());
        JsonLine line = new JsonLine(format.limits().requestBytes());
        format.requests(spec, TOKEN).write(line, new Pair(row, "A", "B", TEXT_1, TEXT_2, new LinkedHashMap<>()));
        return new String(line.toBytes(), StandardCharsets.UTF_8);
    }
}
