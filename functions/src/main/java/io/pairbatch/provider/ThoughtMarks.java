package io.pairbatch.provider;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Thoughts that a model writes into its answer: what stands before the last `</think>`, and what stands in a `<think>`
/// that is never closed (contract 6.1). Models leave out the opening mark where the prompt's template ends with it.
final class ThoughtMarks {

    private static final Pattern MARK = Pattern.compile("<(/?)think>", Pattern.CASE_INSENSITIVE);

    private ThoughtMarks() {}

    /// The answer with these thoughts among its thoughts; the same answer if it has no mark.
    static Answer apart(Answer answer) {
        String content = answer.content();
        if (content == null || content.indexOf('<') < 0) {
            return answer;
        }
        int thoughtsEnd = 0;
        int contentStart = 0;
        int contentEnd = content.length();
        int opened = -1;
        Matcher mark = MARK.matcher(content);
        while (mark.find()) {
            if (!mark.group(1).isEmpty()) {
                thoughtsEnd = mark.start();
                contentStart = mark.end();
                opened = -1;
            } else if (opened < 0) {
                opened = mark.start();
            }
        }
        if (opened >= 0) {
            contentEnd = opened;
        }
        if (contentStart == 0 && opened < 0) {
            return answer;
        }
        String thoughts = joined(
                answer.thoughts(),
                joined(plain(content.substring(0, thoughtsEnd)), plain(content.substring(contentEnd))));
        return answer.with(thoughts, content.substring(contentStart, contentEnd).strip());
    }

    private static @Nullable String plain(String thoughts) {
        String plain = MARK.matcher(thoughts).replaceAll("").strip();
        return plain.isEmpty() ? null : plain;
    }

    private static @Nullable String joined(@Nullable String one, @Nullable String other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one + "\n\n" + other;
    }
}
