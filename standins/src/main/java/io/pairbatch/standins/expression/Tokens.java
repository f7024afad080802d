package io.pairbatch.standins.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/// The tokens of an expression, read from first to last.
final class Tokens {

    private static final int LONGEST = 4096;
    private static final List<String> SYMBOLS =
            List.of("<>", "<=", ">=", "<", ">", "=", "(", ")", "[", "]", ",", ".", "+", "-");

    /// The kind of a token.
    enum Shape {
        WORD,
        /// `#name`
        NAME,
        /// `:value`
        VALUE,
        NUMBER,
        SYMBOL,
        END
    }

    /// One token as it is written.
    record Token(Shape shape, String text) {

        boolean is(Shape other, String its) {
            return shape == other && text.equals(its);
        }
    }

    private final Kind kind;
    private final List<Token> tokens = new ArrayList<>();
    private int next;

    Tokens(Kind kind, String text) {
        this.kind = kind;
        if (text.isBlank()) {
            throw kind.invalid("The expression can not be empty;");
        }
        if (Values.utf8(text) > LONGEST) {
            throw kind.invalid("Expression size has exceeded the maximum allowed size;");
        }
        for (int at = 0; at < text.length(); ) {
            at = Character.isWhitespace(text.charAt(at)) ? at + 1 : token(text, at);
        }
        tokens.add(new Token(Shape.END, "<EOF>"));
    }

    private int token(String text, int at) {
        char c = text.charAt(at);
        if (c == '#' || c == ':') {
            int end = wordEnd(text, at + 1);
            if (end > at + 1) {
                tokens.add(new Token(c == '#' ? Shape.NAME : Shape.VALUE, text.substring(at, end)));
                return end;
            }
        } else if (isLetter(c) || isDigit(c)) {
            int end = wordEnd(text, at);
            String word = text.substring(at, end);
            boolean number = word.chars().allMatch(Tokens::isDigit);
            if (number || isLetter(c)) {
                tokens.add(new Token(number ? Shape.NUMBER : Shape.WORD, word));
                return end;
            }
        }
        for (String symbol : SYMBOLS) {
            if (text.startsWith(symbol, at)) {
                tokens.add(new Token(Shape.SYMBOL, symbol));
                return at + symbol.length();
            }
        }
        throw syntax(String.valueOf(c), text.substring(Math.max(0, at - 10), Math.min(text.length(), at + 10)));
    }

    private static int wordEnd(String text, int start) {
        int end = start;
        while (end < text.length() && isWord(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /// Whether a name may contain it after the first character.
    static boolean isWord(char c) {
        return isLetter(c) || isDigit(c) || c == '_';
    }

    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    Kind kind() {
        return kind;
    }

    Token peek() {
        return tokens.get(next);
    }

    Token peekSecond() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    Token take() {
        Token token = peek();
        if (token.shape() != Shape.END) {
            next++;
        }
        return token;
    }

    int position() {
        return next;
    }

    /// The position after the closing parenthesis for the one at the next token; -1 if that is not an opening one.
    int closing() {
        int open = 0;
        for (int i = next; i < tokens.size(); i++) {
            open += tokens.get(i).is(Shape.SYMBOL, "(") ? 1 : tokens.get(i).is(Shape.SYMBOL, ")") ? -1 : 0;
            if (open == 0) {
                return i == next ? -1 : i + 1;
            }
        }
        return -1;
    }

    /// Consumes the symbol if it is the next token.
    boolean taken(String symbol) {
        boolean there = peek().is(Shape.SYMBOL, symbol);
        if (there) {
            next++;
        }
        return there;
    }

    /// Consumes the word, in upper or lower case, if it is the next token.
    boolean takenWord(String word) {
        boolean there = atWord(word);
        if (there) {
            next++;
        }
        return there;
    }

    boolean atWord(String word) {
        return peek().shape() == Shape.WORD
                && peek().text().toUpperCase(Locale.ROOT).equals(word);
    }

    void expect(String symbol) {
        if (!taken(symbol)) {
            throw unexpected();
        }
    }

    void expectWord(String word) {
        if (!takenWord(word)) {
            throw unexpected();
        }
    }

    void expectEnd() {
        if (peek().shape() != Shape.END) {
            throw unexpected();
        }
    }

    /// The next token is not allowed here.
    DynamoDbException unexpected() {
        StringBuilder near = new StringBuilder();
        for (int i = Math.max(0, next - 1); i <= Math.min(next + 1, tokens.size() - 1); i++) {
            if (tokens.get(i).shape() != Shape.END) {
                near.append(near.isEmpty() ? "" : " ").append(tokens.get(i).text());
            }
        }
        return syntax(peek().text(), near.toString());
    }

    private DynamoDbException syntax(String token, String near) {
        return kind.invalid("Syntax error; token: \"" + token + "\", near: \"" + near + "\"");
    }
}
