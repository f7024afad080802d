package io.pairbatch.cli.stack;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Turns the CDK app into a cloud assembly. That takes most of a deployment's time, so an assembly is cached by the
/// digest of everything that it is made from. What differs at each start is a parameter of the stack.
final class Synthesis {

    private static final int KEPT = 6;

    private final Project project;
    private final Consumer<String> progress;
    private final Path cache;

    Synthesis(Project project, Consumer<String> progress) {
        this.progress = progress;
        this.project = project;
        this.cache = project.state().resolve("assemblies");
    }

    /// The folder of the cloud assembly.
    Path assembly(Children children, StackOptions options, Path log) {
        Path assembly = cache.resolve(key(options));
        if (!Files.isDirectory(assembly)) {
            progress.accept("Synthesising the stack (once, and again when it changes)");
            Path draft = cache.resolve("draft-" + ProcessHandle.current().pid() + "-" + System.nanoTime());
            synthesise(children, context(options), Folders.create(draft), log);
            publish(draft, assembly);
        }
        use(assembly);
        return assembly;
    }

    private String context(StackOptions options) {
        Map<String, String> values = new TreeMap<>(options.context());
        values.put("target", "embedded");
        values.put("java", Programs.java().toString());
        values.put("functionsZip", project.functionsZip().toString());
        values.put("stateMachineFile", project.stateMachine().toString());
        if (options.provider() instanceof StackOptions.Live) {
            // A batch costs money at a custom address too.
            values.putIfAbsent("preflight", "on");
        } else {
            // The simulator lists a batch as soon as it exists.
            values.putIfAbsent("listsTrusted", "true");
            values.put("simulated", "true");
        }
        values.put("leaseMarginSeconds", Integer.toString(options.leaseMarginSeconds()));
        values.put("absenceGapSeconds", Integer.toString(options.absenceGapSeconds()));
        values.put("splitterTimeoutSeconds", Integer.toString(options.splitterTimeoutSeconds()));
        return JsonMapper.shared().writeValueAsString(values);
    }

    /// The digest of everything that the assembly is made from.
    String key(StackOptions options) {
        return new Digest()
                .text(context(options))
                .file(project.infraJar())
                .file(project.infraClassPath())
                .file(project.functionsZip())
                .file(project.stateMachine())
                .hex()
                .substring(0, 24);
    }

    /// Runs the app with this context, a JSON object; writes the assembly into `draft`.
    void synthesise(Children children, String context, Path draft, Path log) {
        Map<String, String> environment = Environments.minimal();
        environment.put("CDK_OUTDIR", draft.toString());
        environment.put("CDK_CONTEXT_JSON", context);
        environment.put("JSII_NODE", Programs.node().path().toString());
        environment.put(
                "JSII_RUNTIME_PACKAGE_CACHE_ROOT",
                project.state().resolve("jsii").toString());
        environment.put("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "1");
        environment.put("JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION", "1");
        children.run(
                "cdk synth",
                List.of(
                        Programs.java().toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        project.infraJar() + File.pathSeparator + classPath(),
                        "io.pairbatch.infra.PairbatchApp"),
                environment,
                draft,
                log);
    }

    private String classPath() {
        try {
            return Files.readString(project.infraClassPath()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// If another process was faster, its assembly is the same.
    private static void publish(Path draft, Path assembly) {
        try {
            Files.move(draft, assembly, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(assembly)) {
                throw new UncheckedIOException("the cloud assembly cannot be kept", e);
            }
            Folders.delete(draft);
        }
    }

    private void use(Path assembly) {
        try (Stream<Path> all = Files.list(cache)) {
            Files.setLastModifiedTime(assembly, FileTime.from(Instant.now()));
            all.sorted(Comparator.comparing(Synthesis::lastUse).reversed())
                    .skip(KEPT)
                    .forEach(Folders::delete);
        } catch (IOException e) {
            throw new UncheckedIOException("old cloud assemblies cannot be removed", e);
        }
    }

    private static FileTime lastUse(Path assembly) {
        try {
            return Files.getLastModifiedTime(assembly);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }
}
