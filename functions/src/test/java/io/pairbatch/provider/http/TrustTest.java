package io.pairbatch.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Which certificates a deployment may add to the platform's.
class TrustTest {

    private static final String AUTHORITY = authority();

    private static String authority() {
        try (InputStream in =
                Objects.requireNonNull(TrustTest.class.getResourceAsStream("/certificates/authority.pem"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aBlankTextMeansThePlatformsAuthorities() {
        assertThat(Trust.and(" \n")).isSameAs(Trust.USUAL);
    }

    @Test
    void aTextWithoutACertificateIsRefused() {
        assertThatThrownBy(() -> Trust.and("certificate")).hasMessageContaining("there is no certificate in it");
        assertThatThrownBy(() -> Trust.compact("")).hasMessageContaining("there is no certificate in it");
        assertThatThrownBy(() -> Trust.and("-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a certificate cannot be read");
    }

    @Test
    void onlyTheCertificatesAreKept() {
        String compact = Trust.compact("# ours\n" + AUTHORITY + "\nsubject=CN\r\n" + AUTHORITY);

        assertThat(compact.lines())
                .hasSize(2)
                .allMatch(line -> line.matches("-----BEGIN CERTIFICATE-----[^\\s-]+-----END CERTIFICATE-----"));
        assertThat(compact.replaceAll("\\s", "")).isEqualTo(AUTHORITY.repeat(2).replaceAll("\\s", ""));
        assertThat(Trust.and(compact)).isNotSameAs(Trust.USUAL);
    }

    @Test
    void moreThanFitsIntoAnEnvironmentIsRefused() {
        assertThatThrownBy(() -> Trust.compact(AUTHORITY.repeat(6)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("6 certificates of ")
                .hasMessageContaining("room for 2500");
    }
}
