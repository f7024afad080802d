package io.pairbatch.step;

import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentRegistry;
import io.pairbatch.registry.SegmentState;
import io.pairbatch.registry.Submission;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Compares a job's registry with its files in S3, segment by segment, and changes nothing.
public final class RegistryAudit {

    private static final Pattern PAIRS = Pattern.compile("batch_(\\d{2,9})_pairs\\.jsonl");

    /// What the registry has of a segment, and where the rest is known from.
    public enum Found {
        /// All that the files know.
        WHOLE,
        /// A create in doubt, of which the files know no more.
        IN_DOUBT,
        /// Less: the files know its batch, or that it has none.
        IN_FILES,
        /// Less: the files know that a create was intended, and only the provider's list what became of it.
        IN_LIST,
        /// Nothing, and nothing was ever sent for it.
        NEVER_SENT
    }

    private final SegmentRegistry segments;

    public RegistryAudit(SegmentRegistry segments) {
        this.segments = segments;
    }

    /// What was found of each segment.
    ///
    /// @param segments by their numbers
    public record Report(SortedMap<Integer, Found> segments) {

        /// The segments of which this was found.
        public List<Integer> of(Found found) {
            return segments.entrySet().stream()
                    .filter(segment -> segment.getValue() == found)
                    .map(Map.Entry::getKey)
                    .toList();
        }

        /// Whether the registry lacks anything.
        public boolean damaged() {
            return segments.values().stream().anyMatch(found -> found != Found.WHOLE && found != Found.IN_DOUBT);
        }

        /// In a sentence, such as `5 segments: 3 restored from S3, 1 looked for in the provider's list, 1 whole`.
        public String sentence() {
            Map<Found, String> words = new EnumMap<>(Found.class);
            words.put(Found.WHOLE, "whole");
            words.put(Found.IN_FILES, "restored from S3");
            words.put(Found.IN_LIST, "looked for in the provider's list");
            words.put(Found.NEVER_SENT, "split again and never sent before");
            words.put(Found.IN_DOUBT, "in doubt");
            String parts = words.entrySet().stream()
                    .filter(word -> !of(word.getKey()).isEmpty())
                    .map(word -> of(word.getKey()).size() + " " + word.getValue())
                    .collect(Collectors.joining(", "));
            String count = segments.size() + (segments.size() == 1 ? " segment" : " segments");
            return parts.isEmpty() ? count : count + ": " + parts;
        }
    }

    /// Looks.
    public Report of(String jobId, JobStore store) throws IOException {
        SortedMap<Integer, Found> found = new TreeMap<>();
        Map<Integer, Integer> intents = Mirror.intents(store);
        Set<Integer> collected = new HashSet<>();
        store.list(
                Mirror.FOLDER,
                file -> Mirror.Name.of(file)
                        .filter(Mirror.Name::isCollected)
                        .ifPresent(name -> collected.add(name.segment())));
        Map<Integer, SegmentItem> known = new HashMap<>();
        segments.all(jobId).forEach(segment -> known.put(segment.index(), segment));
        Map<Integer, Set<Integer>> submissions = new HashMap<>();
        for (Submission submission : segments.submissions(jobId)) {
            submissions
                    .computeIfAbsent(submission.segment(), segment -> new HashSet<>())
                    .add(submission.number());
        }
        Set<Integer> all = new HashSet<>(known.keySet());
        all.addAll(intents.keySet());
        all.addAll(collected);
        store.list("batch_", file -> {
            Matcher name = PAIRS.matcher(file);
            if (name.matches()) {
                all.add(Integer.parseInt(name.group(1)));
            }
        });
        for (int index : all) {
            int last = intents.getOrDefault(index, 0);
            SegmentItem segment = known.get(index);
            boolean whole = segment != null
                    && segment.submissions() >= last
                    && (segment.state().isFinal() || !collected.contains(index))
                    && submissions.getOrDefault(index, Set.of()).size() >= Math.max(last, segment.submissions());
            if (whole && segment != null) {
                found.put(index, segment.state() == SegmentState.IN_DOUBT ? Found.IN_DOUBT : Found.WHOLE);
            } else {
                found.put(index, lost(store, index, last, collected.contains(index)));
            }
        }
        return new Report(found);
    }

    private static Found lost(JobStore store, int segment, int last, boolean collected) throws IOException {
        if (collected) {
            return Found.IN_FILES;
        }
        if (last == 0) {
            return Found.NEVER_SENT;
        }
        boolean settled = Mirror.submission(store, segment, last)
                .map(intended -> intended.submission().outcome() != null)
                .orElse(false);
        return settled ? Found.IN_FILES : Found.IN_LIST;
    }
}
