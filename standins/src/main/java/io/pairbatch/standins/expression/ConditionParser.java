package io.pairbatch.standins.expression;

import io.pairbatch.standins.expression.Condition.Comparison;
import io.pairbatch.standins.expression.Tokens.Shape;
import io.pairbatch.standins.expression.Tokens.Token;
import java.util.ArrayList;
import java.util.List;

/// Reads a condition: OR binds most loosely, then AND, then NOT.
final class ConditionParser {

    private static final int MOST_CHOICES = 100;
    private static final int MOST_OPERATORS = 300;

    private final Tokens tokens;
    private final Names names;
    private int operators;

    private ConditionParser(Tokens tokens, Names names) {
        this.tokens = tokens;
        this.names = names;
    }

    static Condition read(Tokens tokens, Names names) {
        Condition condition = new ConditionParser(tokens, names).or();
        tokens.expectEnd();
        return condition;
    }

    private Condition or() {
        Condition condition = and();
        while (tokens.takenWord("OR")) {
            count();
            condition = new Condition.Or(condition, and());
        }
        return condition;
    }

    private Condition and() {
        Condition condition = not();
        while (tokens.takenWord("AND")) {
            count();
            condition = new Condition.And(condition, not());
        }
        return condition;
    }

    private Condition not() {
        if (tokens.takenWord("NOT")) {
            count();
            return new Condition.Not(not());
        }
        return tokens.taken("(") ? parenthesized() : term();
    }

    private Condition parenthesized() {
        int inner = tokens.closing();
        Condition condition = or();
        if (inner == tokens.position()) {
            throw tokens.kind().invalid("The expression has redundant parentheses;");
        }
        tokens.expect(")");
        return condition;
    }

    private Condition term() {
        if (names.atFunction() && !tokens.peek().text().equals("size")) {
            return function();
        }
        Operand left = operand();
        Token token = tokens.peek();
        if (left instanceof Operand.Size && (token.shape() == Shape.END || token.is(Shape.SYMBOL, ")"))) {
            throw names.notHere("size");
        }
        if (tokens.takenWord("BETWEEN")) {
            count();
            Operand lower = operand();
            tokens.expectWord("AND");
            return new Condition.Between(left, lower, operand());
        }
        if (tokens.takenWord("IN")) {
            count();
            return in(left);
        }
        for (Comparison comparison : Comparison.values()) {
            if (tokens.taken(comparison.symbol())) {
                count();
                Operand right = operand();
                distinct(comparison.symbol(), left, right);
                return new Condition.Compare(left, comparison, right);
            }
        }
        throw tokens.unexpected();
    }

    private Condition in(Operand left) {
        tokens.expect("(");
        List<Operand> choices = new ArrayList<>();
        do {
            choices.add(operand());
        } while (tokens.taken(","));
        tokens.expect(")");
        if (choices.size() > MOST_CHOICES) {
            throw tokens.kind()
                    .invalid("The IN operator is provided with too many operands; number of operands: "
                            + choices.size());
        }
        return new Condition.In(left, List.copyOf(choices));
    }

    private Condition function() {
        count();
        String function = names.function();
        Condition condition = switch (function) {
            case "attribute_exists" -> new Condition.Exists(names.path(function));
            case "attribute_not_exists" -> new Condition.Not(new Condition.Exists(names.path(function)));
            case "attribute_type" -> {
                DocumentPath path = names.path(function);
                names.comma(function);
                yield new Condition.IsType(path, names.value());
            }
            case "begins_with" -> {
                Operand operand = operand();
                names.comma(function);
                Operand prefix = operand();
                distinct(function, operand, prefix);
                yield new Condition.BeginsWith(operand, prefix);
            }
            case "contains" -> {
                Operand operand = operand();
                names.comma(function);
                Operand part = operand();
                distinct(function, operand, part);
                yield new Condition.Contains(operand, part);
            }
            default -> throw names.notHere(function);
        };
        names.close(function);
        if (!atEndOfTerm()) {
            throw names.notHere(function);
        }
        return condition;
    }

    /// Whether what was read may be a whole condition: a function that is compared with something may not.
    private boolean atEndOfTerm() {
        Token token = tokens.peek();
        return token.shape() == Shape.END || token.is(Shape.SYMBOL, ")") || tokens.atWord("AND") || tokens.atWord("OR");
    }

    private Operand operand() {
        if (names.atValue()) {
            return names.value();
        }
        if (names.atFunction()) {
            String function = names.function();
            if (!function.equals("size")) {
                throw names.notHere(function);
            }
            DocumentPath path = names.path(function);
            names.close(function);
            return new Operand.Size(path);
        }
        return new Operand.At(names.path());
    }

    private void distinct(String operator, Operand first, Operand second) {
        if (first.equals(second)) {
            throw tokens.kind()
                    .invalid("The first operand must be distinct from the remaining operands for this"
                            + " operator or function; operator: " + operator + ", first operand: " + first);
        }
    }

    private void count() {
        operators++;
        if (operators > MOST_OPERATORS) {
            throw tokens.kind().invalid("The expression contains too many operators;");
        }
    }
}
