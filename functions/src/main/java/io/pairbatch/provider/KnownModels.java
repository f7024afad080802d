package io.pairbatch.provider;

import io.pairbatch.text.Spelling;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The models of a provider that are known by name. Another name may be that of a newer model, or misspelt.
///
/// @param asOf the day as of which they are known
/// @param names without what dates them
public record KnownModels(LocalDate asOf, List<String> names) {

    /// What stands before or after a model's own name: a folder, a tuned model's owner, a date or version.
    private static final Pattern BEFORE = Pattern.compile("^(?:models/|ft:)");

    private static final Pattern AFTER =
            Pattern.compile("(?::.*|-\\d{4}-\\d{2}-\\d{2}|-\\d{8}|-\\d{3,4}|-latest|-preview[-\\d]*)$");

    public KnownModels {
        names = List.copyOf(names);
    }

    /// Whether there is such a model.
    public boolean has(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        return names.contains(name) || names.stream().map(KnownModels::plain).anyMatch(plain(name)::equals);
    }

    /// The model whose name is most like one that is not known; empty where none is.
    public Optional<String> nearest(String model) {
        Spelling.Nearest nearest = new Spelling.Nearest(plain(model.toLowerCase(Locale.ROOT)));
        names.stream().sorted().forEach(name -> nearest.offer(name, plain(name)));
        return nearest.found();
    }

    private static String plain(String model) {
        String name = BEFORE.matcher(model).replaceFirst("");
        for (String shorter = AFTER.matcher(name).replaceFirst(""); !shorter.equals(name); ) {
            name = shorter;
            shorter = AFTER.matcher(name).replaceFirst("");
        }
        return name;
    }
}
