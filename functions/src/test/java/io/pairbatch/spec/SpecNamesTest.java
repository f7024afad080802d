package io.pairbatch.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.provider.catalog.Providers;
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
    void suggestsOnlySimilarNames() {
        assertThat(SpecNames.nearest("Model", Providers::options)).contains("model");
        assertThat(SpecNames.nearest("batchSize", Providers::options)).contains("batch_size");
        assertThat(SpecNames.nearest("trait_desc", Providers::options)).isEmpty();
        assertThat(SpecNames.nearest("weight", Providers::options)).isEmpty();
    }
}
