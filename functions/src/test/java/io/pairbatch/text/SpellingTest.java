package io.pairbatch.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {

    @Test
    void suggestsASlipBeforeANameOfWhichAPartWasGiven() {
        List<String> known = List.of("trait_description", "trait_name", "tracts", "test1", "test2");
        assertThat(Spelling.nearest("trait", known)).contains("trait_name");
        assertThat(Spelling.nearest("traits", known)).contains("tracts");
        assertThat(Spelling.nearest("test9", known)).contains("test1");
        assertThat(Spelling.nearest("my-test1", known)).contains("test1");
        assertThat(Spelling.nearest("es", known)).isEmpty();
        assertThat(Spelling.nearest("", known)).isEmpty();
        assertThat(Spelling.nearest("wholly-other", known)).isEmpty();
    }

    @Test
    void countsInsertionsDeletionsSubstitutionsAndSwaps() {
        assertThat(Spelling.distance("", "abc")).isEqualTo(3);
        assertThat(Spelling.distance("model", "model")).isZero();
        assertThat(Spelling.distance("modle", "model")).isEqualTo(1);
        assertThat(Spelling.distance("kitten", "sitting")).isEqualTo(3);
    }
}
