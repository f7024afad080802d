package io.pairbatch.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Where people file a job. It changes nothing of what is sent and is no part of the job's identity.
///
/// @param study empty for none
/// @param labels in the order of the job file
public record Filing(String study, Map<String, String> labels) {

    static final int LONGEST_TEXT = 200;
    static final int MOST_LABELS = 20;
    static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");

    /// Filed nowhere.
    public static final Filing NONE = new Filing("", Map.of());

    public Filing {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    /// The labels on one line, such as `site=north, wave=2`, in alphabetical order; empty if there are none.
    public String words() {
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
