package io.pairbatch.job;

import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.text.Hex;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Names a job: `<slug of the folder's name>-<8 hex>`. The 8 hex are drawn when the job is claimed for the first time,
/// so that no two stacks share them; they are the job's token on the wire ([WireId]).
public final class JobId {

    private static final int MAX_SLUG = 50;
    /// How many hex digits an id ends in.
    public static final int TOKEN = 8;

    private JobId() {}

    /// A new id.
    ///
    /// @param folder the name of the folder (or of the file, when it lies in none)
    public static String drawn(String folder, RandomGenerator random) {
        return slug(folder) + "-" + HexFormat.of().toHexDigits(random.nextInt());
    }

    /// The id of the job that is made for one of several judges: always the same of the same job and judge.
    ///
    /// @param panel the id of the job that has the judges
    /// @param judge its name
    /// @param number its place among them, from 1
    public static String ofJudge(String panel, String judge, int number) {
        String folder = panel.substring(0, panel.length() - TOKEN - 1);
        return slug(folder + "-" + slug(judge)) + "-"
                + Hex.sha256(panel + "\n" + number).substring(0, TOKEN);
    }

    /// Those of all its judges.
    ///
    /// @param names in their order
    public static List<String> ofJudges(String panel, List<String> names) {
        return IntStream.rangeClosed(1, names.size())
                .mapToObj(number -> ofJudge(panel, names.get(number - 1), number))
                .toList();
    }

    /// The id that a job was given before ids were drawn.
    ///
    /// @param folder the name of the folder (or of the file, if it is in none)
    /// @param source where the table is; the ID depends on its ETag, not on its version
    public static String of(String folder, ResolvedJob.Source source, JobSpec spec) {
        return slug(folder) + "-"
                + Hex.sha256(text(source) + JobSpecJson.canonical(spec)).substring(0, TOKEN);
    }

    /// Which table it is: equal wherever its version.
    public static String text(ResolvedJob.Source source) {
        // Lengths keep ("a", "bc") and ("ab", "c") apart.
        return lengthAnd(source.bucket()) + lengthAnd(source.key()) + lengthAnd(source.etag()) + source.size() + "\n";
    }

    /// The ID of an offline job: the token comes from the SHA-256 hashes of the two files.
    ///
    /// @param table SHA-256 of the table's bytes
    /// @param jobJson SHA-256 of job.json's bytes
    public static String ofFiles(String folder, byte[] table, byte[] jobJson) {
        MessageDigest both = Hex.sha256();
        both.update(table);
        both.update(jobJson);
        return slug(folder) + "-" + Hex.of(both.digest()).substring(0, TOKEN);
    }

    /// The 8 hex digits at the end of a job's ID.
    public static String token(String jobId) {
        return jobId.substring(jobId.length() - TOKEN);
    }

    /// Lower-case letters, digits and single dashes, 1 to 50 characters; accents are dropped from Latin letters, and a
    /// name with nothing left becomes `job`.
    public static String slug(String name) {
        String plain = Normalizer.normalize(name, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}+", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-");
        String cut = trimmed(plain);
        cut = trimmed(cut.substring(0, Math.min(cut.length(), MAX_SLUG)));
        return cut.isEmpty() ? "job" : cut;
    }

    private static String trimmed(String text) {
        return text.replaceAll("^-+|-+$", "");
    }

    private static String lengthAnd(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length + ":" + text;
    }
}
