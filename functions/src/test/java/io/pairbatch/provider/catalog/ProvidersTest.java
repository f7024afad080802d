package io.pairbatch.provider.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.Provider;
import io.pairbatch.provider.Service;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ProvidersTest {

    @ParameterizedTest
    @EnumSource
    void aProviderIsTheOneThatTheListNames(Backend backend) {
        Provider provider = Providers.of(backend);
        Service itself = provider.itself();
        assertThat(provider.backend()).isSameAs(backend);
        assertThat(itself.backend()).isSameAs(backend);
        assertThat(itself.code()).isEqualTo(backend.code()).isEqualTo(itself.account());
        assertThat(itself.baseUrl()).isEqualTo(URI.create(backend.url()));
        assertThat(itself.path()).isEqualTo(URI.create(backend.url()).getPath());
        assertThat(provider.service(backend.code())).contains(itself);
        assertThat(provider.models().matcher(backend.demoModel()).matches()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void itsServicesAreThoseOfTheList(Backend backend) {
        List<String> codes = backend == Backend.COPIED ? Backend.SERVICES : List.of(backend.code());
        assertThat(codes)
                .allSatisfy(code -> assertThat(Providers.of(backend).service(code))
                        .hasValueSatisfying(
                                service -> assertThat(service.code()).isEqualTo(code)));
        if (backend == Backend.COPIED) {
            assertThat(codes.stream()
                            .filter(code ->
                                    Providers.service(code).orElseThrow().baseUrl() == null))
                    .isEqualTo(Arrays.asList(Backend.SERVICES_WITHOUT_ADDRESS.split(" and ", -1)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyTableOfModelsHasTheSameFormat(Backend backend) throws IOException {
        String file = "/io/pairbatch/provider/" + backend.code() + "/models.json";
        try (InputStream in = Provider.class.getResourceAsStream(file)) {
            assertThat(in).isNotNull();
            JsonNode table = JsonMapper.shared().readTree(in);
            assertThat(LocalDate.parse(table.required("as_of").stringValue())).isBefore(LocalDate.of(2100, 1, 1));
            assertThat(table.required("sources").isEmpty()).isFalse();
            assertThat(table.required("names").isArray()).isTrue();
            assertThat(table.required("own").isString()).isTrue();
            Set<String> patterns = new HashSet<>();
            assertThat(table.required("families").valueStream()).isNotEmpty().allSatisfy(family -> {
                assertThat(family.required("name").stringValue()).isNotBlank();
                assertThat(patterns.add(family.required("match").stringValue())).isTrue();
                assertThat(family.path("dated").asBoolean(false) && !table.has("dated"))
                        .isFalse();
            });
        }
    }
}
