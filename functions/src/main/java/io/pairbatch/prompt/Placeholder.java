package io.pairbatch.prompt;

import java.util.Arrays;
import java.util.List;

/// The four places that a prompt template fills, in the order in which contract 3.1 names them.
public enum Placeholder {
    TRAIT_NAME,
    TRAIT_DESCRIPTION,
    SAMPLE_1,
    SAMPLE_2;

    private final String token = "{" + name() + "}";

    /// As written in a template, braces included.
    public String token() {
        return token;
    }

    /// The placeholders that `template` lacks, in this order.
    public static List<Placeholder> missingIn(String template) {
        return Arrays.stream(values())
                .filter(placeholder -> !template.contains(placeholder.token))
                .toList();
    }
}
