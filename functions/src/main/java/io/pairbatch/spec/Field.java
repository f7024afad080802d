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
    private final T former;
    private final boolean unsaid;
    private final Function<JobSpec, T> place;
    private final Frozen frozen;
    private final Part part;
    private final Section section;
    private final String meaning;
    private final String unset;

    private Field(
            String name,
            Kind<T> kind,
            T fallback,
            T former,
            boolean unsaid,
            Function<JobSpec, T> place,
            Frozen frozen,
            Part part,
            Section section,
            String meaning,
            String unset) {
        this.name = name;
        this.kind = kind;
        this.fallback = fallback;
        this.former = former;
        this.unsaid = unsaid;
        this.place = place;
        this.frozen = frozen;
        this.part = part;
        this.section = section;
        this.meaning = meaning;
        this.unset = unset;
    }

    /// A field that says what is judged, and is frozen where its value is not the default.
    ///
    /// @param fallback its value if it is left out
    /// @param place how to read it from a specification
    /// @param meaning its line in docs/JOB.md, in Markdown
    static <T> Field<T> of(
            Section section, String name, Kind<T> kind, T fallback, Function<JobSpec, T> place, String meaning) {
        return new Field<>(
                name, kind, fallback, fallback, false, place, Frozen.UNLESS_DEFAULT, Part.JUDGED, section, meaning, "");
    }

    /// The same field with another rule for frozen jobs.
    Field<T> frozen(Frozen other) {
        return new Field<>(name, kind, fallback, former, unsaid, place, other, part, section, meaning, unset);
    }

    /// The same field, which plays another part.
    Field<T> as(Part other) {
        return new Field<>(name, kind, fallback, former, unsaid, place, frozen, other, section, meaning, unset);
    }

    /// The same field, whose default was another one once: a frozen job without the field has that one.
    Field<T> formerly(T other) {
        return new Field<>(name, kind, fallback, other, unsaid, place, frozen, part, section, meaning, unset);
    }

    /// The same field; a frozen job without it has this value, which no job can ask for.
    Field<T> unsaidFormerly(T other) {
        return new Field<>(name, kind, fallback, other, true, place, frozen, part, section, meaning, unset);
    }

    /// The same field, with this description of its default in docs/JOB.md, in Markdown.
    Field<T> unset(String words) {
        return new Field<>(name, kind, fallback, former, unsaid, place, frozen, part, section, meaning, words);
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

    Part part() {
        return part;
    }

    /// Whether two specifications differ only in that one was frozen before the field was, and the other leaves it out.
    boolean isUnsaid(JobSpec before, JobSpec after) {
        return unsaid
                && place.apply(before).equals(former)
                && place.apply(after).equals(fallback);
    }

    /// Writes the field of a specification as a property of the object that is open, if a frozen job holds it.
    void freeze(JsonGenerator json, JobSpec spec) {
        freeze(json, place.apply(spec));
    }

    /// The same, as a job that leaves the field out was frozen before its default changed.
    void freezeFormerly(JsonGenerator json, JobSpec spec) {
        T value = place.apply(spec);
        freeze(json, value.equals(fallback) ? former : value);
    }

    private void freeze(JsonGenerator json, T value) {
        boolean left = frozen == Frozen.NEVER || (frozen == Frozen.UNLESS_DEFAULT && value.equals(former));
        if (!left) {
            kind.writer().write(json, name, value);
        }
    }

    /// Writes the field of a specification as a property of the object that is open, whatever its value.
    void write(JsonGenerator json, JobSpec spec) {
        kind.writer().write(json, name, place.apply(spec));
    }

    /// The value in a frozen job.
    T thaw(JsonNode job) {
        if (frozen == Frozen.NEVER || (frozen != Frozen.ALWAYS && !job.has(name))) {
            return former;
        }
        return kind.thaw().apply(job.required(name));
    }
}
