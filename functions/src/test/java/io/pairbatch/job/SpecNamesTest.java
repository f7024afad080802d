package io.pairbatch.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpecNamesTest {

    @Test
    void countsInsertionsDeletionsSubstitutionsAndSwaps() {
        assertThat(SpecNames.distance("", "abc")).isEqualTo(3);
        assertThat(SpecNames.distance("model", "model")).isZero();
        assertThat(SpecNames.distance("modle", "model")).isEqualTo(1);
        assertThat(SpecNames.distance("kitten", "sitting")).isEqualTo(3);
    }

    @Test
    void suggestsOnlyWhatIsNear() {
        assertThat(SpecNames.nearest("Model")).contains("model");
        assertThat(SpecNames.nearest("batchSize")).contains("batch_size");
        assertThat(SpecNames.nearest("trait_desc")).isEmpty();
        assertThat(SpecNames.nearest("weight")).isEmpty();
    }
}
