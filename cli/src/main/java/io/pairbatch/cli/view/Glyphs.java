package io.pairbatch.cli.view;

import java.nio.charset.Charset;

/// The characters that a terminal can show.
public record Glyphs(String full, String empty, String cut) {

    public static final Glyphs UNICODE = new Glyphs("█", "░", "…");
    public static final Glyphs ASCII = new Glyphs("#", ".", "~");

    /// The better of the two that `charset` can write.
    public static Glyphs of(Charset charset) {
        return charset.canEncode() && charset.newEncoder().canEncode("█░…") ? UNICODE : ASCII;
    }
}
