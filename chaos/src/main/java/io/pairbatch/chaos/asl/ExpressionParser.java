package io.pairbatch.chaos.asl;

import io.pairbatch.chaos.asl.PathNode.Predicate;
import io.pairbatch.chaos.asl.PathNode.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Parses the part of JSONata that is evaluated here: literals, variables, paths with predicates, operators,
/// conditions, a few functions, object and list constructors. Everything else is left to the library.
final class ExpressionParser {

    /// The expression has something that is not supported here.
    private static final class Unknown extends Exception {

        private static final long serialVersionUID = 1L;

        Unknown() {
            super("", null, false, false);
        }
    }

    private final List<String> tokens;
    private int next;
    private int predicates;

    private ExpressionParser(List<String> tokens) {
        this.tokens = tokens;
    }

    /// Reads an expression.
    ///
    /// @return null if the expression has something that is not supported here
    static @Nullable Node parse(String text) {
        List<String> tokens = Tokens.of(text);
        if (tokens == null) {
            return null;
        }
        ExpressionParser parser = new ExpressionParser(tokens);
        try {
            Node node = parser.expression(0);
            return parser.peek().isEmpty() ? node : null;
        } catch (Unknown e) {
            return null;
        }
    }

    private String peek() {
        return next < tokens.size() ? tokens.get(next) : "";
    }

    private String take() {
        String token = peek();
        next++;
        return token;
    }

    private boolean taken(String token) {
        if (!peek().equals(token)) {
            return false;
        }
        next++;
        return true;
    }

    private void expect(String token) throws Unknown {
        if (!taken(token)) {
            throw new Unknown();
        }
    }

    /// The binding power of an infix operator; 0 for any other token.
    private static int binding(String token) {
        return switch (token) {
            case "*", "/", "%" -> 60;
            case "+", "-", "&" -> 50;
            case "=", "!=", "<", "<=", ">", ">=", "in" -> 40;
            case "and" -> 30;
            case "or" -> 25;
            case "?" -> 20;
            default -> 0;
        };
    }

    private Node expression(int least) throws Unknown {
        Node left = operand();
        while (binding(peek()) > least) {
            String operator = take();
            left = operator.equals("?") ? conditional(left) : binary(operator, left);
        }
        return left;
    }

    private Node binary(String operator, Node left) throws Unknown {
        Node node = Operators.binary(operator, left, expression(binding(operator)));
        if (node == null) {
            throw new Unknown();
        }
        return node;
    }

    private Node conditional(Node condition) throws Unknown {
        Node then = expression(0);
        return new Node.Conditional(condition, then, taken(":") ? expression(0) : null);
    }

    private Node operand() throws Unknown {
        String token = take();
        if (token.isEmpty()) {
            throw new Unknown();
        }
        char first = token.charAt(0);
        if (first == '\'') {
            return new Node.Literal(token.substring(1));
        }
        if (Character.isDigit(first)) {
            return new Node.Literal(number(token));
        }
        return switch (token) {
            case "-" -> negative();
            case "(" -> {
                Node inner = expression(0);
                expect(")");
                yield inner;
            }
            case "[" -> list();
            case "{" -> object();
            case "true" -> new Node.Literal(true);
            case "false" -> new Node.Literal(false);
            case "null" -> new Node.Literal(Values.NULL);
            default -> first == '$' ? variable(token.substring(1)) : name();
        };
    }

    private static Object number(String token) {
        return Values.number(Double.parseDouble(token));
    }

    private Node negative() throws Unknown {
        String token = take();
        if (token.isEmpty() || !Character.isDigit(token.charAt(0))) {
            throw new Unknown();
        }
        return new Node.Literal(Values.number(-Double.parseDouble(token)));
    }

    private Node variable(String name) throws Unknown {
        if (taken("(")) {
            return called(name);
        }
        if (name.equals(Bindings.STATES) && peek().equals(".")) {
            next++;
            String field = fieldName();
            if (field.equals("context") && taken(".")) {
                return path(new Node.OfContext(fieldName()));
            }
            return path(new Node.OfStates(field));
        }
        return path(new Node.Variable(name));
    }

    private Node called(String name) throws Unknown {
        List<Node> arguments = new ArrayList<>();
        do {
            arguments.add(expression(0));
        } while (taken(","));
        expect(")");
        Node call = Calls.call(name, arguments);
        if (call == null || peek().equals(".") || peek().equals("[")) {
            throw new Unknown();
        }
        return call;
    }

    /// A name refers to an item, so it is only supported inside a predicate.
    private Node name() throws Unknown {
        if (predicates == 0) {
            throw new Unknown();
        }
        next--;
        return new PathNode(new Node.Context(), List.of(), steps(fieldName()));
    }

    private Node path(Node head) throws Unknown {
        List<Predicate> onHead = predicates();
        if (!taken(".")) {
            return onHead.isEmpty() ? head : new PathNode(head, onHead, List.of());
        }
        return new PathNode(head, onHead, steps(fieldName()));
    }

    private List<Step> steps(String first) throws Unknown {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step(first, predicates()));
        while (taken(".")) {
            steps.add(new Step(fieldName(), predicates()));
        }
        return steps;
    }

    private String fieldName() throws Unknown {
        String token = take();
        if (token.isEmpty() || !(Character.isLetter(token.charAt(0)) || token.charAt(0) == '_')) {
            throw new Unknown();
        }
        return token;
    }

    private List<Predicate> predicates() throws Unknown {
        List<Predicate> found = new ArrayList<>();
        while (taken("[")) {
            predicates++;
            Node node = expression(0);
            predicates--;
            expect("]");
            if (node instanceof Node.Literal literal && literal.value() instanceof Long position) {
                found.add(new Predicate(position.intValue(), null));
            } else if (node.isCondition()) {
                found.add(new Predicate(0, node));
            } else {
                throw new Unknown();
            }
        }
        return List.copyOf(found);
    }

    private Node list() throws Unknown {
        List<Node> items = new ArrayList<>();
        if (!taken("]")) {
            do {
                items.add(expression(0));
            } while (taken(","));
            expect("]");
        }
        return new Constructors.MadeList(items);
    }

    private Node object() throws Unknown {
        Map<String, Node> fields = new LinkedHashMap<>();
        if (predicates > 0) {
            throw new Unknown();
        }
        if (!taken("}")) {
            do {
                String key = take();
                expect(":");
                if (!key.startsWith("'") || fields.put(key.substring(1), expression(0)) != null) {
                    throw new Unknown();
                }
            } while (taken(","));
            expect("}");
        }
        return new Constructors.MadeObject(fields);
    }
}
