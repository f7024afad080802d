package io.pairbatch.cli.job;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.ResultTables;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A `failed_pairs.csv` of several judges, whose rows name the judge that has not judged them.
public final class JudgedRows {

    private JudgedRows() {}

    /// Refuses it: a job would have all of its judges judge each row, whomever the row names.
    ///
    /// @throws CliException when rows name a judge
    public static void check(Path table) throws IOException {
        boolean[] named = {false};
        try (InputStream in = Files.newInputStream(table)) {
            RecordCounter.csvRows(in, ResultTables.FAILED_PAIR_TAIL, row -> named[0] |= isOfJudge(row));
        }
        if (named[0]) {
            throw CliException.usage(
                    "The rows of " + table.getFileName() + " name in the column `judge` who has not judged them, and"
                            + " a job would have each row judged by all of its judges. Nothing was dropped.",
                    "./pairbatch retry " + jobOf(table) + " sends each to its own judge again. To have a judge judge in"
                            + " another way, change it in the job file and run the whole table again: what the other"
                            + " judges have judged is taken from there, and not paid twice.");
        }
    }

    private static boolean isOfJudge(@Nullable String[] row) {
        // Only that file has all of these columns.
        boolean ours = Arrays.stream(row).noneMatch(Objects::isNull);
        return ours && !ResultSettings.ONLY_JUDGE.equals(row[ResultTables.FAILED_PAIR_TAIL.indexOf("judge")]);
    }

    /// The job whose results lie where they are put by default.
    private static String jobOf(Path table) {
        Path folder = table.toAbsolutePath().normalize().getParent();
        String name = folder == null ? "" : String.valueOf(folder.getFileName());
        return name.matches("[a-z0-9-]+-[0-9a-f]{8}") ? name : "JOB";
    }
}
