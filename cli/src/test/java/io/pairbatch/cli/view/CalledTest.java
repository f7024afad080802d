package io.pairbatch.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CalledTest {

    @Test
    void theCommandIsNamedAsItWasCalled() {
        assertThat(printed("../pairbatch/pairbatch", "Then: ./pairbatch watch a-1. Or ./pairbatch"))
                .isEqualTo("Then: ../pairbatch/pairbatch watch a-1. Or ../pairbatch/pairbatch");
        assertThat(printed("/opt/pairbatch", "`./pairbatch jobs`")).isEqualTo("`/opt/pairbatch jobs`");
    }

    @Test
    void pathsAndNamesThatAShellDoesNotTakeStayAsTheyAre() {
        assertThat(printed("/opt/pairbatch", "a/./pairbatch ./pairbatch.log ./pairbatch-x"))
                .isEqualTo("a/./pairbatch ./pairbatch.log ./pairbatch-x");
        assertThat(printed("/my tools/pairbatch", "./pairbatch jobs")).isEqualTo("./pairbatch jobs");
        assertThat(printed(null, "./pairbatch jobs")).isEqualTo("./pairbatch jobs");
    }

    private static String printed(@Nullable String name, String text) {
        StringWriter out = new StringWriter();
        PrintWriter print = new PrintWriter(Called.in(out, name));
        print.print(text);
        print.flush();
        return out.toString();
    }
}
