package io.pairbatch.cli.library;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.prompt.Checked;
import io.pairbatch.prompt.LibraryShelf;
import io.pairbatch.prompt.Trait;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/// A kind of thing that a library holds.
///
/// @param <T> one of them
public sealed interface Kind<T> permits Templates, Traits {

    Kind<String> TEMPLATES = new Templates();
    Kind<Trait> TRAITS = new Traits();

    /// What a message calls one of them.
    String noun();

    /// The job field that names one of them.
    String jobField();

    /// Where the registered ones are in the bucket.
    LibraryShelf shelf();

    /// The code of a file that is not one of them.
    ErrorCode invalid();

    /// The names of the built-in ones.
    SortedSet<String> builtIns();

    Optional<T> builtIn(String name);

    /// Reads a registered one.
    Checked<T> read(byte[] file);

    /// The file to register.
    byte[] file(T one);

    /// All of it, to be read by a person.
    String text(T one);

    /// Headings of the two columns that describe one of them in a list.
    List<String> headings();

    /// The cells of these columns.
    List<String> cells(T one);

    /// The columns of numbers in a list whose first two columns are name and origin.
    Set<Integer> numbers();
}
