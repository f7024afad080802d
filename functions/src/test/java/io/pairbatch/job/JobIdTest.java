package io.pairbatch.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.SpecTexts;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobIdTest {

    private static final String SPEC = "{\"model\": \"gpt-4.1\", \"trait_name\": \"organization\"}";

    @Test
    void aSlugIsAlwaysValidAndNeverEmpty() {
        assertThat(JobId.slug("Essays 2026, 1st Round!")).isEqualTo("essays-2026-1st-round");
        assertThat(JobId.slug("Prüfung_Élan")).isEqualTo("prufung-elan");
        assertThat(JobId.slug("--日本--")).isEqualTo("job");
        assertThat(JobId.slug("")).isEqualTo("job");
        assertThat(JobId.slug("x".repeat(49) + "-yy")).isEqualTo("x".repeat(49));
        assertThat(JobId.slug("a".repeat(80))).hasSize(50);
    }

    @Test
    void theSameFileAndSpecificationAreTheSameJobAndAnyChangeIsAnother() throws IOException {
        JobSpec spec = SpecTexts.read(SPEC);
        ResolvedJob.Source source = new ResolvedJob.Source("b", "inbox/a/p.csv", "v1", "e", 5);
        String id = JobId.of("a", source, spec);
        assertThat(id).matches("a-[0-9a-f]{8}");
        assertThat(JobId.of("a", new ResolvedJob.Source("b", "inbox/a/p.csv", "v2", "e", 5), SpecTexts.read(SPEC)))
                .isEqualTo(id);
        Set<String> others = new HashSet<>();
        others.add(JobId.of("a", new ResolvedJob.Source("bi", "nbox/a/p.csv", "v1", "e", 5), spec));
        others.add(JobId.of("a", new ResolvedJob.Source("b", "inbox/a/p.csv", "v1", "f", 5), spec));
        others.add(JobId.of("a", new ResolvedJob.Source("b", "inbox/a/p.csv", "v1", "e", 6), spec));
        others.add(JobId.of("a", source, SpecTexts.read(SPEC, "{\"run\": 2}")));
        others.add(JobId.of("a", source, SpecTexts.read(SPEC, "{\"temperature\": 0}")));
        assertThat(others).hasSize(5).doesNotContain(id);
        assertThat(new WireId(JobId.token(id), 7, 1)).hasToString(id.substring(2) + "-7");
    }
}
