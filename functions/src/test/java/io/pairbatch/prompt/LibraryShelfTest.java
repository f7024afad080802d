package io.pairbatch.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryShelfTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "Essay_v1.2-b", "0123456789012345678901234567890123456789012345678901234567890123"})
    void namesMapToAnObjectAndBack(String name) {
        String key = LibraryShelf.TRAITS.key(name);
        assertThat(key).isEqualTo("library/traits/" + name + ".json");
        assertThat(LibraryShelf.TRAITS.nameOf(key)).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".a",
                "-a",
                "_a",
                "..",
                "a/b",
                "a\\b",
                "a b",
                "é",
                "a\n",
                "01234567890123456789012345678901234567890123456789012345678901234"
            })
    void otherNamesAreRefused(String name) {
        assertThat(LibraryShelf.isName(name)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> LibraryShelf.TEMPLATES.key(name));
        assertThat(LibraryShelf.TEMPLATES.nameOf("library/templates/" + name + ".txt"))
                .isEmpty();
    }

    @Test
    void otherObjectsHaveNoName() {
        assertThat(LibraryShelf.TEMPLATES.nameOf("library/templates/.txt")).isEmpty();
        assertThat(LibraryShelf.TEMPLATES.nameOf("library/templates/a.json")).isEmpty();
        assertThat(LibraryShelf.TEMPLATES.nameOf("library/traits/a.txt")).isEmpty();
    }
}
