package io.pairbatch.split;

import io.pairbatch.job.ResolvedJob;
import io.pairbatch.job.Version;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A cursor with the version and table it belongs to. Another version of Pairbatch may split a table differently, so
/// its split is not continued; and an offset applies to one file only.
///
/// @param version of Pairbatch that made it; empty if it did not record it
/// @param etag of the table
/// @param bytes of the table
record SplitMark(String version, String etag, long bytes, SplitCursor cursor) {

    private static final JsonMapper JSON = new JsonMapper();

    static SplitMark of(ResolvedJob.Source table, SplitCursor cursor) {
        return new SplitMark(Version.CURRENT, table.etag(), table.size(), cursor);
    }

    /// Whether this version can continue from here with that table.
    boolean fits(ResolvedJob.Source table) {
        return version.equals(Version.CURRENT) && etag.equals(table.etag()) && bytes == table.size();
    }

    ObjectNode toJson() {
        ObjectNode json = JSON.createObjectNode()
                .put("version", version)
                .put("etag", etag)
                .put("bytes", bytes);
        json.set("cursor", JSON.readTree(cursor.toJson()));
        return json;
    }

    /// Reads what [#toJson] wrote; also as a text, or a bare cursor, as older versions wrote it.
    static SplitMark fromJson(JsonNode mark) {
        JsonNode json = mark.isString() ? JSON.readTree(mark.stringValue()) : mark;
        return json.has("cursor")
                ? new SplitMark(
                        json.required("version").stringValue(),
                        json.required("etag").stringValue(),
                        json.required("bytes").longValue(),
                        SplitCursor.fromJson(json.required("cursor").toString()))
                : new SplitMark("", "", -1, SplitCursor.START);
    }
}
