package io.pairbatch.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendTest {

    private static final List<Backend> ALL = List.of(Backend.values());

    @Test
    void theSentencesNameEveryProviderOnce() {
        assertThat(Backend.CODES)
                .isEqualTo(sentence(ALL.stream().map(Backend::code).toList(), " or "));
        assertThat(Backend.KEY_VARIABLES)
                .isEqualTo(sentence(ALL.stream().map(Backend::keyVariable).toList(), " and "));
        assertThat(Backend.SERVICE_CODES).isEqualTo(sentence(Backend.SERVICES, " or "));
    }

    @Test
    void theCodesMatchTheirProviders() {
        assertThat(Backend.DEFAULT_CODE).isEqualTo(Backend.DEFAULT.code());
        assertThat(Backend.COPIED_CODE).isEqualTo(Backend.COPIED.code()).isEqualTo(Backend.SERVICES.getFirst());
        assertThat(Backend.SERVICES).containsAll(Arrays.asList(Backend.SERVICES_WITHOUT_ADDRESS.split(" and ", -1)));
    }

    @Test
    void aCodeFindsItsProvider() {
        assertThat(ALL)
                .allSatisfy(backend -> assertThat(Backend.of(backend.code())).isSameAs(backend));
    }

    private static String sentence(List<String> words, String last) {
        return String.join(", ", words.subList(0, words.size() - 1)) + last + words.getLast();
    }
}
