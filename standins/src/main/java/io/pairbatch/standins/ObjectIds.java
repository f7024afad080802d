package io.pairbatch.standins;

import java.util.HexFormat;
import java.util.OptionalLong;

/// The IDs of versions and uploads, generated from one counter: the same calls give the same IDs. Only this class can
/// tell a version's position from its ID: a listing can continue after a version that is gone, but nobody else can sort
/// by ID.
final class ObjectIds {

    static final String NULL_VERSION = "null";

    private static final HexFormat HEX = HexFormat.of();
    private static final int HALF = 16;
    private static final long ODD = 0x9E37_79B9_7F4A_7C15L;
    private static final long INVERSE = inverse();

    private long last;

    ObjectIds(long last) {
        this.last = last;
    }

    long last() {
        return last;
    }

    long next() {
        return ++last;
    }

    static String version(long order) {
        return HEX.toHexDigits(order * ODD) + HEX.toHexDigits(mixed(order));
    }

    /// The position of a version among all versions; empty if no version can have this ID.
    static OptionalLong order(String versionId) {
        if (versionId.equals(NULL_VERSION)) {
            // An object from before the bucket had versioning is older than all versions.
            return OptionalLong.of(0);
        }
        if (versionId.length() != 2 * HALF || !versionId.chars().allMatch(HexFormat::isHexDigit)) {
            return OptionalLong.empty();
        }
        long order = HexFormat.fromHexDigitsToLong(versionId, 0, HALF) * INVERSE;
        return version(order).equals(versionId) ? OptionalLong.of(order) : OptionalLong.empty();
    }

    /// Later uploads have greater IDs: those of one key are listed by age, and listings continue after an ID.
    static String upload(long order) {
        return HEX.toHexDigits(order) + HEX.toHexDigits(mixed(order));
    }

    private static long mixed(long order) {
        long z = order + ODD;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }

    /// The inverse of `ODD` modulo 2^64, by Newton's iteration.
    private static long inverse() {
        long inverse = ODD;
        for (int i = 0; i < 5; i++) {
            inverse *= 2 - ODD * inverse;
        }
        return inverse;
    }
}
