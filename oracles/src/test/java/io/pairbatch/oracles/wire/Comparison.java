package io.pairbatch.oracles.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Collects all differences between two recordings, each as a line that ends with the steps in which it was seen, such
/// as `header accept: only the SDK's, text/plain [create, list]`. A difference that is not in the provider's list is a
/// failure, and so is a listed difference that no longer occurs.
final class Comparison {

    private static final int LONGEST = 80;

    private final Set<String> steps = new LinkedHashSet<>();
    private final Map<String, Set<String>> found = new LinkedHashMap<>();

    /// Compares what both sent in one step.
    void calls(String step, List<Call> ours, List<Call> theirs) {
        assertThat(ours).as(step + ": ours").isNotEmpty();
        assertThat(theirs).as(step + ": the SDK's").isNotEmpty();
        steps.add(step);
        if (ours.size() == 1 && theirs.size() == 1) {
            value(step, "request", ours.getFirst().line(), theirs.getFirst().line());
            call(step, ours.getFirst(), theirs.getFirst());
            return;
        }
        List<Call> left = new ArrayList<>(theirs);
        for (Call call : ours) {
            int same = IntStream.range(0, left.size())
                    .filter(i -> left.get(i).line().equals(call.line()))
                    .findFirst()
                    .orElse(-1);
            if (same < 0) {
                differ(step, call.line() + ": only ours");
                continue;
            }
            left.subList(0, same).forEach(skipped -> differ(step, skipped.line() + ": only the SDK's"));
            call(step, call, left.get(same));
            left.subList(0, same + 1).clear();
        }
        left.forEach(rest -> differ(step, rest.line() + ": only the SDK's"));
    }

    private void call(String step, Call ours, Call theirs) {
        maps(step, "query ", ours.query(), theirs.query());
        maps(step, "header ", shortened(ours.headers()), shortened(theirs.headers()));
        if (ours.contentType().startsWith("multipart/")) {
            parts(step, ours.parts(), theirs.parts());
        } else if (ours.contentType().startsWith("application/json")) {
            json(step, "body", ours.json(), theirs.json());
        } else if (!ours.body().equals(theirs.body())) {
            differ(
                    step,
                    "body: ours " + ours.body().length() + " bytes, the SDK's "
                            + theirs.body().length());
        }
    }

    /// A client's version, its system information, and a form's boundary vary without any meaning.
    private static Map<String, String> shortened(Map<String, String> headers) {
        Map<String, String> shortened = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            switch (name) {
                case "user-agent", "x-goog-api-client" -> shortened.put(name, value.replaceFirst("/.*", ""));
                case "content-type" -> shortened.put(name, value.replaceFirst("; *boundary=.*", ""));
                default -> {
                    boolean telemetry = name.startsWith("x-stainless-");
                    shortened.put(telemetry ? "x-stainless-*" : name, telemetry ? "of several names" : value);
                }
            }
        });
        return shortened;
    }

    /// The members of an object (`expires_after[anchor]`) count as one part: the SDK sends them in the order of a hash
    /// map, which differs between JVM runs.
    private static String order(Map<String, Call.Part> parts) {
        return parts.keySet().stream()
                .map(name -> name.replaceFirst("\\[.*", ""))
                .distinct()
                .toList()
                .toString();
    }

    private void parts(String step, Map<String, Call.Part> ours, Map<String, Call.Part> theirs) {
        value(step, "order of the parts", order(ours), order(theirs));
        for (String name : ours.keySet()) {
            Call.Part part = ours.get(name);
            Call.Part other = theirs.get(name);
            if (part != null && other != null) {
                maps(step, "part " + name + " ", part.headers(), other.headers());
                value(step, "part " + name, part.content(), other.content());
            }
        }
    }

    private void maps(String step, String where, Map<String, String> ours, Map<String, String> theirs) {
        for (String name : union(ours.keySet(), theirs.keySet())) {
            value(step, where + name, ours.get(name), theirs.get(name));
        }
    }

    private void value(String step, String where, @Nullable String ours, @Nullable String theirs) {
        if (ours == null) {
            differ(step, where + ": only the SDK's, " + brief(String.valueOf(theirs)));
        } else if (theirs == null) {
            differ(step, where + ": only ours, " + brief(ours));
        } else if (!ours.equals(theirs)) {
            differ(step, where + ": ours " + brief(ours) + ", the SDK's " + brief(theirs));
        }
    }

    /// Compares two trees; numbers by value, in any notation.
    void json(String step, String where, @Nullable JsonNode ours, @Nullable JsonNode theirs) {
        steps.add(step);
        if (ours != null && theirs != null && ours.isObject() && theirs.isObject()) {
            Map<String, String> mine = spellings(ours);
            Map<String, String> other = spellings(theirs);
            for (String name : union(mine.keySet(), other.keySet())) {
                String spelledThere = other.getOrDefault(name, mine.getOrDefault(name, name));
                String spelled = mine.getOrDefault(name, spelledThere);
                if (!spelled.equals(spelledThere)) {
                    differ(step, where + ": ours spells `" + spelled + "`, the SDK `" + spelledThere + "`");
                }
                json(step, where + "/" + spelled, ours.get(spelled), theirs.get(spelledThere));
            }
        } else if (ours != null && theirs != null && ours.isArray() && theirs.isArray()) {
            for (int i = 0; i < Math.max(ours.size(), theirs.size()); i++) {
                json(step, where + "/" + i, ours.get(i), theirs.get(i));
            }
        } else if (!sameNumber(ours, theirs) && !Objects.equals(ours, theirs)) {
            value(step, where, text(ours), theirs == null ? null : theirs.toString());
        }
    }

    /// The names of an object's fields in snake_case: Google accepts both spellings.
    private static Map<String, String> spellings(JsonNode object) {
        Map<String, String> spellings = new LinkedHashMap<>();
        object.propertyNames()
                .forEach(name -> spellings.put(name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT), name));
        return spellings;
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node == null ? null : node.toString();
    }

    private static boolean sameNumber(@Nullable JsonNode ours, @Nullable JsonNode theirs) {
        return ours != null
                && theirs != null
                && ours.isNumber()
                && theirs.isNumber()
                && ours.decimalValue().compareTo(theirs.decimalValue()) == 0;
    }

    private static Set<String> union(Collection<String> ours, Collection<String> theirs) {
        Set<String> union = new TreeSet<>(ours);
        union.addAll(theirs);
        return union;
    }

    private static String brief(String value) {
        return value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "…";
    }

    private void differ(String step, String what) {
        found.computeIfAbsent(what, unseen -> new LinkedHashSet<>()).add(step);
    }

    /// Checks that there are only the differences that `wire/<name>.txt` lists with reasons.
    void assertOnly(String name) throws IOException {
        List<String> lines = found.entrySet().stream()
                .map(entry -> entry.getKey() + " " + (entry.getValue().equals(steps) ? "[all]" : entry.getValue()))
                .toList();
        assertThat(lines).containsExactlyInAnyOrderElementsOf(named(name));
    }

    private static List<String> named(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(Comparison.class.getResourceAsStream("/wire/" + name + ".txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }
}
