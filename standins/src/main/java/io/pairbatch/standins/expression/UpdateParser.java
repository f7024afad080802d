package io.pairbatch.standins.expression;

import io.pairbatch.standins.expression.Tokens.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Reads an update expression: the sections SET, REMOVE, ADD and DELETE in any order, each once.
final class UpdateParser {

    private static final int DEEPEST = 32;

    private final Tokens tokens;
    private final Names names;
    private final List<Update.Assignment> sets = new ArrayList<>();
    private final List<DocumentPath> removes = new ArrayList<>();
    private final List<Update.Amount> adds = new ArrayList<>();
    private final List<Update.Amount> deletes = new ArrayList<>();

    private UpdateParser(Tokens tokens, Names names) {
        this.tokens = tokens;
        this.names = names;
    }

    static Update read(Tokens tokens, Names names) {
        return new UpdateParser(tokens, names).update();
    }

    private Update update() {
        Set<String> seen = new HashSet<>();
        while (tokens.peek().shape() != Shape.END) {
            String section = tokens.peek().text().toUpperCase(Locale.ROOT);
            Runnable clause = switch (section) {
                case "SET" -> this::set;
                case "REMOVE" -> () -> removes.add(names.path());
                case "ADD" -> () -> adds.add(amount(section));
                case "DELETE" -> () -> deletes.add(amount(section));
                default -> throw tokens.unexpected();
            };
            tokens.take();
            if (!seen.add(section)) {
                throw tokens.kind()
                        .invalid("The \"" + section + "\" section can only be used once in an update expression;");
            }
            do {
                clause.run();
            } while (tokens.taken(","));
        }
        Update update = new Update(sets, removes, adds, deletes);
        DocumentPath.apart(tokens.kind(), update.paths());
        return update;
    }

    private void set() {
        DocumentPath path = names.path();
        tokens.expect("=");
        Source first = source(0);
        boolean minus = tokens.peek().is(Shape.SYMBOL, "-");
        if (minus || tokens.peek().is(Shape.SYMBOL, "+")) {
            tokens.take();
            first = new Source.Sum(first, minus, source(0));
        }
        sets.add(new Update.Assignment(path, first));
    }

    private Source source(int depth) {
        if (names.atValue()) {
            return new Source.Plain(names.value());
        }
        if (!names.atFunction()) {
            return new Source.Plain(new Operand.At(names.path()));
        }
        String function = names.function();
        if (depth > DEEPEST) {
            throw tokens.kind().invalid("The expression has too many nested functions;");
        }
        Source source = switch (function) {
            case "if_not_exists" -> {
                DocumentPath path = names.path(function);
                names.comma(function);
                yield new Source.IfNotExists(path, source(depth + 1));
            }
            case "list_append" -> {
                Source first = source(depth + 1);
                names.comma(function);
                yield new Source.ListAppend(first, source(depth + 1));
            }
            default -> throw names.notHere(function);
        };
        names.close(function);
        return source;
    }

    private Update.Amount amount(String section) {
        DocumentPath path = names.path();
        if (!path.top()) {
            throw new IllegalArgumentException(
                    section + " is documented for attributes of the item itself, not for " + path);
        }
        return new Update.Amount(path.attribute(), names.value());
    }
}
