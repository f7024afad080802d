package io.pairbatch.cli.prices;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.stack.Folders;
import io.pairbatch.cost.PriceTable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The user's price table, if there is one: a file among what is made at run time.
///
/// @param file where it is kept
public record UserPrices(Path file) {

    /// The largest file that is taken, in bytes.
    public static final int MOST_BYTES = 4 << 20;

    /// Those of an installation.
    ///
    /// @param home the project's folder
    public static UserPrices of(Path home) {
        return new UserPrices(home.resolve(".pairbatch").resolve("prices.json"));
    }

    /// Whether the user has one.
    public boolean exist() {
        return Files.isRegularFile(file);
    }

    /// The user's table, or the one that this version brings.
    ///
    /// @throws CliException when the user's was changed by hand and cannot be read
    public PriceTable table() throws IOException {
        if (!exist()) {
            return PriceTable.bundled();
        }
        byte[] content = Files.readAllBytes(file);
        List<String> problems = PriceFile.of(content).problems();
        if (!problems.isEmpty()) {
            throw CliException.refused(
                    file + " is no price table any more: " + problems.getFirst() + ".",
                    "Give the prices again: ./pairbatch prices --update FILE; or go back to those of this version:"
                            + " ./pairbatch prices --reset");
        }
        return PriceTable.read(new ByteArrayInputStream(content));
    }

    /// What is wrong with a file of prices, a line each; where nothing is, it takes the place of the present table.
    public List<String> update(byte[] content) {
        PriceFile given = PriceFile.of(content);
        if (given.problems().isEmpty()) {
            Folders.replace(file, new String(given.bytes(), StandardCharsets.UTF_8));
        }
        return given.problems();
    }

    /// Goes back to the table that this version brings; false if it was in use.
    public boolean reset() throws IOException {
        return Files.deleteIfExists(file);
    }
}
