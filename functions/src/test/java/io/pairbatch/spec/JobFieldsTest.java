package io.pairbatch.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import io.pairbatch.job.JobId;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The tables of `docs/JOB.md` and `docs/job.schema.json` are generated from the declarations.
/// `-Dpairbatch.snapshots=write` rewrites them.
class JobFieldsTest {

    private static final Path DOCUMENT = Path.of("../docs/JOB.md");
    private static final Path SCHEMA = Path.of("../docs/job.schema.json");
    private static final String MINIMAL = "{\"model\": \"m\", \"trait_name\": \"T\", \"trait_description\": \"D\"}";

    /// At least one of them is a valid value of each field, and not its default.
    private static final List<String> VALUES = List.of(
            "true",
            "false",
            "7",
            "\"7m\"",
            "\"tolerant\"",
            "\"fail\"",
            "\"any\"",
            "\"chained\"",
            "\"delete_after_collect\"",
            "\"gemini\"",
            "{\"wave\": \"2\"}",
            "{\"ID1\": \"left\", \"text2\": null}",
            "[\"no_tag\"]",
            "{\"first\": \"built\", \"second\": \"in\", \"tie\": null}",
            "[{\"rows\": 2, \"batch_id\": \"b1\"}, {\"rows\": 1, \"batch_id\": null}]",
            "\"cancel\"",
            "{\"design\": \"per_sample\", \"k\": 2, \"order\": \"random\", \"anchors\": null}",
            "[{\"name\": \"mine\"}, {\"model\": \"other\"}]");

    @Test
    void theDocumentListsEachFieldAsItIsDeclared() throws IOException {
        String document = JobFieldTables.in(Files.readString(DOCUMENT));
        write(DOCUMENT, document);
        assertThat(Files.readString(DOCUMENT)).isEqualTo(document);
    }

    @Test
    void theSchemaMatchesTheDeclarations() throws IOException {
        String schema = JobSchema.text();
        write(SCHEMA, schema);
        assertThat(Files.readString(SCHEMA)).isEqualTo(schema);
    }

    private static void write(Path file, String text) throws IOException {
        if ("write".equals(System.getProperty("pairbatch.snapshots"))) {
            Files.writeString(file, text);
        }
    }

    @Test
    void noNameIsDeclaredTwiceOrAnOption() {
        List<String> names = new ArrayList<>();
        JobFields.all().forEach(field -> names.add(field.name()));
        assertThat(names).doesNotHaveDuplicates();
        for (Backend backend : Backend.values()) {
            OptionsReader options = Providers.options(backend);
            assertThat(names)
                    .doesNotContainAnyElementsOf(options.texts())
                    .doesNotContainAnyElementsOf(options.others());
        }
    }

    /// So a group reads each value from the field with the same name.
    @Test
    void aFieldThatIsSetChangesNothingElseOfTheFrozenJob() throws IOException {
        ObjectNode before = frozen(SpecTexts.read(MINIMAL));
        for (Field<?> field : JobFields.all()) {
            if (field.section() == Section.REFUSED || field.section() == Section.EDITOR) {
                continue;
            }
            String name = field.name();
            List<JsonNode> read = new ArrayList<>();
            for (String value : VALUES) {
                String json = "{\"" + name + "\": " + value + "}";
                JobSpec spec;
                try {
                    spec = SpecTexts.read(name.equals("prompt_template") ? template() : json, MINIMAL);
                } catch (JobRejectedException e) {
                    continue;
                }
                ObjectNode after = frozen(spec);
                assertThat(JobSpecJson.read(after, Providers::options)).as(name).isEqualTo(spec);
                read.add(after.path(name));
                // Another provider has other options, what others have made is read by their rules, and the texts of
                // samples are not repeated.
                if (!Set.of("backend", "adopted_batches", "pairing").contains(name)) {
                    after.remove(name);
                    ObjectNode others = before.deepCopy();
                    others.remove(name);
                    assertThat(after).as(name).isEqualTo(others);
                }
            }
            assertThat(read).as(name).isNotEmpty().anyMatch(value -> !value.equals(before.path(name)));
        }
    }

    private static String template() {
        return "{\"prompt_template\": \"other {TRAIT_NAME}{TRAIT_DESCRIPTION}{SAMPLE_1}{SAMPLE_2}\"}";
    }

    @Test
    void anExplicitDefaultIsTheSameJob() throws IOException {
        String before = JobSpecJson.canonical(SpecTexts.read(MINIMAL));
        for (Field<?> field : JobFields.all()) {
            String shown = field.unset();
            String value = shown.startsWith("`")
                    ? "\"" + shown.substring(1, shown.length() - 1) + "\""
                    : JobFieldTables.fallback(field).toString();
            if (shown.isEmpty() || shown.startsWith("`")) {
                assertThat(JobSpecJson.canonical(SpecTexts.read("{\"" + field.name() + "\": " + value + "}", MINIMAL)))
                        .as(field.name())
                        .isEqualTo(before);
            }
        }
    }

