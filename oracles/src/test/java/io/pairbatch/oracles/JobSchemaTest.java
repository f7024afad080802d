package io.pairbatch.oracles;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every job file that we accept matches docs/job.schema.json, and a file with a single invalid field does not.
class JobSchemaTest {

    private static final Path DOCS = Path.of("../docs");
    private static final Path RESOURCES = Path.of("../functions/src/test/resources");
    private static final Pattern EXAMPLE = Pattern.compile("(?m)^ *(\\{\\s[^`{}]*\"trait_name\"[^`{}]*\\})");

    /// Problems that the schema does not express: an option's words and members, and known names.
    private static final Set<String> BEYOND_THE_SCHEMA = Set.of(
            "columns-of-pairs-beside-pairing.json",
            "columns-of-samples.json",
            "endpoint.json",
            "judges-twice.json",
            "judges-with-a-misspelt-backend.json",
            "labels-beside-the-tag.json",
            "labels-of-verdicts-filed.json",
            "labels-of-which-one-holds-another.json",
            "labels-that-are-only-placeholders.json",
            "labels-that-the-template-does-not-name.json",
            "metadata-of-other-kinds.json",
            "metadata-too-long.json",
            "metadata-too-much.json",
            "misspelt-template.json",
            "misspelt-trait.json",
            "repeats-of-others.json",
            "trait-without-description.json");

    private final Schema schema;

    JobSchemaTest() throws IOException {
        schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(DOCS.resolve("job.schema.json")));
    }

    private boolean accepts(String job) {
        return schema.validate(job, InputFormat.JSON).isEmpty();
    }

    @Test
    void everyExampleIsAccepted() throws IOException {
        List<String> examples = new ArrayList<>();
        examples.add(Files.readString(Path.of("../examples/essays/job.json")));
        List<Path> documents =
                new ArrayList<>(List.of(Path.of("../README.md"), Path.of("../examples/essays/README.md")));
        try (Stream<Path> files = Files.list(DOCS)) {
            files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
        }
        for (Path document : documents) {
            Matcher found = EXAMPLE.matcher(Files.readString(document));
            while (found.find()) {
                examples.add(found.group(1));
            }
        }
        assertThat(examples)
                .hasSizeGreaterThan(3)
                .allSatisfy(job -> assertThat(schema.validate(job, InputFormat.JSON))
                        .as(job)
                        .isEmpty());
    }

    @Test
    void everyJobOfTheContractThatIsAcceptedIsAcceptedByTheSchema() throws IOException {
        Map<String, String> jobs = new TreeMap<>();
        try (Stream<Path> cases = Files.list(RESOURCES.resolve("contract"))) {
            for (Path folder : cases.toList()) {
                if (!Files.exists(folder.resolve("problems.txt"))) {
                    jobs.put(folder.getFileName().toString(), Files.readString(folder.resolve("job.json")));
                }
            }
        }
        assertThat(jobs)
                .hasSizeGreaterThan(100)
                .allSatisfy((name, job) ->
                        assertThat(schema.validate(job, InputFormat.JSON)).isEmpty());
    }

    @Test
    void everyCaseHasTheSameResultAsWithTheReader() throws IOException {
        Set<String> acceptedBySchemaOnly = new TreeSet<>();
        try (Stream<Path> specs = Files.list(RESOURCES.resolve("spec"))) {
            for (Path spec :
                    specs.filter(file -> file.toString().endsWith(".json")).toList()) {
                String problems = Files.readString(Path.of(spec.toString().replace(".json", ".txt")));
                // The schema only applies to valid JSON.
                if (problems.contains("SPEC_NOT_JSON")) {
                    continue;
                }
                boolean accepted = accepts(Files.readString(spec));
                if (problems.isEmpty()) {
                    assertThat(accepted).as(spec.toString()).isTrue();
                } else if (accepted) {
                    acceptedBySchemaOnly.add(spec.getFileName().toString());
                }
            }
        }
        assertThat(acceptedBySchemaOnly).isEqualTo(BEYOND_THE_SCHEMA);
    }

    @Test
    void anInvalidFieldIsDetected() {
        String job = "{\"model\": \"m\", \"trait_name\": \"T\", \"trait_description\": \"D\"%s}";
        assertThat(Stream.of(
                        "",
                        ", \"$schema\": \"../docs/job.schema.json\"",
                        ", \"backend\": null, \"endpoint\": \"responses\"",
                        ", \"backend\": \"anthropic\", \"thinking_budget_tokens\": 2000",
                        ", \"batch_size\": 5, \"n_segments\": null",
                        ", \"max_bad_rows\": \" 2.5 %\", \"max_stall\": \"PT24H\"",
                        ", \"max_bad_rows\": \"default\", \"texts_per_id\": \"any\"",
                        ", \"columns\": {\"ID1\": \"left\", \"text1\": null}",
                        ", \"judges\": [], \"notify\": null"))
                .allMatch(more -> accepts(job.formatted(more)));
        assertThat(Stream.of(
                        ", \"Model\": \"m\"",
                        ", \"backend\": \"gemini\", \"endpoint\": \"responses\"",
                        ", \"thinking_budget_tokens\": 2000",
                        ", \"batch_size\": 5, \"n_segments\": 2",
                        ", \"max_bad_rows\": \"101%\"",
                        ", \"texts_per_id\": \"two\"",
                        ", \"max_stall\": \"soon\"",
                        ", \"interval_seconds\": 0",
                        ", \"limit\": 1000001",
                        ", \"columns\": {\"id1\": \"left\"}",
                        ", \"columns\": {\"ID1\": \"\"}",
                        ", \"tag_mode\": \"loose\"",
                        ", \"keep_jsonl\": \"yes\"",
                        ", \"repeats\": 0",
                        ", \"temperature\": \"hot\""))
                .noneMatch(more -> accepts(job.formatted(more)));
    }
}
