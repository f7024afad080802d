package io.pairbatch.provider;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The channels of a model's own format, where a service hands it on as it is. Of OpenAI's open models
/// (https://cookbook.openai.com/articles/openai-harmony) only the channel `final` is the answer; of Gemma's what is in
/// no
/// channel.
final class HarmonyChannels {

    private static final String CHANNEL = "<|channel|>";
    private static final String MESSAGE = "<|message|>";
    private static final Pattern NAME = Pattern.compile("\\s*(\\w*)");

    /// The other signs of the format, with the role behind one of them.
    private static final Pattern SIGN = Pattern.compile("<\\|start\\|>\\w*|<\\|\\w+\\|>");

    /// What is left where a service has taken the signs out, and not the words between them.
    private static final Pattern WORDS = Pattern.compile("\\A\\s*analysis(.*)assistantfinal(.*)\\z", Pattern.DOTALL);

    private static final Pattern GEMMA =
            Pattern.compile("<\\|channel>((?:(?!<channel\\|>).)*+)(?:<channel\\|>)?+", Pattern.DOTALL);

    private HarmonyChannels() {}

    /// The answer's text. All else goes to its thoughts.
    static String apart(String content, List<String> thoughts) {
        if (content.contains(CHANNEL)) {
            return ofFinal(content, thoughts);
        }
        Matcher words = WORDS.matcher(content);
        if (words.matches()) {
            ThoughtMarks.add(thoughts, words.group(1));
            return words.group(2);
        }
        return GEMMA.matcher(content).replaceAll(thought -> {
            ThoughtMarks.add(thoughts, thought.group(1));
            return "";
        });
    }

    /// A message goes on to the next channel, whatever ends it: a text that only quotes the signs must not cut off what
    /// stands behind it. What stands before the first channel is of one that the prompt has opened.
    private static String ofFinal(String content, List<String> thoughts) {
        String[] messages = content.split(Pattern.quote(CHANNEL), -1);
        ThoughtMarks.add(thoughts, plain(messages[0]));
        StringBuilder said = new StringBuilder();
        for (int i = 1; i < messages.length; i++) {
            Matcher name = NAME.matcher(messages[i]);
            boolean isFinal = name.lookingAt() && name.group(1).equals("final");
            int header = messages[i].indexOf(MESSAGE);
            String text = plain(messages[i].substring(header < 0 ? name.end() : header + MESSAGE.length()));
            if (isFinal) {
                said.append(text);
            } else {
                ThoughtMarks.add(thoughts, text);
            }
        }
        return said.toString();
    }

    private static String plain(String text) {
        return SIGN.matcher(text).replaceAll("");
    }
}
