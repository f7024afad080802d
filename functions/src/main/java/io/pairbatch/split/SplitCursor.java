package io.pairbatch.split;

import io.pairbatch.pairs.Position;
import io.pairbatch.pairs.TableReport;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Where a split continues in its next call: at the end of a segment, or anywhere in the counting pass that
/// `n_segments` needs. Its JSON is smaller than 4 KB for any table.
///
/// @param part of the table's [Parts], from 0
/// @param counting whether the rows are still being counted
/// @param counted accepted rows that the counting pass has seen so far, or at its end
/// @param position where reading continues
/// @param totals of the part's writing pass; includes the segments of the previous parts
/// @param wanted number of complete segments of the wanted sizes; the provider's limits may have cut one into several
/// @param inWanted rows of the current wanted segment that are written
/// @param firstRejected the first rejected rows, at most ten
/// @param content of the rows before `position`
public record SplitCursor(
        int part,
        boolean counting,
        long counted,
        Position position,
        SplitTotals totals,
        int wanted,
        long inWanted,
        List<Long> firstRejected,
        ContentHash content) {

    /// Nothing is done yet.
    public static final SplitCursor START = startOf(0, 0);

    private static final JsonMapper JSON = new JsonMapper();

    public SplitCursor {
        firstRejected = List.copyOf(firstRejected);
    }

    /// Nothing of a part is done yet.
    ///
    /// @param segments of the previous parts
    public static SplitCursor startOf(int part, int segments) {
        SplitTotals totals = new SplitTotals(0, 0, 0, 0, segments, TableReport.NONE);
        return new SplitCursor(part, true, 0, Position.START, totals, 0, 0, List.of(), ContentHash.NONE);
    }

    /// The start of the next part; its rows have been counted, and what there is to tell of them is known.
    ///
    /// @param segments before it
    SplitCursor next(SplitTotals done, int segments) {
        SplitTotals totals = startOf(part + 1, segments).totals.with(done.table());
        return new SplitCursor(part + 1, false, counted, Position.START, totals, 0, 0, List.of(), ContentHash.NONE);
    }

    /// The counting pass is at `position` and has seen `accepted` rows.
    SplitCursor countingAt(Position position, long accepted) {
        return new SplitCursor(part, true, accepted, position, totals, wanted, inWanted, firstRejected, content);
    }

    /// The counting pass, if one was needed, has seen all of `accepted` rows; writing starts.
    SplitCursor counted(long accepted) {
        return new SplitCursor(part, false, accepted, Position.START, totals, wanted, inWanted, firstRejected, content);
    }

    /// One line of JSON.
    public String toJson() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberProperty("part", part);
            json.writeBooleanProperty("counting", counting);
            json.writeNumberProperty("counted", counted);
            json.writeNumberProperty("offset", position.offset());
            json.writeNumberProperty("read", position.rows());
            json.writeNumberProperty("rows", totals.rows());
            json.writeNumberProperty("accepted", totals.accepted());
            json.writeNumberProperty("rejected", totals.rejected());
            json.writeNumberProperty("empty_texts", totals.emptyTexts());
            json.writeNumberProperty("segments", totals.segments());
            json.writeNumberProperty("wanted", wanted);
            json.writeNumberProperty("in_wanted", inWanted);
            json.writeArrayPropertyStart("first_rejected");
            firstRejected.forEach(json::writeNumber);
            json.writeEndArray();
            json.writeStringProperty("content", content.hex());
            json.writePOJOProperty("table", totals.table().toJson());
            json.writeEndObject();
        }
        return text.toString();
    }

    /// Reads what [#toJson] wrote.
    public static SplitCursor fromJson(String text) {
        JsonNode json = JSON.readTree(text);
        List<Long> firstRejected = new ArrayList<>();
        json.required("first_rejected").forEach(row -> firstRejected.add(row.longValue()));
        return new SplitCursor(
                json.path("part").asInt(0),
                json.required("counting").booleanValue(),
                number(json, "counted"),
                new Position(number(json, "offset"), number(json, "read")),
                new SplitTotals(
                        number(json, "rows"),
                        number(json, "accepted"),
                        number(json, "rejected"),
                        number(json, "empty_texts"),
                        (int) number(json, "segments"),
                        TableReport.fromJson(json.path("table"))),
                (int) number(json, "wanted"),
                number(json, "in_wanted"),
                firstRejected,
                new ContentHash(json.required("content").stringValue()));
    }

    private static long number(JsonNode json, String name) {
        return json.required(name).longValue();
    }
}
