package io.pairbatch.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.fault.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class LiveOptionsTest {

    @Command
    private static final class Any {

        @Mixin
        private LiveOptions live = new LiveOptions();
    }

    private static LiveOptions options(String... arguments) {
        Any any = new Any();
        new CommandLine(any).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        return any.live;
    }

    private static StackOptions applied(Map<String, String> environment, String... arguments) {
        return options(arguments).applyTo(StackOptions.defaults(), environment);
    }

    @Test
    void theProvidersOfTheKeysAreUsed() {
        StackOptions.Live live = (StackOptions.Live) applied(
                        Map.of("OPENAI_API_KEY", " sk-a ", "GEMINI_API_KEY", "b", "ANTHROPIC_API_KEY", " "),
                        "--live",
                        "--live-url",
                        "gemini=https://gateway.example")
                .provider();
        assertThat(live.services())
                .containsOnlyKeys(Backend.OPENAI, Backend.GEMINI)
                .containsEntry(Backend.OPENAI, new StackOptions.Service("https://api.openai.com/v1", "sk-a"))
                .containsEntry(Backend.GEMINI, new StackOptions.Service("https://gateway.example", "b"));
    }

    @Test
    void whatIsMissingIsSaid(@TempDir Path folder) throws IOException {
        Map<String, String> key = Map.of("OPENAI_API_KEY", "sk-a");
        Path none = Files.writeString(folder.resolve("none.pem"), "none");
        assertThatThrownBy(() -> applied(Map.of(), "--live")).hasMessage("--live needs a key.");
        assertThatThrownBy(() -> applied(key, "--live", "--live-service", "azure"))
                .hasMessage("--live-service azure has no default address.");
        assertThatThrownBy(() -> applied(key, "--live", "--live-service", "opennai"))
                .hasMessageContaining("unknown service \"opennai\"");
        assertThatThrownBy(() -> applied(key, "--live", "--live-ca", none.toString()))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("there is no certificate in it");
        assertThatThrownBy(() -> applied(key, "--live", "--live-ca", "no/such.pem"))
                .hasMessage("There is no file no/such.pem.");
        assertThatThrownBy(() -> applied(key, "--live", "--live-ca", folder.toString()))
                .hasMessage(folder + " is a folder, not a file.");
    }

    @Test
    void optionsOfRealProvidersNeedThem() {
        assertThat(options().live()).isFalse();
        assertThatThrownBy(() -> options("--live-service", "groq").live())
                .hasMessage("--live-url, --live-service and --live-ca need --live.");
    }
}
