package io.pairbatch.spec;

import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/// One field of job.json: everything that the program, docs/JOB.md and docs/job.schema.json say about it.
///
/// @param <T> the type of its value in the code
final class Field<T> {

    private final String name;
    private final Kind<T> kind;
    private final T fallback;
    private final Function<JobSpec, T> place;
    private final Frozen frozen;
    private final boolean identity;
    private final Section section;
    private final String meaning;
    private final String unset;

    private Field(
            String name,
            Kind<T> kind,
            T fallback,
            Function<JobSpec, T> place,
            Frozen frozen,
            boolean identity,
            Section section,
            String meaning,
            String unset) {
        this.name = name;
        this.kind = kind;
        this.fallback = fallback;
        this.place = place;
        this.frozen = frozen;
        this.identity = identity;
        this.section = section;
        this.meaning = meaning;
        this.unset = unset;
    }

    /// A field that is part of a job's identity if its value is not the default.
    ///
    /// @param fallback its value if it is left out
    /// @param place how to read it from a specification
    /// @param meaning its line in docs/JOB.md, in Markdown
    static <T> Field<T> of(
            Section section, String name, Kind<T> kind, T fallback, Function<JobSpec, T> place, String meaning) {
        return new Field<>(name, kind, fallback, place, Frozen.UNLESS_DEFAULT, true, section, meaning, "");
    }

    /// The same field with another rule for frozen jobs.
    Field<T> frozen(Frozen other) {
        return new Field<>(name, kind, fallback, place, other, identity, section, meaning, unset);
    }

    /// The same field, which may change without creating another job.
    Field<T> notOfIdentity() {
        return new Field<>(name, kind, fallback, place, frozen, false, section, meaning, unset);
    }

    /// The same field, with this description of its default in docs/JOB.md, in Markdown.
    Field<T> unset(String words) {
        return new Field<>(name, kind, fallback, place, frozen, identity, section, meaning, words);
    }

    String name() {
        return name;
    }

    Kind<T> kind() {
        return kind;
    }

    T fallback() {
        return fallback;
    }

    Section section() {
        return section;
    }

    String meaning() {
        return meaning;
    }

    /// The description of the default; empty if the default speaks for itself.
    String unset() {
        return unset;
    }

    /// The value in a job; the default if the job leaves it out, or after recording a problem.
    T read(SpecFields fields) {
        T value = kind.reader().read(fields, name);
        return value == null ? fallback : value;
    }

    /// Writes the field of a specification as a property of the current object, if a frozen job holds it.
    ///
    /// @param all false: only if it is part of the job's identity
    void freeze(JsonGenerator json, JobSpec spec, boolean all) {
        if (frozen == Frozen.NEVER || !(all || identity)) {
            return;
        }
        T value = place.apply(spec);
        if (frozen != Frozen.UNLESS_DEFAULT || !value.equals(fallback)) {
            kind.writer().write(json, name, value);
        }
    }

    /// The value in a frozen job.
    T thaw(JsonNode job) {
        if (frozen == Frozen.NEVER || (frozen != Frozen.ALWAYS && !job.has(name))) {
            return fallback;
        }
        return kind.thaw().apply(job.required(name));
    }
}
