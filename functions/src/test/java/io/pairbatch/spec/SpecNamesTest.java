package io.pairbatch.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.provider.catalog.Providers;
import org.junit.jupiter.api.Test;

class SpecNamesTest {

    @Test
    void suggestsOnlySimilarNames() {
        assertThat(SpecNames.nearest("Model", Providers::options)).contains("model");
        assertThat(SpecNames.nearest("batchSize", Providers::options)).contains("batch_size");
        assertThat(SpecNames.nearest("trait_desc", Providers::options)).contains("trait_description");
        assertThat(SpecNames.nearest("trait", Providers::options)).contains("trait_name");
        assertThat(SpecNames.nearest("template", Providers::options)).contains("prompt_template");
        assertThat(SpecNames.nearest("model_name", Providers::options)).contains("model");
        assertThat(SpecNames.nearest("id", Providers::options)).isEmpty();
        assertThat(SpecNames.nearest("weight", Providers::options)).isEmpty();
    }
}
