package io.pairbatch.cli.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 over texts and files, to find out whether anything changed.
final class Digest {

    private final MessageDigest digest;

    Digest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    Digest text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return part(bytes.length, bytes);
    }

    /// Reads the file in pieces of 64 KB.
    Digest file(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            part(Files.size(file), new byte[0]);
            byte[] buffer = new byte[65_536];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Lengths keep neighbouring parts apart.
    private Digest part(long length, byte[] bytes) {
        digest.update((length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
        return this;
    }

    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
