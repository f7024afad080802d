package io.pairbatch.standins;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/// A multipart upload that is not complete.
final class Upload {

    static final int MIN_PART = 5 * 1024 * 1024;

    /// @param etag quoted
    /// @param sent whether its bytes were sent, with their checksum, as the client does automatically
    record Part(int number, Content content, String etag, Crc32 crc32, boolean sent, Instant modified) {}

    /// The parameters of its start.
    ///
    /// @param order its position among the versions of its key, which is fixed here
    /// @param checked whether it was created with CRC-32
    record Begun(
            String key,
            String id,
            long order,
            Instant at,
            String contentType,
            Map<String, String> metadata,
            boolean checked) {}

    private final Begun begun;
    private final NavigableMap<Integer, Part> parts;

    Upload(Begun begun) {
        this(begun, new TreeMap<>());
    }

    private Upload(Begun begun, NavigableMap<Integer, Part> parts) {
        this.begun = begun;
        this.parts = parts;
    }

    Upload copy() {
        return new Upload(begun, new TreeMap<>(parts));
    }

    Begun begun() {
        return begun;
    }

    NavigableMap<Integer, Part> parts() {
        return parts;
    }

    Part add(int number, Content content, boolean sent, Instant at) {
        Part part = new Part(number, content, Buckets.etag(content), Crc32.of(content), sent, at);
        parts.put(number, part);
        return part;
    }

    /// The object that consists of the named parts.
    StoredVersion.Held complete(List<CompletedPart> named) {
        if (named.isEmpty()) {
            throw Refusals.malformed();
        }
        List<Part> chosen = new ArrayList<>();
        int last = 0;
        for (CompletedPart name : named) {
            if (name.partNumber() == null) {
                throw Refusals.malformed();
            }
            if (name.partNumber() <= last) {
                throw Refusals.refusal(
                        Refusals.BAD_REQUEST,
                        "InvalidPartOrder",
                        "The list of parts was not in ascending order. Parts must be ordered by part number.");
            }
            last = name.partNumber();
            chosen.add(part(name));
        }
        if (chosen.stream()
                .limit(chosen.size() - 1L)
                .anyMatch(part -> part.content().size() < MIN_PART)) {
            throw Refusals.refusal(
                    Refusals.BAD_REQUEST,
                    "EntityTooSmall",
                    "Your proposed upload is smaller than the minimum allowed size");
        }
        Content content = Content.joined(chosen.stream().map(Part::content).toList());
        Crc32 crc32 =
                begun.checked ? Crc32.composite(chosen.stream().map(Part::crc32).toList()) : Crc32.of(content);
        return new StoredVersion.Held(content, etag(chosen), begun.contentType, begun.metadata, crc32);
    }

    private Part part(CompletedPart name) {
        Part part = parts.get(name.partNumber());
        if (part == null || !Buckets.sameEtag(name.eTag(), part.etag())) {
            throw invalidPart();
        }
        if (name.checksumCRC32() == null) {
            if (begun.checked) {
                throw Refusals.invalidRequest("The upload was created using a crc32 checksum. The complete request must"
                        + " include the checksum for each part. It was missing for part " + part.number
                        + " in the request.");
            }
            if (part.sent) {
                // As reported for the service: https://github.com/aws/aws-sdk-java-v2/issues/6518
                throw invalidPart();
            }
        } else if (!name.checksumCRC32().equals(part.crc32.text())) {
            throw invalidPart();
        }
        return part;
    }

    private static RuntimeException invalidPart() {
        return Refusals.refusal(
                Refusals.BAD_REQUEST,
                "InvalidPart",
                "One or more of the specified parts could not be found. The part might not have been uploaded, or the"
                        + " specified entity tag might not have matched the part's entity tag.");
    }

    private static String etag(List<Part> parts) {
        MessageDigest digest = Content.newMd5();
        for (Part part : parts) {
            digest.update(HexFormat.of().parseHex(part.etag.replace("\"", "")));
        }
        return "\"" + Content.hex(digest.digest()) + "-" + parts.size() + "\"";
    }
}
