package io.pairbatch.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import io.pairbatch.claim.Judgement;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.text.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PanelReaderTest {

    private static final String JOB = "{\"trait_name\": \"organization\", \"temperature\": 0.5, \"limit\": 20,";

    private static List<JobSpec> judges(JobSpec job) {
        return job.judges().stream()
                .map(judge -> JobSpecJson.judge(job, judge, Providers::options))
                .toList();
    }

    @Test
    void eachJudgeIsReadAsAJobOfItsOwn() throws IOException {
        JobSpec job = SpecTexts.read(JOB + """
                "judges": [{"model": "gpt-4.1"},
                  {"name": "claude", "backend": "anthropic", "model": "claude-sonnet-4-5", "max_tokens": 50},
                  {"name": "plain", "model": "gpt-4.1", "temperature": null}]}""");
        assertThat(job.judges()).extracting(Judge::name).containsExactly("gpt-4.1", "claude", "plain");
        assertThat(judges(job))
                .containsExactly(
                        SpecTexts.read(JOB + "\"model\": \"gpt-4.1\"}"),
                        SpecTexts.read(JOB + "\"backend\": \"anthropic\", \"model\": \"claude-sonnet-4-5\","
                                + " \"max_tokens\": 50}"),
                        SpecTexts.read("{\"trait_name\": \"organization\", \"limit\": 20, \"model\": \"gpt-4.1\"}"));
    }

    @Test
    void optionsOfTheJobAreThoseOfJudgesWhoseProviderHasThem() throws IOException {
        JobSpec job = SpecTexts.read("""
                {"trait_name": "organization", "logprobs": true, "anthropic_version": "2023-06-02", "judges": [{"model": "gpt-4.1"},
                  {"backend": "anthropic", "model": "claude-sonnet-4-5"}]}""");
        assertThat(judges(job))
                .containsExactly(
                        SpecTexts.read(
                                "{\"trait_name\": \"organization\", \"logprobs\": true, \"model\": \"gpt-4.1\"}"),
                        SpecTexts.read("{\"trait_name\": \"organization\", \"anthropic_version\": \"2023-06-02\","
                                + " \"backend\": \"anthropic\", \"model\": \"claude-sonnet-4-5\"}"));
    }

    @Test
    void aTraitOfItsOwnHasNotTheDescriptionOfTheOthers() throws IOException {
        JobSpec job = SpecTexts.read("{\"model\": \"m\", \"trait_description\": \"Clear.\", \"judges\":"
                + " [{\"name\": \"a\"}, {\"name\": \"b\", \"trait_name\": \"organization\"}]}");
        assertThat(judges(job))
                .extracting(spec -> spec.prompt().trait().description())
                .containsExactly("Clear.", "Order.");
    }

    @Test
    void theFrozenJobIsAJobFileForTheSameJudges() throws IOException {
        JobSpec job = SpecTexts.read(JOB + """
                "judges": [{"model": "gpt-4.1", "top_p": 0.5},
                  {"name": "claude", "backend": "anthropic", "model": "claude-sonnet-4-5", "prompt_template":
                    "{TRAIT_NAME}{TRAIT_DESCRIPTION}{SAMPLE_1}{SAMPLE_2}"},
                  {"name": "plain", "model": "gpt-4.1", "temperature": null}]}""");
        String frozen = JobSpecJson.tree(job).toString();
        assertThat(SpecTexts.read(frozen)).isEqualTo(job);
        assertThat(JobSpecJson.read(Json.MAPPER.readTree(frozen), Providers::options))
                .isEqualTo(job);
    }

    @Test
    void howTheWorkOfTheJobIsDoneIsHowThatOfEachJudgeIs() throws IOException {
        JobSpec job = SpecTexts.read("{\"model\": \"m\", \"trait_name\": \"organization\", \"interval_seconds\": 7,"
                + " \"judges\": [{\"name\": \"a\"}, {\"name\": \"b\", \"backend\": \"gemini\"}]}");
        assertThat(judges(job)).extracting(JobSpec::backend).containsExactly(Backend.OPENAI, Backend.GEMINI);
        assertThat(judges(job))
                .extracting(spec -> spec.polling().intervalSeconds())
                .containsOnly(7);
    }

    @Test
    void otherJudgesAreAnotherJob() throws IOException {
        String one = "{\"name\": \"a\"}";
        String other = "{\"name\": \"b\", \"model\": \"n\"}";
        JobSpec both = judged(one + "," + other);
        assertThat(List.of(judged(one), judged(other + "," + one), judged(one + ", {\"model\": \"n\"}")))
                .allSatisfy(spec -> assertThat(Judgement.of(spec, false).text())
                        .isNotEqualTo(Judgement.of(both, false).text()));
        assertThat(Judgement.of(judged(one + ", {\"name\": \"b\", \"model\": \"n\", \"max_cost_usd\": 1}"), false)
                        .text())
                .isEqualTo(Judgement.of(both, false).text());
    }

    private static JobSpec judged(String judges) throws IOException {
        return SpecTexts.read("{\"model\": \"m\", \"trait_name\": \"organization\", \"judges\": [" + judges + "]}");
    }

    @Test
    void theTemplatesOfAllJudgesBelongToTheJob() throws IOException {
        List<SpecLayer> layers = SpecTexts.layers("{\"model\": \"m\", \"prompt_template\": \"mine.txt\", \"judges\":"
                + " [{\"name\": \"a\"}, {\"name\": \"b\", \"prompt_template\": \"other.txt\"}]}");
        assertThat(SpecTexts.reader().filesNeeded(layers)).containsExactlyInAnyOrder("mine.txt", "other.txt");
        JobSpec job = SpecTexts.reader()
                .read(
                        List.of(
                                layers.getFirst(),
                                SpecTexts.layers("{\"trait_name\": \"organization\"}")
                                        .getFirst()),
                        SpecTexts.files(Map.of(
                                "mine.txt", "mine {TRAIT_NAME}{TRAIT_DESCRIPTION}{SAMPLE_1}{SAMPLE_2}",
                                "other.txt", "other {TRAIT_NAME}{TRAIT_DESCRIPTION}{SAMPLE_1}{SAMPLE_2}")));
        assertThat(judges(job))
                .extracting(spec -> spec.prompt().template().substring(0, 5))
                .containsExactly("mine ", "other");
    }
}
