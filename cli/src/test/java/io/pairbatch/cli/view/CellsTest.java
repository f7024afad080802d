package io.pairbatch.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CellsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "./pairbatch continue essays-3f2a91bc",
                "./pairbatch continue essays-3f2a91bc --max-cost 0.00021",
                "./pairbatch watch my-study.v2-3f2a91bc",
                "./pairbatch resolve essays-3f2a91bc 12 --batch batch_1",
                "./pairbatch reread JOB --tag-mode tolerant",
                "./pairbatch up --simulator-defaults"
            })
    void aCommandStaysOnOneLineWhereverItStands(String command) {
        for (int before = 0; before < 40; before++) {
            String text = "x".repeat(before) + " says: " + command + "; nothing is paid twice for that.";
            assertThat(String.join("\n", Cells.wrapped(text, 50, 0))).contains(command);
            assertThat(String.join(" ", Cells.wrapped(text, 50, 0))).isEqualTo(text.strip());
        }
    }

    @Test
    void theSentenceAroundItIsWrappedAsEver() {
        String text = "./pairbatch continue essays-3f2a91bc continues it, and nothing is paid twice for that";
        assertThat(Cells.wrapped(text, 40, 2))
                .containsExactly(
                        "  ./pairbatch continue essays-3f2a91bc",
                        "  continues it, and nothing is paid",
                        "  twice for that");
    }
}