    /// A table that was dropped before a field was added must stay the same job.
    @Test
    void theIdOfAJobNeverChanges() throws IOException {
        ResolvedJob.Source source = new ResolvedJob.Source("b", "inbox/a/p.csv", "v1", "e", 5);
        assertThat(JobId.of("a", source, SpecTexts.read(MINIMAL))).isEqualTo("a-b4900faa");
    }

    @Test
    void theReferenceToTheSchemaIsNotPartOfTheJob() throws IOException {
        ResolvedJob.Source source = new ResolvedJob.Source("b", "inbox/a/p.csv", "v1", "e", 5);
        String id = JobId.of("a", source, SpecTexts.read(MINIMAL));
        for (String value : List.of("\"https://example.org/job.schema.json\"", "\"\"", "null", "3", "{}")) {
            JobSpec spec = SpecTexts.read("{\"$schema\": " + value + "}", MINIMAL);
            assertThat(JobId.of("a", source, spec)).isEqualTo(id);
            assertThat(frozen(spec).has("$schema")).isFalse();
        }
    }

    private static ObjectNode frozen(JobSpec spec) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Json.MAPPER.createGenerator(text)) {
            JobSpecJson.write(json, spec);
        }
        return (ObjectNode) Json.MAPPER.readTree(text.toString());
    }

    /// Its batches may be paid for: a check that came later must not stop it when the table is split once more.
    @Test
    void aJobThatWasFrozenBeforeTheChecksIsNotStoppedByThem() throws IOException {
        ObjectNode old = frozen(SpecTexts.read(MINIMAL));
        assertThat(old.path("max_bad_rows").stringValue()).isEqualTo("default");
        assertThat(old.path("texts_per_id").stringValue()).isEqualTo("one");
        old.putNull("max_bad_rows");
        old.remove("texts_per_id");
        JobSpec spec = JobSpecJson.read(old, Providers::options);
        assertThat(spec.batching().maxBadRows()).isEqualTo(new BadRowLimit.None());
        assertThat(spec.batching().textsPerId()).isEqualTo(TextsPerId.UNSAID);
        assertThat(frozen(spec)).isEqualTo(old);
    }

    @Test
    void theSameFilesDroppedAfterTheChecksCameAreNoChange() throws IOException {
        ObjectNode old = frozen(SpecTexts.read(MINIMAL));
        old.putNull("max_bad_rows");
        old.remove("texts_per_id");
        JobSpec before = JobSpecJson.read(old, Providers::options);
        assertThat(SpecChange.between(before, SpecTexts.read(MINIMAL))).isEmpty();
        assertThat(SpecChange.between(
                        before, SpecTexts.read("{\"max_bad_rows\": 5, \"texts_per_id\": \"any\"}", MINIMAL)))
                .extracting(SpecChange::toString)
                .containsExactly("max_bad_rows 5 instead of not set", "texts_per_id \"any\" instead of not set");
        assertThat(SpecChange.between(SpecTexts.read(MINIMAL), SpecTexts.read("{\"texts_per_id\": \"any\"}", MINIMAL)))
                .hasSize(1);
    }

    /// A drop with another value of one of these is another job, and paid for again: the list grows only on purpose.
    @Test
    void nothingElseMakesAnotherJob() {
        assertThat(JobFields.all().stream()
                        .filter(field -> field.part() == Part.JUDGED && field.section() != Section.EDITOR)
                        .map(Field::name))
                .containsExactly(
                        "backend",
                        "model",
                        "trait_name",
                        "trait_description",
                        "prompt_template",
                        "substitution",
                        "run",
                        "sample_seed",
                        "adopted_batches",
                        "pairing",
                        "both_orders",
                        "repeats",
                        "judges",
                        "columns");
    }

    @Test
    void theDocumentNamesEveryFieldThatMayChange() throws IOException {
        String document = Files.readString(DOCUMENT);
        String section = document.substring(document.indexOf("## Dropping the same table again"));
        String policy = section.substring(section.indexOf("**How the work"), section.indexOf("**How the winner"));
        String reading = section.substring(section.indexOf("**How the winner"), section.indexOf("**What the table"));
        String plan = section.substring(section.indexOf("**What the table"), section.indexOf("**`limit`**"));
        for (Field<?> field : JobFields.all()) {
            String name = "`" + field.name() + "`";
            boolean shown = field.section() != Section.REFUSED && field.section() != Section.EDITOR;
            assertThat(policy.contains(name)).as(name).isEqualTo(shown && field.part() == Part.POLICY);
            assertThat(reading.contains(name)).as(name).isEqualTo(shown && field.part() == Part.READING);
            assertThat(plan.contains(name)).as(name).isEqualTo(shown && field.part() == Part.PLAN);
        }
    }
}
