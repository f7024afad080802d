package io.pairbatch.spec;

import io.pairbatch.backend.Backend;
import io.pairbatch.problem.FieldProblem;
import io.pairbatch.prompt.Trait;
import io.pairbatch.provider.catalog.Providers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Specifications written as text, read with rules that have one template and one trait.
public final class SpecTexts implements SpecRules {

    public static final String BUILT_IN = "built in {TRAIT_NAME}{TRAIT_DESCRIPTION}{SAMPLE_1}{SAMPLE_2}";

    private SpecTexts() {}

    public static JobSpecReader reader() {
        return new JobSpecReader(new SpecTexts());
    }

    /// Layers named `job.json`, `layer 2`, …, nearest first.
    public static List<SpecLayer> layers(String... texts) throws IOException {
        SpecLayer[] layers = new SpecLayer[texts.length];
        for (int i = 0; i < texts.length; i++) {
            layers[i] = SpecLayer.parse(i == 0 ? "job.json" : "layer " + (i + 1), stream(texts[i]));
        }
        return Arrays.asList(layers);
    }

    /// Reads layers without files beside them.
    public static JobSpec read(String... texts) throws IOException {
        return reader().read(layers(texts), files(Map.of()));
    }

    public static SpecFiles files(Map<String, String> files) {
        return name -> Optional.ofNullable(files.get(name)).map(SpecTexts::stream);
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Optional<String> template(String name) {
        return name.equals("default") ? Optional.of(BUILT_IN) : Optional.empty();
    }

    @Override
    public Optional<Trait> trait(String key) {
        return key.equals("organization") ? Optional.of(new Trait("Organization", "Order.")) : Optional.empty();
    }

    @Override
    public String names() {
        return "a known name";
    }

    @Override
    public OptionsReader options(Backend backend) {
        return Providers.options(backend);
    }

    @Override
    public List<FieldProblem> checkLimit(String model) {
        return List.of();
    }

    @Override
    public List<FieldProblem> check(Backend backend, String model, ProviderOptions options) {
        return List.of();
    }
}
