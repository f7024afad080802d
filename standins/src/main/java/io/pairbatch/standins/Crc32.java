package io.pairbatch.standins;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import software.amazon.awssdk.services.s3.model.ChecksumType;

/// A CRC-32 in the service's format: of the whole object, or of the parts' checksums.
///
/// @param parts the number of parts; 0 for a checksum of the bytes themselves
record Crc32(int value, int parts) {

    static Crc32 of(Content content) {
        return new Crc32(content.crc32(), 0);
    }

    static Crc32 composite(List<Crc32> parts) {
        ByteBuffer values = ByteBuffer.allocate(Integer.BYTES * parts.size());
        parts.forEach(part -> values.putInt(part.value));
        CRC32 crc = new CRC32();
        crc.update(values.flip());
        return new Crc32((int) crc.getValue(), parts.size());
    }

    String text() {
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
        String text = Base64.getEncoder().encodeToString(bytes);
        return parts == 0 ? text : text + "-" + parts;
    }

    ChecksumType type() {
        return parts == 0 ? ChecksumType.FULL_OBJECT : ChecksumType.COMPOSITE;
    }
}
