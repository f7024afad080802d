package io.pairbatch.text;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Walks JSON as it streams by: no value is held, whatever its size.
///
/// A loop over a walk may read each value or leave it; what it leaves is skipped. After the loop the parser stands at
/// the end of the object or array.
public final class JsonWalk {

    private JsonWalk() {}

    /// The names of the current object's members, each while its value is the current token. None if the current token
    /// does not start an object.
    public static Iterable<String> members(JsonParser json) {
        return () -> new Walk<>(json, JsonToken.START_OBJECT, parser -> {
            String name = parser.currentName();
            parser.nextToken();
            return name;
        });
    }

    /// The tokens with which the current array's items start, each while it is the current one. None if the current
    /// token does not start an array.
    public static Iterable<JsonToken> items(JsonParser json) {
        return () -> new Walk<>(json, JsonToken.START_ARRAY, JsonParser::currentToken);
    }

    private static final class Walk<T> implements Iterator<T> {

        private final JsonParser json;
        private final Function<JsonParser, T> next;
        private boolean moved;
        private boolean more;

        Walk(JsonParser json, JsonToken start, Function<JsonParser, T> next) {
            this.json = json;
            this.next = next;
            if (json.currentToken() == start) {
                move();
            } else {
                moved = true;
            }
        }

        private void move() {
            JsonToken token = json.nextToken();
            more = token != null && !token.isStructEnd();
            moved = true;
        }

        @Override
        public boolean hasNext() {
            if (!moved) {
                json.skipChildren();
                move();
            }
            return more;
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            moved = false;
            return next.apply(json);
        }
    }
}
