package io.pairbatch.cli.job;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Picks a few columns out of a CSV file that is read byte by byte. Holds the beginning of one field for each of them.
final class CsvColumns {

    /// What is kept of a field; a header's name is longer than none that is asked for.
    private static final int MOST_BYTES = 2000;

    private static final int UNWANTED = -1;

    private final List<String> names;
    private final Consumer<@Nullable String[]> each;
    /// Where in the file each of `names` stands.
    private final int[] places;

    private final @Nullable String[] fields;
    private final byte[] bytes = new byte[MOST_BYTES];
    private int length;
    private int place;
    private boolean inHeader = true;
    /// Which of `names` the field belongs to.
    private int wanted = UNWANTED;

    /// @param each is shown every record but the header
    CsvColumns(List<String> names, Consumer<@Nullable String[]> each) {
        this.names = names;
        this.each = each;
        this.places = new int[names.size()];
        Arrays.fill(places, UNWANTED);
        this.fields = new @Nullable String[names.size()];
    }

    void content(byte b) {
        if ((inHeader || wanted != UNWANTED) && length < MOST_BYTES) {
            bytes[length++] = b;
        }
    }

    void endField() {
        if (inHeader) {
            int name = names.indexOf(text());
            if (name >= 0) {
                places[name] = place;
            }
        } else if (wanted != UNWANTED) {
            fields[wanted] = text();
        }
        begin(place + 1);
    }

    void endRecord() {
        endField();
        if (!inHeader) {
            each.accept(fields);
        }
        inHeader = false;
        forget();
    }

    /// Begins a record anew: what came so far was a blank line.
    void forget() {
        Arrays.fill(fields, null);
        begin(0);
    }

    private void begin(int next) {
        place = next;
        length = 0;
        wanted = UNWANTED;
        for (int i = 0; i < places.length; i++) {
            if (places[i] == next) {
                wanted = i;
            }
        }
    }

    private String text() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
