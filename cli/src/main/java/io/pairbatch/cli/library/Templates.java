package io.pairbatch.cli.library;

import io.pairbatch.cli.view.Cells;
import io.pairbatch.cli.view.Sizes;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.prompt.BuiltIns;
import io.pairbatch.prompt.Checked;
import io.pairbatch.prompt.LibraryShelf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/// Prompt templates.
final class Templates implements Kind<String> {

    @Override
    public String noun() {
        return "template";
    }

    @Override
    public String jobField() {
        return "prompt_template";
    }

    @Override
    public LibraryShelf shelf() {
        return LibraryShelf.TEMPLATES;
    }

    @Override
    public ErrorCode invalid() {
        return ErrorCode.TEMPLATE_INVALID;
    }

    @Override
    public SortedSet<String> builtIns() {
        return BuiltIns.templates();
    }

    @Override
    public Optional<String> builtIn(String name) {
        return BuiltIns.template(name);
    }

    /// Any text: one that lacks a placeholder can still be shown.
    @Override
    public Checked<String> read(byte[] file) {
        return new Checked.Valid<>(new String(file, StandardCharsets.UTF_8));
    }

    @Override
    public byte[] file(String template) {
        return template.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String text(String template) {
        return template;
    }

    @Override
    public List<String> headings() {
        return List.of("SIZE", "BEGINS");
    }

    @Override
    public List<String> cells(String template) {
        String firstLine = template.lines().findFirst().orElse("");
        return List.of(Sizes.of(file(template).length), Cells.harmless(firstLine));
    }

    @Override
    public Set<Integer> numbers() {
        return Set.of(2);
    }
}
