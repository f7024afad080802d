package io.pairbatch.chaos.asl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

class ValuesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"null", "true", "'a'", "0", "-3", "4294967296", "1.5", "[]", "{}", "{'a': [null, {'b': 'c'}]}"})
    void whatIsReadIsWrittenUnchanged(String json) {
        assertThat(Values.node(Values.of(Script.json(json)))).isEqualTo(Script.json(json));
    }

    @Test
    void equalNumbersAreEqualValues() {
        assertThat(Values.of(Script.json("[1, 1.0, 1e0]"))).isEqualTo(Values.of(Script.json("[1, 1, 1]")));
        assertThat(Values.number(BigInteger.ONE)).isEqualTo(1L);
        assertThat(Values.number(0.5f)).isEqualTo(0.5);
        assertThat(Values.number(-0.0)).isEqualTo(0L);
        assertThat(Values.number(1e300)).isEqualTo(1e300);
    }

    @Test
    void whatIsNotJsonIsNotAValue() {
        assertThatThrownBy(() -> Values.of(JsonNodeFactory.instance.missingNode()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Values.node(Map.of("a", new Object()))).isInstanceOf(IllegalArgumentException.class);
    }
}
