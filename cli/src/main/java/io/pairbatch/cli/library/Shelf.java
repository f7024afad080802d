package io.pairbatch.cli.library;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.job.Bucket;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.Problem;
import io.pairbatch.prompt.LibraryShelf;
import io.pairbatch.prompt.TemplateText;
import io.pairbatch.text.Hex;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/// Templates or traits by name: the built-in ones and those registered in the bucket, which win (contract 3.1). The
/// bucket is versioned, so that what is replaced or removed can be fetched again.
public final class Shelf {

    private final Bucket bucket;
    private final LibraryShelf shelf;
    private final String noun;
    private final SortedSet<String> builtIn;

    /// @param noun what a message calls one of them
    public Shelf(Bucket bucket, LibraryShelf shelf, String noun, SortedSet<String> builtIn) {
        this.bucket = bucket;
        this.shelf = shelf;
        this.noun = noun;
        this.builtIn = builtIn;
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

    /// Every name once, sorted; holds one entry a name.
    public SortedMap<String, Origin> names() {
        SortedMap<String, Origin> names = new TreeMap<>();
        builtIn.forEach(name -> names.put(name, Origin.BUILT_IN));
        bucket.visit(
                shelf.prefix(),
                entry -> shelf.nameOf(entry.key())
                        .ifPresent(
                                name -> names.put(name, builtIn.contains(name) ? Origin.HIDING : Origin.REGISTERED)));
        return names;
    }

    /// What is registered under the name; 1 MiB and a byte at most.
    public Optional<byte[]> registered(String name) throws IOException {
        Optional<InputStream> object = bucket.open(shelf.key(checked(name)), null);
        if (object.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = object.get()) {
            return Optional.of(in.readNBytes(TemplateText.MAX_BYTES + 1));
        }
    }

    /// Puts `content` under the name.
    ///
    /// @return whether it hides a built-in one now
    public boolean register(String name, byte[] content, boolean overwrite) throws IOException {
        if (!overwrite && registered(name).isPresent()) {
            throw refusal(ErrorCode.LIBRARY_NAME_TAKEN, name, "one that is registered already", "a name that is free");
        }
        bucket.put(shelf.key(checked(name)), content, Hex.of(Hex.sha256().digest(content)));
        return builtIn.contains(name);
    }

    /// Removes what is registered under the name.
    ///
    /// @param quiet whether a name that is not there is right, too
    /// @return whether there was one
    public boolean remove(String name, boolean quiet) throws IOException {
        if (registered(name).isPresent()) {
            bucket.delete(shelf.key(name));
            return true;
        }
        if (builtIn.contains(name)) {
            throw refusal(ErrorCode.LIBRARY_NAME_BUILT_IN, name, "a built-in one", "one that is registered");
        }
        if (!quiet) {
            throw unknown(name);
        }
        return false;
    }

    /// The refusal of a name that is neither registered nor built in.
    public CliException unknown(String name) {
        return refusal(ErrorCode.LIBRARY_NAME_UNKNOWN, name, "nothing", "a name that is there");
    }

    /// A refusal with its stable code.
    public CliException refusal(ErrorCode code, String name, String found, String expected) {
        return CliException.usage(
                new Problem(code, noun + " `" + name + "`", found, expected).message(), code.remedy());
    }

    private String checked(String name) {
        if (!LibraryShelf.isName(name)) {
            throw refusal(ErrorCode.LIBRARY_NAME_INVALID, name, "a name that cannot be registered", "a plain name");
        }
        return name;
    }
}
