package io.pairbatch.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.provider.catalog.Providers;
import org.junit.jupiter.api.Test;

class SpecNamesTest {

    @Test
    void suggestsOnlySimilarNames() {
        assertThat(SpecNames.nearest("Model", Providers::options)).contains("model");
        assertThat(SpecNames.nearest("batchSize", Providers::options)).contains("batch_size");
        assertThat(SpecNames.nearest("trait_desc", Providers::options)).isEmpty();
        assertThat(SpecNames.nearest("weight", Providers::options)).isEmpty();
    }
}
