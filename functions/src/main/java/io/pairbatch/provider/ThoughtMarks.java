package io.pairbatch.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Thoughts that a model writes into its answer, between the marks of its family or of its prompt (contract 6.1). The
/// marks themselves belong to neither.
///
/// - Marks of a family, such as `<think>`: all before the last closing one is thought. Models leave out the opening
///   mark where the prompt's template ends with it.
/// - Marks that prompts ask for, such as `<reasoning>`: what stands between them, since a verdict may stand before
/// them;
///   what stands before a closing one that nothing opens.
/// - Behind an opening mark that is never closed all is thought.
final class ThoughtMarks {

    /// A name may have a space of its own, as in `<seed:think>`, and attributes; `<` and `>` may be escaped for HTML.
    private static final String TAG = "(?:<|&lt;)\\s*+(/?)\\s*+(?:\\w+[:_])?(?:%s)(?:\\s[^<>&]*+)?(?:>|&gt;)";

    private static final Pattern OF_FAMILIES = Pattern.compile(
            TAG.formatted("think|thinking|thoughts?")
                    + "|\\[(/?)THINK]"
                    // Kimi.
                    + "|\u25C1(/?)think\u25B7"
                    // Cohere, OpenThinker.
                    + "|<\\|(?:START|(END))_THINKING\\|>|<\\|(?:begin|(end))_of_thought\\|>",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern OF_PROMPTS = Pattern.compile(
            TAG.formatted("reasoning|reason|rationale|reflection|analysis|scratchpad"), Pattern.CASE_INSENSITIVE);

    /// All marks have one of these, and most answers none.
    private static final Pattern ANY = Pattern.compile("[<&\\[\u25C1]|assistantfinal");

    private ThoughtMarks() {}

    /// The answer with these thoughts among its thoughts; the same answer if it has no mark.
    static Answer apart(Answer answer) {
        String content = answer.content();
        if (content == null || !ANY.matcher(content).find()) {
            return answer;
        }
        List<String> thoughts = new ArrayList<>();
        String said = HarmonyChannels.apart(content, thoughts);
        said = ofFamilies(said, thoughts);
        said = ofPrompts(said, thoughts);
        if (said.equals(content)) {
            return answer;
        }
        if (answer.thoughts() != null) {
            thoughts.addFirst(answer.thoughts());
        }
        return answer.with(thoughts.isEmpty() ? null : String.join("\n\n", thoughts), said.strip());
    }

    private static String ofFamilies(String content, List<String> thoughts) {
        int thoughtsEnd = 0;
        int contentStart = 0;
        int opened = -1;
        Matcher mark = OF_FAMILIES.matcher(content);
        while (mark.find()) {
            if (closes(mark)) {
                thoughtsEnd = mark.start();
                contentStart = mark.end();
                opened = -1;
            } else if (opened < 0) {
                opened = mark.start();
            }
        }
        int contentEnd = opened < 0 ? content.length() : opened;
        add(thoughts, OF_FAMILIES.matcher(content.substring(0, thoughtsEnd)).replaceAll(""));
        add(thoughts, OF_FAMILIES.matcher(content.substring(contentEnd)).replaceAll(""));
        return content.substring(contentStart, contentEnd);
    }

    private static String ofPrompts(String content, List<String> thoughts) {
        StringBuilder said = new StringBuilder();
        boolean open = false;
        int from = 0;
        Matcher mark = OF_PROMPTS.matcher(content);
        while (mark.find()) {
            String text = content.substring(from, mark.start());
            if (open) {
                add(thoughts, text);
            } else if (closes(mark)) {
                add(thoughts, said + text);
                said.setLength(0);
            } else {
                said.append(text);
            }
            open = !closes(mark);
            from = mark.end();
        }
        if (open) {
            add(thoughts, content.substring(from));
        } else {
            said.append(content, from, content.length());
        }
        return said.toString();
    }

    private static boolean closes(Matcher mark) {
        for (int group = 1; group <= mark.groupCount(); group++) {
            String sign = mark.group(group);
            if (sign != null && !sign.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    static void add(List<String> thoughts, String text) {
        if (!text.isBlank()) {
            thoughts.add(text.strip());
        }
    }
}
