package io.pairbatch.spec;

import io.pairbatch.backend.Backend;
import io.pairbatch.text.Spelling;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Checks the names in a job specification: those of [JobFields], the providers' options, and unknown ones.
public final class SpecNames {

    private static final Set<String> TEXTS = declared(field -> field.kind().isText());
    private static final Set<String> DECLARED = declared(field -> true);

    /// Words that people use when they try to set what belongs to the deployment.
    private static final Set<String> DEPLOYMENT = Set.of(
            "api_key",
            "apikey",
            "openai_api_key",
            "key",
            "secret",
            "token",
            "base_url",
            "api_base",
            "url",
            "endpoint_url",
            "host",
            "proxy",
            "organization",
            "project",
            "role",
            "role_arn",
            "region",
            "bucket",
            "output_dir");

    private SpecNames() {}

    private static Set<String> declared(Predicate<Field<?>> which) {
        return JobFields.all().stream().filter(which).map(Field::name).collect(Collectors.toUnmodifiableSet());
    }

    static boolean isText(String name, OptionsReaders readers) {
        return TEXTS.contains(name) || all(readers).anyMatch(o -> o.texts().contains(name));
    }

    private static Stream<OptionsReader> all(OptionsReaders readers) {
        return Arrays.stream(Backend.values()).map(readers::options);
    }

    static boolean isKnown(String name, OptionsReaders readers) {
        return names(readers).contains(name);
    }

    /// Whether it is a field of every job.
    static boolean isDeclared(String name) {
        return DECLARED.contains(name);
    }

    static boolean isBackend(String code) {
        return Arrays.stream(Backend.values()).anyMatch(known -> known.code().equals(code));
    }

    /// The same by the provider's code, which may be unknown.
    static boolean isKnown(String name, String backend, OptionsReaders readers) {
        return Arrays.stream(Backend.values())
                .anyMatch(known -> known.code().equals(backend) && isKnown(name, known, readers));
    }

    /// Whether a job of this provider may have the name.
    static boolean isKnown(String name, Backend backend, OptionsReaders readers) {
        OptionsReader options = readers.options(backend);
        return DECLARED.contains(name)
                || options.texts().contains(name)
                || options.others().contains(name);
    }

    /// The backends whose jobs may have the name.
    static String owners(String name, OptionsReaders readers) {
        return Arrays.stream(Backend.values())
                .filter(backend -> isKnown(name, backend, readers))
                .map(Backend::code)
                .collect(Collectors.joining(" and "));
    }

    /// In a fixed order, so that the nearest name is always the same.
    private static SortedSet<String> names(OptionsReaders readers) {
        SortedSet<String> names = new TreeSet<>(DECLARED);
        all(readers).forEach(options -> {
            names.addAll(options.texts());
            names.addAll(options.others());
        });
        return names;
    }

    /// The field of a job that an option was probably meant to be, also a member of `pairing`, which has options of
    /// its own in another command.
    ///
    /// @param option such as `--max-cost-usd`
    public static Optional<String> ofOption(String option, OptionsReaders readers) {
        String name = fieldName(option);
        if (isKnown(name, readers)) {
            return Optional.of(name);
        }
        return PairingField.NAMES.contains(name)
                ? Optional.of(JobFields.PAIRING.name() + "." + name)
                : Optional.empty();
    }

    /// The field whose name is the nearest to an option.
    public static Optional<String> nearOption(String option, OptionsReaders readers) {
        return nearest(fieldName(option), readers);
    }

    private static String fieldName(String option) {
        return option.replaceFirst("^-+", "").replace('-', '_');
    }

    static boolean belongsToDeployment(String name) {
        return DEPLOYMENT.contains(name);
    }

    /// The known name that `name` was most likely meant to be.
    static Optional<String> nearest(String name, OptionsReaders readers) {
        return Spelling.nearest(name, names(readers));
    }
}
