package io.pairbatch.cli.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a job says, of a table that is run, split or estimated.
final class SpecOptions {

    @Option(
            names = "--job",
            paramLabel = "FILE",
            description = "The job file (default: job.json beside the table; in a folder of texts, else beside it).")
    @Nullable
    Path job;

    @Option(
            names = "--set",
            paramLabel = "FIELD=VALUE",
            description =
                    "Set a field of the job over the job file, or a member of one (pairing.k=10); `null` removes it."
                            + " Can be given several times.")
    Map<String, String> settings = new LinkedHashMap<>();
}
