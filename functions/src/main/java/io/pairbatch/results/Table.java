package io.pairbatch.results;

import io.pairbatch.store.Csv;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The columns of a result file and how a row gets its values.
public final class Table<T> {

    private final List<String> names;
    private final List<Function<? super T, @Nullable String>> values;

    private Table(List<String> names, List<Function<? super T, @Nullable String>> values) {
        this.names = List.copyOf(names);
        this.values = List.copyOf(values);
    }

    /// The columns' names, in order.
    public List<String> names() {
        return names;
    }

    /// Appends the header line.
    public void header(StringBuilder out) {
        Csv.line(out, names);
    }

    /// Appends one line.
    public void row(StringBuilder out, T row) {
        List<@Nullable String> fields = new ArrayList<>(values.size());
        for (Function<? super T, @Nullable String> value : values) {
            fields.add(value.apply(row));
        }
        Csv.line(out, fields);
    }

    static <T> Builder<T> columns() {
        return new Builder<>(false);
    }

    /// Columns whose texts are written in a form that is safe in a spreadsheet, if `guarded`.
    static <T> Builder<T> columns(boolean guarded) {
        return new Builder<>(guarded);
    }

    static final class Builder<T> {

        private final List<String> names = new ArrayList<>();
        private final List<Function<? super T, @Nullable String>> values = new ArrayList<>();
        private final boolean guarded;

        private Builder(boolean guarded) {
            this.guarded = guarded;
        }

        /// A column that is written as it is: our own words and numbers, and IDs, which must match those in other
        /// files.
        Builder<T> add(String name, Function<? super T, @Nullable String> value) {
            names.add(name);
            values.add(value);
            return this;
        }

        /// A column with text from a participant, a model or a provider.
        Builder<T> text(String name, Function<? super T, @Nullable String> value) {
            return add(name, guarded ? row -> FormulaGuard.harmless(value.apply(row)) : value);
        }

        Builder<T> addAll(Builder<T> more) {
            names.addAll(more.names);
            values.addAll(more.values);
            return this;
        }

        List<String> names() {
            return names;
        }

        Table<T> build() {
            return new Table<>(names, values);
        }
    }

    /// The value as a field; null stays null, which is NA.
    static @Nullable String field(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
