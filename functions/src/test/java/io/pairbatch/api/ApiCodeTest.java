package io.pairbatch.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ApiCodeTest {

    @Test
    void theDocumentListsEveryCodeWithItsStatus() throws IOException {
        String document = Files.readString(Path.of("../docs/API.md"));
        assertThat(Arrays.stream(ApiCode.values()).map(code -> "| `" + code + "` | " + code.status() + " | "))
                .allSatisfy(line -> assertThat(document).contains(line));
        assertThat(document.lines().filter(line -> line.startsWith("| `API_"))).hasSize(ApiCode.values().length);
    }
}
