package io.pairbatch.cli.job;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Counts what went wrong, by cause, code and words. Words that differ only in an id, a time or a large number are one
/// cause.
/// Holds so many causes and no more: when there are more, the rarer half is forgotten, so that a common one is found
/// however late it begins.
final class Causes {

    /// What differs from pair to pair: ids, times, large numbers. A status stays.
    private static final Pattern PARTICULAR = Pattern.compile("(?!\\d{1,3}(?![\\w-]|\\.\\w))[\\w.-]*\\d[\\w.-]*");

    private record Kind(String cause, String code, String words) {}

    private static final class Group {

        private final String cause;
        private final String code;
        /// The words of the first one.
        private final String example;
        private long count;

        private Group(String cause, String code, String example) {
            this.cause = cause;
            this.code = code;
            this.example = example;
        }
    }

    private static final Comparator<Group> COMMONEST_FIRST = Comparator.comparingLong((Group group) -> -group.count)
            .thenComparing(group -> group.cause)
            .thenComparing(group -> group.code)
            .thenComparing(group -> group.example);

    private final int most;
    private final Map<Kind, Group> groups = new HashMap<>();
    /// The one that was counted last; the next is often the same, word for word.
    private @Nullable Kind last;

    private @Nullable Group lastGroup;

    /// @param most causes that are held
    Causes(int most) {
        this.most = most;
    }

    void count(String code, String words) {
        count("", code, words);
    }

    void count(String cause, String code, String words) {
        Kind said = new Kind(cause, code, words);
        Group group = said.equals(last) ? lastGroup : null;
        if (group == null) {
            group = of(said);
            last = said;
            lastGroup = group;
        }
        group.count++;
    }

    private Group of(Kind said) {
        Kind kind = new Kind(
                said.cause(), said.code(), PARTICULAR.matcher(said.words()).replaceAll("#"));
        Group known = groups.get(kind);
        if (known != null) {
            return known;
        }
        if (groups.size() >= most) {
            Set<Group> kept = sorted().limit(most / 2).collect(Collectors.toSet());
            groups.values().retainAll(kept);
        }
        Group added = new Group(said.cause(), said.code(), said.words());
        groups.put(kind, added);
        return added;
    }

    List<Losses.Cause> commonest(int shown) {
        return sorted().limit(shown)
                .map(group -> new Losses.Cause(group.cause, group.code, group.example, group.count))
                .toList();
    }

    private Stream<Group> sorted() {
        return groups.values().stream().sorted(COMMONEST_FIRST);
    }
}
