package io.pairbatch.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pairbatch.claim.Contents;
import io.pairbatch.claim.Judgement;
import io.pairbatch.pairing.DesignKind;
import io.pairbatch.pairing.Order;
import io.pairbatch.pairing.Pairing;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.testing.JobFixture;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairingFieldTest {

    @Test
    void whatIsLeftOutHasTheDefaultsOfTheCommand() throws IOException {
        assertThat(pairing("{\"design\": \"per_sample\", \"k\": 10}"))
                .isEqualTo(new Pairing(DesignKind.PER_SAMPLE, 10, null, null, 1, Order.AS_GIVEN, List.of()));
        assertThat(
                        pairing(
                                "{\"design\": \"random\", \"percent\": 10.50, \"pairs\": 7, \"seed\": -3, \"order\": \"both\"}"))
                .isEqualTo(new Pairing(DesignKind.RANDOM, null, 7L, new BigDecimal("10.5"), -3, Order.BOTH, List.of()));
        assertThat(pairing("{\"design\": \"linked\", \"k\": 2, \"anchors\": [\"b\", \"a\"], \"pairs\": null}"))
                .isEqualTo(new Pairing(DesignKind.LINKED, 2, null, null, 1, Order.AS_GIVEN, List.of("b", "a")));
    }

    @Test
    void allThatIsWrongIsToldAtOnceWithTheFullNames() {
        assertThat(problems("{\"desing\": \"all\", \"design\": \"random\", \"k\": 2, \"percent\": 0, \"seed\": \"x\","
                        + " \"anchors\": [\"a\", \"a\"]}"))
                .containsExactly(
                        "SPEC_UNKNOWN_FIELD: job.json, field `pairing.desing`: found a field that `pairing` does not"
                                + " have; expected perhaps `pairing.design`",
                        "SPEC_INVALID_VALUE: job.json, field `pairing.percent`: found the number 0; expected a number"
                                + " above 0, 100 at most, with at most 12 digits after the point",
                        "SPEC_INVALID_VALUE: job.json, field `pairing.seed`: found the text \"x\"; expected a whole"
                                + " number of 32 bits",
                        "SPEC_INVALID_VALUE: job.json, field `pairing.anchors`: found a list; expected a list of IDs,"
                                + " each a text and once",
                        "SPEC_CONFLICT: job.json, field `pairing.k`: found a value beside the design `random`, which"
                                + " has none; expected nothing: it is for `linked` and `per_sample`",
                        "SPEC_CONFLICT: job.json, field `pairing.anchors`: found a value beside the design `random`,"
                                + " which has none; expected nothing: it is for `linked`");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "{} ! `pairing.design`: found nothing; expected all, random, per_sample, linked",
                "{\"design\": \"some\"} ! `pairing.design`: found the text \"some\"; expected all, random, per_sample or linked",
                "{\"design\": \"per_sample\"} ! `pairing.k`: found nothing beside the design `per_sample`",
                "{\"design\": \"linked\", \"k\": 1} ! `pairing.anchors`: found nothing beside the design `linked`",
                "{\"design\": \"random\"} ! `pairing.pairs`: found nothing beside the design `random`",
                "{\"design\": \"all\", \"pairs\": 3} ! `pairing.pairs`: found a value beside the design `all`",
                "{\"design\": \"random\", \"percent\": 1e-40} ! `pairing.percent`: found the number",
                "[] ! `pairing`: found a list; expected an object such as",
            })
    void oneThatCannotBeIsRefused(String pairing, String problem) {
        assertThat(problems(pairing)).singleElement().asString().contains(problem);
    }

    @Test
    void aFrozenJobHasTheSame() throws IOException {
        for (String text : List.of(
                "{\"design\": \"all\", \"order\": \"alternate\"}",
                "{\"design\": \"random\", \"percent\": 1e1}",
                "{\"design\": \"linked\", \"k\": 2, \"anchors\": [\"b\"]}")) {
            JobSpec spec = JobFixture.spec("\"pairing\": " + text);
            JobSpec again = JobSpecJson.read(JobSpecJson.tree(spec), Providers::options);
            assertThat(again).isEqualTo(spec);
            assertThat(Judgement.of(again, false)).isEqualTo(Judgement.of(spec, false));
        }
    }

    @Test
    void aJobOfPairsIsFrozenAsBefore() throws IOException {
        assertThat(JobSpecJson.tree(JobFixture.spec("")).has("pairing")).isFalse();
        assertThat(JobSpecJson.tree(JobFixture.spec("")).has("max_comparisons")).isFalse();
    }

    @Test
    void anotherDesignIsAnotherDropButThePairsAreTheSame() throws IOException {
        JobSpec pairs = JobFixture.spec("");
        JobSpec one = JobFixture.spec("\"pairing\": {\"design\": \"all\"}");
        JobSpec same = JobFixture.spec("\"pairing\": {\"seed\": 1, \"design\": \"all\"}, \"max_comparisons\": 5");
        JobSpec other = JobFixture.spec("\"pairing\": {\"design\": \"all\", \"seed\": 2}");
        assertThat(Judgement.of(same, false)).isEqualTo(Judgement.of(one, false));
        assertThat(Judgement.of(other, false)).isNotEqualTo(Judgement.of(one, false));
        assertThat(Judgement.of(pairs, false)).isNotEqualTo(Judgement.of(one, false));
        assertThat(Contents.digest("00", one, false))
                .isEqualTo(Contents.digest("00", pairs, false))
                .isEqualTo(Contents.digest("00", other, false));
        assertThat(Judgement.same(one, pairs)).isTrue();
    }

    @Test
    void textsAreRepeatedOnlyIfTheJobSaysSo() throws IOException {
        String design = "\"pairing\": {\"design\": \"all\"}";
        assertThat(JobFixture.spec(design).output().includeTexts()).isFalse();
        assertThat(JobFixture.spec(design + ", \"include_texts\": true")
                        .output()
                        .includeTexts())
                .isTrue();
        assertThat(JobFixture.spec("").output().includeTexts()).isTrue();
    }

    @Test
    void batchesOfOthersHaveTheirPairs() {
        assertThat(
                        problemsOf(
                                "\"pairing\": {\"design\": \"all\"}, \"adopted_batches\": [{\"rows\": 1, \"batch_id\": \"b\"}]"))
                .singleElement()
                .asString()
                .contains("SPEC_CONFLICT", "field `pairing`");
    }

    private static Pairing pairing(String text) throws IOException {
        return JobFixture.spec("\"pairing\": " + text).batching().pairing().orElseThrow();
    }

    private static List<String> problems(String pairing) {
        return problemsOf("\"pairing\": " + pairing);
    }

    private static List<String> problemsOf(String fields) {
        return catchThrowableOfType(JobRejectedException.class, () -> JobFixture.spec(fields)).problems().stream()
                .map(Problem::message)
                .toList();
    }
}
