package io.pairbatch.standins.expression;

import io.pairbatch.standins.expression.Tokens.Shape;
import io.pairbatch.standins.expression.Tokens.Token;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/// Reads paths, values and function names, and records which placeholders an expression uses.
final class Names {

    /// What the developer guide allows without a placeholder.
    private static final Pattern BARE = Pattern.compile("[A-Za-z]([A-Za-z0-9]\\w*)?");

    private static final Set<String> OPERATORS = Set.of("AND", "OR", "NOT", "BETWEEN", "IN");
    private static final Set<String> FUNCTIONS = Set.of(
            "attribute_exists",
            "attribute_not_exists",
            "attribute_type",
            "begins_with",
            "contains",
            "size",
            "if_not_exists",
            "list_append");
    private static final int MOST_STEPS = 32;

    private final Tokens tokens;
    private final Map<String, String> given;
    private final Set<String> names = new HashSet<>();
    private final Set<String> values = new HashSet<>();
    private final Set<String> attributes = new TreeSet<>();

    Names(Tokens tokens, Map<String, String> given) {
        this.tokens = tokens;
        this.given = given;
    }

    /// The `#names` that were read.
    Set<String> names() {
        return names;
    }

    /// The `:values` that were read.
    Set<String> values() {
        return values;
    }

    /// The attributes of the item that the paths begin with.
    Set<String> attributes() {
        return attributes;
    }

    DocumentPath path() {
        List<DocumentPath.Step> steps = new ArrayList<>();
        DocumentPath.Name first = name();
        attributes.add(first.name());
        steps.add(first);
        while (true) {
            if (tokens.taken(".")) {
                steps.add(name());
            } else if (tokens.taken("[")) {
                steps.add(index());
                tokens.expect("]");
            } else {
                break;
            }
        }
        if (steps.size() > MOST_STEPS) {
            throw tokens.kind().invalid("The document path has too many nesting levels;");
        }
        return new DocumentPath(List.copyOf(steps));
    }

    private DocumentPath.Index index() {
        Token token = tokens.peek();
        if (token.shape() != Shape.NUMBER || token.text().length() > 6) {
            throw tokens.unexpected();
        }
        return new DocumentPath.Index(Integer.parseInt(tokens.take().text()));
    }

    private DocumentPath.Name name() {
        Token token = tokens.peek();
        if (token.shape() == Shape.NAME) {
            tokens.take();
            String name = given.get(token.text());
            if (name == null) {
                throw invalid("An expression attribute name used in the document path is not defined; attribute name: "
                        + token.text());
            }
            names.add(token.text());
            return new DocumentPath.Name(name);
        }
        if (token.shape() != Shape.WORD || OPERATORS.contains(token.text().toUpperCase(Locale.ROOT))) {
            throw tokens.unexpected();
        }
        if (ReservedWords.contains(token.text())) {
            throw invalid("Attribute name is a reserved keyword; reserved keyword: " + token.text());
        }
        if (!BARE.matcher(token.text()).matches()) {
            throw tokens.unexpected();
        }
        tokens.take();
        return new DocumentPath.Name(token.text());
    }

    Operand.Given value() {
        Token token = tokens.peek();
        if (token.shape() != Shape.VALUE) {
            throw tokens.unexpected();
        }
        tokens.take();
        values.add(token.text());
        return new Operand.Given(token.text());
    }

    boolean atValue() {
        return tokens.peek().shape() == Shape.VALUE;
    }

    boolean atFunction() {
        return tokens.peek().shape() == Shape.WORD && tokens.peekSecond().is(Shape.SYMBOL, "(");
    }

    /// Reads the name of a function and the opening parenthesis.
    String function() {
        String name = tokens.take().text();
        if (!FUNCTIONS.contains(name)) {
            throw invalid("Invalid function name; function: " + name);
        }
        tokens.expect("(");
        return name;
    }

    /// Reads the comma between a function's two arguments.
    void comma(String function) {
        if (tokens.peek().is(Shape.SYMBOL, ")")) {
            throw count(function);
        }
        tokens.expect(",");
    }

    /// Reads a function's closing parenthesis.
    void close(String function) {
        if (tokens.peek().is(Shape.SYMBOL, ",")) {
            throw count(function);
        }
        tokens.expect(")");
    }

    private DynamoDbException count(String function) {
        return invalid("Incorrect number of operands for operator or function; operator or function: " + function);
    }

    DynamoDbException notHere(String function) {
        return invalid("The function is not allowed to be used this way in an expression; function: " + function);
    }

    /// A function's argument that must be a path.
    DocumentPath path(String function) {
        if (atValue() || atFunction()) {
            throw invalid("Operator or function requires a document path; operator or function: " + function);
        }
        return path();
    }

    private DynamoDbException invalid(String why) {
        return tokens.kind().invalid(why);
    }
}
