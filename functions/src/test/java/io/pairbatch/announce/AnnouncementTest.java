package io.pairbatch.announce;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.pairs.TableReport;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.JobRecord;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.JobTags;
import io.pairbatch.registry.StrayBatches;
import io.pairbatch.spec.Filing;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AnnouncementTest {

    private static final String LONGEST_ID = "a".repeat(50) + "-01234567";
    private static final TableReport REJECTED = new TableReport(
            new TreeMap<>(Map.of("missing_text", new TableReport.Rows(1, List.of(3L), "ID1 is empty"))),
            new TreeMap<>());
    private static final Announcement.Place PLACE = new Announcement.Place("bucket", "eu-central-1");

    @ParameterizedTest
    @EnumSource
    void theSubjectIsAcceptedBySns(JobState state) {
        String subject = Announcement.of(LONGEST_ID, state, null, null, PLACE).subject();
        assertThat(subject).hasSizeLessThanOrEqualTo(100).isPrintable().isASCII();
    }

    @Test
    void aFinishedJobIsAnnouncedWithCountsAndLinks() {
        Announcement told = Announcement.of("essays-01234567", JobState.DONE, null, job(JobState.DONE, null), PLACE);
        JsonNode json = new JsonMapper().readTree(told.json());
        assertThat(json.path("observed").asInt()).isEqualTo(7);
        assertThat(json.path("failed").asInt()).isEqualTo(2);
        assertThat(json.path("rejected").asInt()).isEqualTo(1);
        assertThat(json.path("cost_usd").stringValue()).isEqualTo("0.5");
        assertThat(json.path("outcome").stringValue()).isEqualTo("done with losses");
        assertThat(told.subject()).isEqualTo("Pairbatch: essays-01234567: done with losses");
        assertThat(json.path("results").stringValue()).isEqualTo("s3://bucket/jobs/essays-01234567/");
        assertThat(json.path("next").stringValue()).startsWith("./pairbatch doctor ");
        assertThat(json.path("cancelled").asBoolean(true)).isFalse();
        assertThat(json.path("console").stringValue())
                .isEqualTo("https://eu-central-1.console.aws.amazon.com/s3/buckets/bucket"
                        + "?region=eu-central-1&prefix=jobs/essays-01234567/");
        assertThat(told.mail()).startsWith(told.subject() + "\n\n").contains("\nobserved: 7\n", "\ncost_usd: 0.5\n");
    }

    @Test
    void whatHasNoJudgementIsToldByReasonWithExamples() {
        Announcement told = Announcement.of("essays-01234567", JobState.DONE, null, job(JobState.DONE, null), PLACE);
        JsonNode json = new JsonMapper().readTree(told.json());
        assertThat(json.path("rejected_by_reason")).hasToString("{\"missing_text\":{\"rows\":1,\"first\":[3]}}");
        assertThat(json.path("failed_by_code")).hasToString("{\"no_tag\":{\"rows\":2,\"first\":[4,7]}}");
        assertThat(told.mail())
                .contains(
                        "\nrejected: 1 missing_text (row 3); failed: 2 no_tag (the answer names no winner; rows 4, 7)\n");
        // The failures of a job that goes on are those of an earlier end.
        Announcement stopped =
                Announcement.of("essays-01234567", JobState.FAILED, "STALLED", job(JobState.FAILED, "STALLED"), PLACE);
        assertThat(stopped.mail())
                .contains("\nrejected: 1 missing_text (row 3)\n")
                .doesNotContain("no_tag");
    }

    @Test
    void aJobOfWhichNothingWasJudgedIsNotJustDone() {
        Announcement told = Announcement.of(LONGEST_ID, JobState.DONE, null, job(JobState.DONE, null, 0, 9), PLACE);
        assertThat(told.subject())
                .isEqualTo("Pairbatch: " + LONGEST_ID + ": ended: nothing judged")
                .hasSizeLessThanOrEqualTo(100);
        Announcement well = Announcement.of("a-01234567", JobState.DONE, null, job(JobState.DONE, null, 98, 2), PLACE);
        assertThat(well.subject()).isEqualTo("Pairbatch: a-01234567 is DONE");
        assertThat(well.mail()).contains("\noutcome: done\n");
    }

    @Test
    void studyAndLabelsAreToldToProgramsAndPeople() {
        Announcement told = Announcement.of("essays-01234567", JobState.DONE, null, job(JobState.DONE, null), PLACE);
        JsonNode json = new JsonMapper().readTree(told.json());
        assertThat(json.path("study").stringValue()).isEqualTo("reading 2026");
        assertThat(json.path("labels").toString()).isEqualTo("{\"wave\":\"2\"}");
        assertThat(told.mail()).contains("\nstudy: reading 2026\n", "\nlabel wave: 2\n");
    }

    @Test
    void aStoppedJobIsAnnouncedWithCodeAndRemedyButNoMessage() {
        Announcement told = Announcement.of(
                "essays-01234567",
                JobState.WAITING_FOR_KEY,
                "KEY_REFUSED",
                job(JobState.WAITING_FOR_KEY, "KEY_REFUSED"),
                PLACE);
        JsonNode json = new JsonMapper().readTree(told.json());
        assertThat(json.path("code").stringValue()).isEqualTo("KEY_REFUSED");
        assertThat(json.path("remedy").stringValue()).contains("key");
        assertThat(json.path("error").stringValue()).endsWith("/error.json");
        assertThat(json.path("observed").isNull()).isTrue();
        assertThat(told.json() + told.mail()).doesNotContain("what the provider said");
    }

    @Test
    void aJobIsAnnouncedEvenIfTheRegistryCannotBeRead() {
        Announcement told = Announcement.of("essays-01234567", JobState.DONE, null, null, PLACE);
        assertThat(told.json()).contains("\"job\":\"essays-01234567\"", "\"state\":\"DONE\"", "s3://bucket");
    }

    private static SortedMap<String, TableReport.Rows> failures(long failed) {
        return new TreeMap<>(Map.of("no_tag", new TableReport.Rows(failed, List.of(4L, 7L), "")));
    }

    private static JobRecord job(JobState state, @Nullable String code) {
        return job(state, code, 7, 2);
    }

    private static JobRecord job(JobState state, @Nullable String code, long observed, long failed) {
        return new JobRecord(
                "essays-01234567",
                "essays",
                state,
                "openai",
                "gpt-4.1",
                "inbox/essays/pairs.csv",
                null,
                null,
                null,
                null,
                true,
                10,
                9,
                1,
                1,
                1,
                observed,
                failed,
                failures(failed),
                "0.5",
                Costs.NONE,
                code,
                code == null ? null : "what the provider said",
                null,
                new StrayBatches(List.of(), 0, null),
                null,
                null,
                null,
                REJECTED,
                null,
                new JobTags(new Filing("reading 2026", Map.of("wave", "2")), false),
                false,
                false,
                null,
                List.of(),
                null,
                null);
    }
}
