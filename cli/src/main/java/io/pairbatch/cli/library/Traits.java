package io.pairbatch.cli.library;

import io.pairbatch.cli.view.Cells;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.prompt.BuiltIns;
import io.pairbatch.prompt.Checked;
import io.pairbatch.prompt.LibraryShelf;
import io.pairbatch.prompt.Trait;
import io.pairbatch.prompt.TraitText;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/// Traits.
final class Traits implements Kind<Trait> {

    @Override
    public String noun() {
        return "trait";
    }

    @Override
    public String jobField() {
        return "trait_name";
    }

    @Override
    public LibraryShelf shelf() {
        return LibraryShelf.TRAITS;
    }

    @Override
    public ErrorCode invalid() {
        return ErrorCode.TRAIT_INVALID;
    }

    @Override
    public SortedSet<String> builtIns() {
        return BuiltIns.traits();
    }

    @Override
    public Optional<Trait> builtIn(String name) {
        return BuiltIns.trait(name);
    }

    @Override
    public Checked<Trait> read(byte[] file) {
        return TraitText.ofFile("the stack's library", file);
    }

    @Override
    public byte[] file(Trait trait) {
        return TraitText.toFile(trait);
    }

    @Override
    public String text(Trait trait) {
        return trait.name() + "\n" + trait.description();
    }

    @Override
    public List<String> headings() {
        return List.of("LABEL", "DESCRIPTION");
    }

    @Override
    public List<String> cells(Trait trait) {
        return List.of(Cells.harmless(trait.name()), Cells.harmless(trait.description()));
    }

    @Override
    public Set<Integer> numbers() {
        return Set.of();
    }
}
