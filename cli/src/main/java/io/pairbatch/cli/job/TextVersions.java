package io.pairbatch.cli.job;

import io.pairbatch.job.JobFiles;
import io.pairbatch.text.Hex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// IDs that stand for several texts in the results of several jobs: a text was mended, and the job before it has the
/// comparisons of the old one. Holds a number for each ID, a million of them at most; others are not looked at.
final class TextVersions {

    private static final int MOST = 1_000_000;

    /// Where one version of a text stands.
    private record Version(String job, long text) {}

    private final Map<String, Long> first = new HashMap<>();
    private final Map<String, Map<Version, Long>> changed = new TreeMap<>();

    private TextVersions() {}

    /// Looks at the judgements in the jobs' folders, which hold texts.
    ///
    /// @return by ID, how many comparisons each job has of each version, such as `9 in a-1, 3 in b-2`
    static Map<String, String> of(List<Path> folders) throws IOException {
        TextVersions versions = new TextVersions();
        for (Path folder : folders) {
            ComparedRow.each(folder.resolve(JobFiles.COMBINED), true, row -> {
                versions.look(row.id1(), row.text1());
                versions.look(row.id2(), row.text2());
            });
        }
        if (!versions.changed.isEmpty()) {
            for (Path folder : folders) {
                String job = String.valueOf(folder.getFileName());
                ComparedRow.each(folder.resolve(JobFiles.COMBINED), true, row -> {
                    versions.count(job, row.id1(), row.text1());
                    versions.count(job, row.id2(), row.text2());
                });
            }
        }
        Map<String, String> words = new LinkedHashMap<>();
        versions.changed.forEach((id, counts) -> words.put(id, words(counts)));
        return words;
    }

    private void look(String id, String text) {
        long print = print(text);
        Long known = first.get(id);
        if (known == null && first.size() < MOST) {
            first.put(id, print);
        } else if (known != null && known != print) {
            changed.computeIfAbsent(id, i -> new LinkedHashMap<>());
        }
    }

    private void count(String job, String id, String text) {
        Map<Version, Long> counts = changed.get(id);
        if (counts != null) {
            counts.merge(new Version(job, print(text)), 1L, Long::sum);
        }
    }

    private static String words(Map<Version, Long> counts) {
        return String.join(
                ", ",
                counts.entrySet().stream()
                        .map(count -> count.getValue() + " in " + count.getKey().job())
                        .toList());
    }

    private static long print(String text) {
        return ByteBuffer.wrap(Hex.sha256().digest(text.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }
}
