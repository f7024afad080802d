package io.pairbatch.pairing;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The designs, by the names that people give them, and what each of them takes.
public enum DesignKind {
    ALL,
    RANDOM(DesignKind.PAIRS, DesignKind.PERCENT),
    PER_SAMPLE(DesignKind.K),
    LINKED(DesignKind.K, DesignKind.ANCHORS);

    public static final String K = "k";
    public static final String PAIRS = "pairs";
    public static final String PERCENT = "percent";
    public static final String ANCHORS = "anchors";

    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<String> takes;

    DesignKind(String... takes) {
        this.takes = Set.of(takes);
    }

    /// Whether a value of this name means something with this design.
    public boolean takes(String name) {
        return takes.contains(name);
    }

    /// The names of the designs that take a value, in alphabetical order.
    public static List<String> taking(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.takes(name))
                .map(DesignKind::code)
                .sorted()
                .toList();
    }

    /// The name in lower case.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
