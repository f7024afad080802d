package io.pairbatch.cli.stack;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The checkout that the stack is built from, and the paths in it.
///
/// @param root the folder with `pom.xml` and `statemachine/`, absolute
/// @param stack where the stack of `up` keeps its jobs, absolute
public record Project(Path root, Path stack) {

    public Project {
        root = root.toAbsolutePath().normalize();
        stack = stack.toAbsolutePath().normalize();
    }

    /// A checkout whose stack is in the folder that the environment's `PAIRBATCH_STACK` names, else
    /// in `.pairbatch/stack`.
    public Project(Path root) {
        this(root, Path.of(Objects.requireNonNullElse(System.getenv("PAIRBATCH_STACK"), root + "/.pairbatch/stack")));
    }

    /// Looks at the system property `pairbatch.home`, then at the environment's `PAIRBATCH_HOME` (the launcher sets
    /// it), then at the working directory and the folders above it.
    ///
    /// @throws CliException when there is none
    public static Project find() {
        String named = named();
        Path start = Path.of(named == null ? "" : named).toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("tools/requirements.txt"))
                    && Files.isDirectory(folder.resolve("statemachine"))) {
                return new Project(folder);
            }
            if (named != null) {
                break;
            }
        }
        throw new CliException(
                ExitStatus.USAGE,
                start + " is not in a checkout of Pairbatch.",
                "Run ./pairbatch from the checkout, or set PAIRBATCH_HOME to it.");
    }

    private static @Nullable String named() {
        String property = System.getProperty("pairbatch.home");
        return property != null ? property : System.getenv("PAIRBATCH_HOME");
    }

    /// Everything that is made at run time. Never committed; can be deleted while nothing runs.
    public Path state() {
        return root.resolve(".pairbatch");
    }

    Path temporaryStacks() {
        return state().resolve("temporary");
    }

    Path functionsZip() {
        return built("functions/target/functions.zip");
    }

    /// The simulator, once it has been built.
    public Path simulatorJar() {
        return built("simulator/target/simulator.jar");
    }

    Path infraJar() {
        return built("infra/target/infra.jar");
    }

    Path infraClassPath() {
        return built("infra/target/classpath");
    }

    Path stateMachine() {
        return root.resolve("statemachine/pairwise-batch.asl.json");
    }

    /// How good the texts of the example are, for the simulator.
    Path exampleQualities() {
        return root.resolve("examples/essays/qualities.jsonl");
    }

    private Path built(String name) {
        Path path = root.resolve(name);
        if (!Files.isRegularFile(path)) {
            throw new CliException(
                    ExitStatus.INTERNAL, name + " has not been built.", "Run ./pairbatch build, or mvn package.");
        }
        return path;
    }
}
