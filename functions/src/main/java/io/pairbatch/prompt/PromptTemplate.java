package io.pairbatch.prompt;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A template with its trait filled in, ready for the two texts of a pair. Substitution is one literal pass over the
/// template only, so that a placeholder inside a text stays as it is (contract 3.1).
public final class PromptTemplate {

    /// A part of the prompt: text that is the same for every pair, or the place of one sample.
    public sealed interface Piece {

        /// Text of the template or of the trait, as it is.
        record Literal(String text) implements Piece {}

        /// The text at position 1 or 2.
        record Sample(int position) implements Piece {}
    }

    private final List<Piece> pieces;

    private PromptTemplate(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
    }

    /// Cuts the template at its placeholders.
    ///
    /// @throws IllegalArgumentException if a placeholder is missing; the message lists all of them in contract order
    public static PromptTemplate of(String template, Trait trait) {
        List<Placeholder> missing = Placeholder.missingIn(template);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("The template lacks "
                    + String.join(", ", missing.stream().map(Placeholder::token).toList()));
        }
        List<Piece> pieces = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        while (at < template.length()) {
            Placeholder found = placeholderAt(template, at);
            if (found == null) {
                literal.append(template.charAt(at++));
                continue;
            }
            at += found.token().length();
            switch (found) {
                case TRAIT_NAME -> literal.append(trait.name());
                case TRAIT_DESCRIPTION -> literal.append(trait.description());
                case SAMPLE_1 -> addSample(pieces, literal, 1);
                case SAMPLE_2 -> addSample(pieces, literal, 2);
            }
        }
        addLiteral(pieces, literal);
        return new PromptTemplate(pieces);
    }

    /// The prompt's parts in order.
    public List<Piece> pieces() {
        return pieces;
    }

    /// The whole prompt as one string; users decide its size, so a stream of requests uses [#pieces] instead.
    public String fill(String text1, String text2) {
        StringBuilder prompt = new StringBuilder();
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Literal literal -> prompt.append(literal.text());
                case Piece.Sample sample -> prompt.append(sample.position() == 1 ? text1 : text2);
            }
        }
        return prompt.toString();
    }

    private static @Nullable Placeholder placeholderAt(String template, int at) {
        if (template.charAt(at) == '{') {
            for (Placeholder placeholder : Placeholder.values()) {
                if (template.startsWith(placeholder.token(), at)) {
                    return placeholder;
                }
            }
        }
        return null;
    }

    private static void addSample(List<Piece> pieces, StringBuilder literal, int position) {
        addLiteral(pieces, literal);
        pieces.add(new Piece.Sample(position));
    }

    private static void addLiteral(List<Piece> pieces, StringBuilder literal) {
        if (!literal.isEmpty()) {
            pieces.add(new Piece.Literal(literal.toString()));
            literal.setLength(0);
        }
    }
}
