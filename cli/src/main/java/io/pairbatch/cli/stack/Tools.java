package io.pairbatch.cli.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// The emulator and the CDK's command line, installed under `.pairbatch/tools/` in the versions that `tools/` pins.
final class Tools {

    private static final List<String> NODE_FILES = List.of("package.json", "package-lock.json", ".npmrc");

    private static final Object ONE_PYTHON = new Object();
    private static final Object ONE_NODE = new Object();

    private final Path sources;
    private final Path home;

    Tools(Project project) {
        sources = project.root().resolve("tools");
        home = project.state().resolve("tools");
    }

    Path python() {
        return home.resolve("python/bin/python");
    }

    /// The Python to start processes with: the installed one if it exists, since a version manager's shim is slow.
    Path anyPython() {
        return pythonInstalled() ? python() : Programs.python().path();
    }

    private Path ministack() {
        return home.resolve("python/bin/ministack");
    }

    /// What starts the emulator.
    List<String> emulator() {
        return List.of(python().toString(), sources.resolve("emulator.py").toString());
    }

    Path cdk() {
        return home.resolve("node/node_modules/aws-cdk/bin/cdk");
    }

    boolean pythonInstalled() {
        return Files.isExecutable(ministack()) && marked("python", pythonKey());
    }

    boolean nodeInstalled() {
        return Files.isRegularFile(cdk()) && marked("node", nodeKey());
    }

    /// Installs the emulator if it is missing or another version is pinned. Can be called in parallel.
    ///
    /// @throws io.pairbatch.cli.fault.CliException when a program is missing or an installer fails
    void installEmulator(Children children, Consumer<String> progress) {
        alone("python", ONE_PYTHON, this::pythonInstalled, () -> {
            progress.accept("Installing the emulator (once)");
            installPython(children);
        });
    }

    /// As [#installEmulator], for the CDK's command line.
    void installCdk(Children children, Consumer<String> progress) {
        alone("node", ONE_NODE, this::nodeInstalled, () -> {
            progress.accept("Installing the CDK (once)");
            installNode(children);
        });
    }

    /// A lock on a file keeps other processes out, but not other threads of this one.
    private void alone(String name, Object one, BooleanSupplier installed, Runnable install) {
        if (installed.getAsBoolean()) {
            return;
        }
        Folders.create(home);
        synchronized (one) {
            try (FileChannel channel = FileChannel.open(
                            home.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !installed.getAsBoolean()) {
                    install.run();
                }
            } catch (IOException e) {
                throw new UncheckedIOException("the tools' folder cannot be locked", e);
            }
        }
    }

    private void installPython(Children children) {
        Programs.Program python = Programs.python();
        Path folder = home.resolve("python");
        Path log = home.resolve("python.log");
        Folders.delete(folder);
        Map<String, String> environment = Environments.users();
        children.run(
                "python -m venv",
                List.of(python.path().toString(), "-m", "venv", folder.toString()),
                environment,
                home,
                log);
        children.run(
                "pip install",
                List.of(
                        python().toString(),
                        "-m",
                        "pip",
                        "install",
                        "-q",
                        "--require-hashes",
                        "-r",
                        requirements().toString()),
                environment,
                home,
                log);
        mark("python", pythonKey());
    }

    private void installNode(Children children) {
        Path folder = home.resolve("node");
        Folders.delete(folder);
        Folders.create(folder);
        try {
            for (String name : NODE_FILES) {
                Files.copy(sources.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the CDK's lock file cannot be copied", e);
        }
        children.run(
                "npm ci",
                List.of(Programs.npm().path().toString(), "ci", "--silent", "--no-audit", "--no-fund"),
                Environments.users(),
                folder,
                home.resolve("node.log"));
        mark("node", nodeKey());
    }

    private Path requirements() {
        return sources.resolve("requirements.txt");
    }

    private String pythonKey() {
        return new Digest().file(requirements()).hex();
    }

    private String nodeKey() {
        Digest digest = new Digest();
        NODE_FILES.forEach(name -> digest.file(sources.resolve(name)));
        return digest.hex();
    }

    private boolean marked(String name, String key) {
        try {
            return Files.readString(marker(name)).equals(key);
        } catch (IOException e) {
            return false;
        }
    }

    private void mark(String name, String key) {
        Folders.replace(marker(name), key);
    }

    private Path marker(String name) {
        return home.resolve(name).resolve("installed");
    }
}
