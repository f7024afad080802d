package io.pairbatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderStoreTest {

    @TempDir
    Path folder;

    private FolderStore store;

    @BeforeEach
    void open() {
        store = new FolderStore(folder.resolve("job"));
    }

    @Test
    void aFileAppearsOnlyWhenItIsCommitted() throws IOException {
        try (Draft draft = store.create("parts/a.csv")) {
            draft.write(bytes("x\n"));
            assertThat(store.size("parts/a.csv")).isEqualTo(-1);
            draft.commit();
        }
        assertThat(read("parts/a.csv", 0)).isEqualTo("x\n");
    }

    @Test
    void aDraftThatIsNotCommittedLeavesTheOlderFileAndNothingElse() throws IOException {
        write("a", "old");
        try (Draft draft = store.create("a")) {
            draft.write(bytes("new"));
        }
        assertThat(read("a", 0)).isEqualTo("old");
        try (Stream<Path> files = Files.list(folder.resolve("job"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void partsOfOtherFilesAreAppendedInPlace() throws IOException {
        write("a", "0123456789");
        try (Draft draft = store.create("b")) {
            draft.write(bytes("<"));
            draft.append("a", 2, 3);
            draft.write('|');
            draft.append("a", 9, 1);
            draft.write(bytes(">"));
            draft.commit();
        }
        assertThat(read("b", 0)).isEqualTo("<234|9>");
        assertThat(read("b", 5)).isEqualTo("9>");
    }

    @Test
    void aMissingFileIsNotAnError() throws IOException {
        assertThat(store.open("no")).isEmpty();
        assertThat(store.size("no")).isEqualTo(-1);
        store.delete("no");
        write("a", "x");
        store.delete("a");
        assertThat(store.open("a")).isEmpty();
    }

    @Test
    void appendingMoreThanThereIsFails() throws IOException {
        write("a", "0123");
        try (Draft draft = store.create("b")) {
            assertThatThrownBy(() -> draft.append("a", 2, 3)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void nothingOutsideTheFolderIsTouched() {
        assertThatThrownBy(() -> store.create("../x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.size("")).isInstanceOf(IllegalArgumentException.class);
    }

    private void write(String name, String content) throws IOException {
        try (Draft draft = store.create(name)) {
            draft.write(bytes(content));
            draft.commit();
        }
    }

    private String read(String name, long offset) throws IOException {
        try (InputStream in = store.open(name, offset).orElseThrow()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
