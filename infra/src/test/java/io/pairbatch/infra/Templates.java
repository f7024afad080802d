package io.pairbatch.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.assertions.Template;

/// Synthesised templates for the tests, with an empty package instead of the functions.
final class Templates {

    private Templates() {}

    /// Synthesised once for all tests: nobody modifies a template, and each takes seconds.
    private static final class Aws {

        static final Template TEMPLATE = Template.fromStack(stack(Map.of()));
    }

    private static final class Embedded {

        static final Template TEMPLATE =
                Template.fromStack(stack(Map.of("target", "embedded", "java", "/jdk/bin/java")));
    }

    private static final class OneProvider {

        static final Template TEMPLATE = Template.fromStack(stack(Map.of("providers", "gemini")));
    }

    /// On AWS, with one provider.
    static Template oneProvider() {
        return OneProvider.TEMPLATE;
    }

    static Template aws() {
        return Aws.TEMPLATE;
    }

    static Template embedded() {
        return Embedded.TEMPLATE;
    }

    static PairbatchStack stack(Map<String, Object> context) {
        App app = app(context);
        return new PairbatchStack(app, Settings.fromContext(app.getNode()));
    }

    /// What a deployment with these settings reads them from.
    static App app(Map<String, Object> context) {
        Map<String, Object> values = new HashMap<>(context);
        values.putIfAbsent("functionsZip", placeholder().toString());
        values.putIfAbsent("stateMachineFile", "../statemachine/pairwise-batch.asl.json");
        return new App(AppProps.builder()
                .context(values)
                .analyticsReporting(false)
                .outdir(outputFolder().toString())
                .build());
    }

    private static Path outputFolder() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target/assemblies")), "test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path placeholder() {
        try {
            Path file = Files.createTempFile("functions", ".zip");
            file.toFile().deleteOnExit();
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
                zip.putNextEntry(new ZipEntry("bootstrap"));
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The properties of all resources of a type, by logical ID.
    static Map<String, Map<String, Object>> resources(Template template, String type) {
        Map<String, Map<String, Object>> found = new HashMap<>();
        template.findResources(type).forEach((id, resource) -> found.put(id, object(resource)));
        return found;
    }

    /// A member at a path of names; null if a name is missing.
    static @Nullable Object at(@Nullable Object start, String... names) {
        Object value = start;
        for (String name : names) {
            value = value instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return value;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(@Nullable Object value) {
        return value instanceof Map<?, ?> ? (Map<String, Object>) value : Map.of();
    }

    /// A list as it is, a single value as a list of one: IAM accepts both.
    static List<Object> list(@Nullable Object value) {
        return value instanceof List<?> list ? List.copyOf(list) : value == null ? List.of() : List.of(value);
    }
}
