package io.pairbatch.merge;

import io.pairbatch.job.JobFiles;
import io.pairbatch.results.ResultSettings;
import io.pairbatch.results.Rows;
import io.pairbatch.results.SegmentTally;
import io.pairbatch.results.TagCounts;
import io.pairbatch.spec.Ambiguous;
import io.pairbatch.spec.AnswerRules;
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
        AnswerRules rules = settings.rules();
        if (tags.ties().count() > 0) {
            notices.add((tags.ties().count() == 1
                            ? "1 verdict is a tie"
                            : tags.ties().count() + " verdicts are ties")
                    + tags.ties().inBrackets() + ": `better_id` is NA there, and `winner_pos` 0");
        }
        if (tags.both().count() > 0) {
            notices.add(answers(tags.both()) + " " + rules.several()
                    + tags.both().inBrackets() + ": "
                    + (rules.ambiguous() == Ambiguous.FAIL
                            ? "as `ambiguous` `fail` says, they have failed"
                            : taken(rules, tags)));
        }
        if (tags.onlyTolerant().count() > 0) {
            String rows = tags.onlyTolerant().inBrackets();
            String sought = " no " + rules.sought();
            notices.add(
                    rules.tagMode() == TagMode.TOLERANT
                            ? answers(tags.onlyTolerant()) + sought + " as `exact` and `last` want it" + rows
                                    + ": only `tolerant` reads a winner"
                            : answers(tags.onlyTolerant()) + sought + " as `tag_mode` `"
                                    + rules.tagMode().code() + "` wants it, but `tolerant` would read a winner"
                                    + rows);
        }
        if (total.duplicateLines() > 0) {
            notices.add(duplicates(rules.tagMode(), total));
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
    private static String taken(AnswerRules rules, TagCounts tags) {
        boolean labels = rules.labels().isPresent();
        String first = labels ? "another" : "SAMPLE_1";
        String second = labels ? "another" : "SAMPLE_2";
        String other = labels ? "another" : "another text";
        String last = "takes the last " + rules.sought();
        return switch (rules.tagMode()) {
            case EXACT ->
                "`exact` takes "
                        + rules.labels()
                                .map(these -> "`" + these.first() + "` first")
                                .orElse(first)
                        + others(", `last` would take " + second + " for ", tags.lastFromExact())
                        + others(", `tolerant` would take " + other + " for ", tags.tolerantFromExact());
            case LAST ->
                "`last` " + last
                        + others(", `exact` would take " + first + " for ", tags.lastFromExact())
                        + others(", `tolerant` would take " + other + " for ", tags.tolerantFromLast());
            case TOLERANT ->
                "`tolerant` " + last
                        + others(", `exact` would take " + other + " for ", tags.tolerantFromExact())
                        + others(", `last` would take " + other + " for ", tags.tolerantFromLast());
        };
    }

    private static String others(String words, Rows rows) {
        return rows.count() == 0 ? "" : words + rows.count() + rows.inBrackets();
    }

    private static String answers(Rows rows) {
        return rows.count() == 1 ? "1 answer has" : rows.count() + " answers have";
    }
}
