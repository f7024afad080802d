package io.pairbatch.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.registry.TakenOverException;
import io.pairbatch.store.Draft;
import io.pairbatch.testing.JobFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A call of a function that goes on after another one has ended the job.
class OwnedStoreTest {

    private final JobFixture fixture = new JobFixture();
    private OwnedStore store;

    @BeforeEach
    void aJob() throws Exception {
        fixture.split(1);
        fixture.files.put("old", "x");
        store = new OwnedStore(fixture.files, fixture.jobs, fixture.fence());
    }

    @Test
    void whileTheJobIsTheCallsOwnItWrites() throws Exception {
        fixture.clock.advance(Duration.ofMinutes(10));
        write("one");
        store.delete("old");
        assertThat(store.putNew("two", new byte[] {'2'})).isTrue();
        assertThat(fixture.files.texts())
                .containsEntry("one", "1")
                .containsEntry("two", "2")
                .doesNotContainKey("old");
    }

    @Test
    void whoComesLateToAJobThatIsDoneChangesNothing() throws Exception {
        fixture.jobs.finish(
                fixture.fence(), fixture.clock.instant(), 1, 0, new TreeMap<>(), null, "rules", null, null, 0, false);
        fixture.clock.advance(Duration.ofMinutes(1));
        nothingIsWritten();
    }

    @Test
    void whoComesLateToAJobThatAnotherHasTakenChangesNothing() throws Exception {
        fixture.jobs.claims().take(JobFixture.JOB, "another", fixture.fence().epoch() + 1);
        fixture.clock.advance(Duration.ofMinutes(1));
        nothingIsWritten();
    }

    private void nothingIsWritten() {
        assertThatThrownBy(() -> write("one")).isInstanceOf(TakenOverException.class);
        assertThatThrownBy(() -> store.delete("old")).isInstanceOf(TakenOverException.class);
        assertThatThrownBy(() -> store.putNew("two", new byte[] {'2'})).isInstanceOf(TakenOverException.class);
        assertThat(fixture.files.texts()).containsOnlyKeys("old");
    }

    private void write(String name) throws IOException {
        try (Draft draft = store.create(name)) {
            draft.write("1".getBytes(StandardCharsets.UTF_8));
            draft.commit();
        }
    }
}
