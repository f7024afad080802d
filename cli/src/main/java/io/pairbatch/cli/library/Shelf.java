package io.pairbatch.cli.library;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.job.Bucket;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.Problem;
import io.pairbatch.prompt.Checked;
import io.pairbatch.prompt.LibraryShelf;
import io.pairbatch.prompt.TemplateText;
import io.pairbatch.text.Hex;
import io.pairbatch.text.Spelling;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Templates or traits by name: the built-in ones and those registered in the bucket, which win (contract 3.1). The
/// bucket is versioned, so that what is replaced or removed can be fetched again.
///
/// @param <T> a template or a trait
public final class Shelf<T> {

    private final Bucket bucket;
    private final Kind<T> kind;

    public Shelf(Bucket bucket, Kind<T> kind) {
        this.bucket = bucket;
        this.kind = kind;
    }

    /// Where a name comes from.
    public enum Origin {
        BUILT_IN("built in"),
        REGISTERED("registered"),
        /// Registered under the name of a built-in one.
        HIDING("registered, hides the built-in");

        private final String words;

        Origin(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /// Every name once, sorted; holds one entry per name.
    public SortedMap<String, Origin> names() {
        SortedMap<String, Origin> names = new TreeMap<>();
        kind.builtIns().forEach(name -> names.put(name, Origin.BUILT_IN));
        bucket.visit(
                kind.shelf().prefix(),
                entry -> kind.shelf()
                        .nameOf(entry.key())
                        .ifPresent(name -> names.put(name, isBuiltIn(name) ? Origin.HIDING : Origin.REGISTERED)));
        return names;
    }

    private boolean isBuiltIn(String name) {
        return kind.builtIns().contains(name);
    }

    /// What has the name, whether it can be used or not.
    ///
    /// @throws CliException when nothing has it
    public Checked<T> read(String name) throws IOException {
        Optional<byte[]> registered = registered(name);
        return registered.isPresent()
                ? kind.read(registered.get())
                : new Checked.Valid<>(kind.builtIn(name).orElseThrow(() -> unknown(name)));
    }

    /// What has the name.
    ///
    /// @throws CliException when nothing has it, or what has it cannot be used
    public T get(String name) throws IOException {
        return valid(name, read(name));
    }

    /// What is registered under the name; at most 1 MiB and one byte.
    private Optional<byte[]> registered(String name) throws IOException {
        Optional<InputStream> object = bucket.open(kind.shelf().key(checked(name)), null);
        if (object.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = object.get()) {
            return Optional.of(in.readNBytes(TemplateText.MAX_BYTES + 1));
        }
    }

    /// Puts what was given under the name.
    ///
    /// @return whether it hides a built-in one now
    /// @throws CliException when it cannot be used, or the name is taken
    public boolean register(String name, Checked<T> given, boolean overwrite) throws IOException {
        byte[] file = kind.file(valid(name, given));
        if (!overwrite && registered(name).isPresent()) {
            throw refusal(ErrorCode.LIBRARY_NAME_TAKEN, name, "one that is already registered", "a free name");
        }
        bucket.put(kind.shelf().key(checked(name)), file, Hex.of(Hex.sha256().digest(file)));
        return isBuiltIn(name);
    }

    /// Removes what is registered under the name.
    ///
    /// @param quiet whether an unknown name is accepted
    /// @return whether there was one
    public boolean remove(String name, boolean quiet) throws IOException {
        if (registered(name).isPresent()) {
            bucket.delete(kind.shelf().key(name));
            return true;
        }
        if (isBuiltIn(name)) {
            throw refusal(ErrorCode.LIBRARY_NAME_BUILT_IN, name, "a built-in one", "one that is registered");
        }
        if (!quiet) {
            throw unknown(name);
        }
        return false;
    }

    private T valid(String name, Checked<T> one) {
        return switch (one) {
            case Checked.Valid<T> valid -> valid.value();
            case Checked.Invalid<T> invalid ->
                throw CliException.refused(
                        message(kind.invalid(), name, invalid.found(), invalid.expected()),
                        kind.invalid().remedy());
        };
    }

    private CliException unknown(String name) {
        String perhaps = Spelling.nearest(name, names().keySet())
                .map(known -> "perhaps `" + known + "`; else ")
                .orElse("");
        return refusal(ErrorCode.LIBRARY_NAME_UNKNOWN, name, "nothing", perhaps + "an existing name");
    }

    private CliException refusal(ErrorCode code, String name, String found, String expected) {
        return CliException.usage(message(code, name, found, expected), code.remedy());
    }

    private String message(ErrorCode code, String name, String found, String expected) {
        return new Problem(code, kind.noun() + " `" + name + "`", found, expected).message();
    }

    private String checked(String name) {
        if (!LibraryShelf.isName(name)) {
            throw refusal(ErrorCode.LIBRARY_NAME_INVALID, name, "a name that cannot be registered", "a plain name");
        }
        return name;
    }
}
