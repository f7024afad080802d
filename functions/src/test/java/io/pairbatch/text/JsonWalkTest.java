package io.pairbatch.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class JsonWalkTest {

    private final List<String> seen = new ArrayList<>();

    @Test
    void whatALoopLeavesIsSkipped() {
        JsonParser json = at("{\"a\":{\"x\":[1,{}]},\"b\":2,\"c\":[[3],{\"a\":4}],\"d\":5} 6");
        for (String name : JsonWalk.members(json)) {
            seen.add(name + " " + json.currentToken());
            if (name.equals("c")) {
                for (JsonToken item : JsonWalk.items(json)) {
                    seen.add("item " + item);
                }
            }
        }
        assertThat(seen)
                .containsExactly(
                        "a START_OBJECT",
                        "b VALUE_NUMBER_INT",
                        "c START_ARRAY",
                        "item START_ARRAY",
                        "item START_OBJECT",
                        "d VALUE_NUMBER_INT");
        assertThat(json.currentToken()).isEqualTo(JsonToken.END_OBJECT);
        assertThat(json.nextToken()).isEqualTo(JsonToken.VALUE_NUMBER_INT);
    }

    @Test
    void anotherKindHasNoMembersAndNoItems() {
        for (String other : List.of("7", "null", "\"{\"", "{}", "[]")) {
            assertThat(JsonWalk.members(at(other))).isEmpty();
            assertThat(JsonWalk.items(at(other))).isEmpty();
        }
        assertThat(JsonWalk.members(at("[1]"))).isEmpty();
        assertThat(JsonWalk.items(at("{\"a\":1}"))).isEmpty();
    }

    @Test
    void anEndThatIsMissingIsNone() {
        assertThatThrownBy(() -> JsonWalk.members(at("{\"a\":[1")).forEach(seen::add))
                .isInstanceOf(JacksonException.class);
        assertThat(seen).containsExactly("a");
    }

    @Test
    void askingTwiceMovesOnce() {
        Iterator<JsonToken> items = JsonWalk.items(at("[true,false]")).iterator();
        assertThat(items.hasNext()).isTrue();
        assertThat(items.hasNext()).isTrue();
        assertThat(items.next()).isEqualTo(JsonToken.VALUE_TRUE);
        assertThat(items.next()).isEqualTo(JsonToken.VALUE_FALSE);
        assertThat(items.hasNext()).isFalse();
        assertThatThrownBy(items::next).isInstanceOf(NoSuchElementException.class);
    }

    private static JsonParser at(String text) {
        JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), text);
        json.nextToken();
        return json;
    }
}
