package io.pairbatch.merge;

import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.TagCounts;
import io.pairbatch.spec.Ambiguous;
import io.pairbatch.spec.TagMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What a user is told of how the winner's tags were read (contract 3.3), in sentences.
public final class TagNotices {

    private TagNotices() {}

    /// Empty if every mode reads the same winners.
    public static List<String> of(ResultSettings settings, TagCounts tags) {
        List<String> notices = new ArrayList<>();
        if (tags.both().count() > 0) {
            notices.add(answers(tags.both()) + " the tags of both texts" + rows(tags.both()) + ": "
                    + (settings.ambiguous() == Ambiguous.FAIL
                            ? "as `ambiguous` `fail` says, they have failed"
                            : taken(settings.tagMode(), tags.lastDiffers())));
        }
        if (tags.onlyTolerant().count() > 0) {
            notices.add(answers(tags.onlyTolerant()) + " no tag as `tag_mode` `"
                    + settings.tagMode().code() + "` wants it, but `tolerant` would read a winner"
                    + rows(tags.onlyTolerant()));
        }
        return notices;
    }

    private static String taken(TagMode mode, TagCounts.Rows differs) {
        String rule = mode == TagMode.EXACT ? "`exact` takes SAMPLE_1" : "`" + mode.code() + "` takes the last tag";
        if (differs.count() == 0) {
            return rule;
        }
        return mode == TagMode.EXACT
                ? rule + ", `last` would take SAMPLE_2 for " + differs.count() + rows(differs)
                : rule + ", `exact` would take SAMPLE_1 for " + differs.count() + rows(differs);
    }

    private static String answers(TagCounts.Rows rows) {
        return rows.count() == 1 ? "1 answer has" : rows.count() + " answers have";
    }

    private static String rows(TagCounts.Rows rows) {
        if (rows.first().isEmpty()) {
            return "";
        }
        String named = rows.first().stream().map(String::valueOf).collect(Collectors.joining(", "));
        long more = rows.count() - rows.first().size();
        return (rows.count() == 1 ? " (row " : " (rows ") + named + (more == 0 ? "" : " and " + more + " more") + ")";
    }
}
