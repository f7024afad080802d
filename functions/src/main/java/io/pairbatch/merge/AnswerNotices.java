package io.pairbatch.merge;

import io.pairbatch.job.JobFiles;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.Rows;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.results.TagCounts;
import io.pairbatch.spec.Ambiguous;
import io.pairbatch.spec.TagMode;
import io.pairbatch.text.Plural;
import java.util.ArrayList;
import java.util.List;

/// What a user is told of how a job's answers were read (contract 3.3), in sentences.
public final class AnswerNotices {

    private AnswerNotices() {}

    /// Empty if every way to read them finds the same winners.
    ///
    /// @param left rows of the table that are not in the sample, of whose answers nothing is known
    public static List<String> of(ResultSettings settings, SegmentTally total, long left) {
        List<String> notices = of(settings, total);
        if (!notices.isEmpty() && left > 0) {
            notices.addFirst("what is noted of answers here is about the sample: " + Plural.of(left, "row")
                    + " of the table " + (left == 1 ? "is" : "are") + " not in it");
        }
        return notices;
    }

    /// @param total of all segments
    private static List<String> of(ResultSettings settings, SegmentTally total) {
        List<String> notices = new ArrayList<>();
        TagCounts tags = total.tags();
        if (tags.both().count() > 0) {
            notices.add(answers(tags.both()) + " the tags of both texts"
                    + tags.both().inBrackets() + ": "
                    + (settings.ambiguous() == Ambiguous.FAIL
                            ? "as `ambiguous` `fail` says, they have failed"
                            : taken(settings.tagMode(), tags)));
        }
        if (tags.onlyTolerant().count() > 0) {
            String rows = tags.onlyTolerant().inBrackets();
            notices.add(
                    settings.tagMode() == TagMode.TOLERANT
                            ? answers(tags.onlyTolerant()) + " no tag as `exact` and `last` want it" + rows
                                    + ": only `tolerant` reads a winner"
                            : answers(tags.onlyTolerant()) + " no tag as `tag_mode` `"
                                    + settings.tagMode().code() + "` wants it, but `tolerant` would read a winner"
                                    + rows);
        }
        if (total.duplicateLines() > 0) {
            notices.add(duplicates(settings.tagMode(), total));
        }
        if (total.foreignLines() > 0) {
            notices.add((total.foreignLines() == 1
                            ? "1 line holds an answer"
                            : total.foreignLines() + " lines hold answers")
                    + " of another job, as the custom_id says: listed in " + JobFiles.UNMATCHED_LINES
                    + ", and taken for no pair");
        }
        return notices;
    }

    private static String duplicates(TagMode mode, SegmentTally total) {
        long lines = total.duplicateLines();
        Rows rows = total.disagreeing();
        String of = rows.count() == 1 ? "1 comparison" : rows.count() + " comparisons";
        return (lines == 1 ? "1 line answers" : lines + " lines answer")
                + " a comparison that another line answers too: "
                + (mode == TagMode.EXACT ? "`exact` takes the last one" : "the last one with a winner counts")
                + (rows.count() == 0
                        ? ", and no other names another winner"
                        : "; for " + of + " another line names another winner" + rows.inBrackets());
    }

    /// The job's own rule, and how many winners would differ under every other.
    private static String taken(TagMode mode, TagCounts tags) {
        return switch (mode) {
            case EXACT ->
                "`exact` takes SAMPLE_1"
                        + others(", `last` would take SAMPLE_2 for ", tags.lastFromExact())
                        + others(", `tolerant` would take another text for ", tags.tolerantFromExact());
            case LAST ->
                "`last` takes the last tag"
                        + others(", `exact` would take SAMPLE_1 for ", tags.lastFromExact())
                        + others(", `tolerant` would take another text for ", tags.tolerantFromLast());
            case TOLERANT ->
                "`tolerant` takes the last tag"
                        + others(", `exact` would take another text for ", tags.tolerantFromExact())
                        + others(", `last` would take another text for ", tags.tolerantFromLast());
        };
    }

    private static String others(String words, Rows rows) {
        return rows.count() == 0 ? "" : words + rows.count() + rows.inBrackets();
    }

    private static String answers(Rows rows) {
        return rows.count() == 1 ? "1 answer has" : rows.count() + " answers have";
    }
}
