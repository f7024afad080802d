package io.pairbatch.provider.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Whose certificates count: the platform's authorities and, where a provider or a gateway to it has one of its own,
/// that one too. The name in a server's certificate is checked all the same.
public final class Trust {

    /// The platform's authorities alone.
    public static final Trust USUAL = new Trust(null);

    /// What a function's environment of 4 KB has room for beside the other settings: one certificate of 4096 bits, two
    /// of 2048 or three of elliptic curves (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).
    public static final int LONGEST_PEM = 2_500;

    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";
    private static final Pattern CERTIFICATE = Pattern.compile(BEGIN + "([A-Za-z0-9+/=\\s]+)" + END);

    private final @Nullable SSLContext context;

    private Trust(@Nullable SSLContext context) {
        this.context = context;
    }

    /// The platform's authorities and those of a PEM text; the former alone when it is blank.
    ///
    /// @throws IllegalArgumentException when the text is not blank and holds no certificate, or one that cannot be read
    public static Trust and(String pem) {
        if (pem.isBlank()) {
            return USUAL;
        }
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            List<X509Certificate> all = new ArrayList<>(platform());
            all.addAll(certificates(pem));
            for (int i = 0; i < all.size(); i++) {
                store.setCertificateEntry("authority-" + i, all.get(i));
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(store), null);
            return new Trust(context);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("a certificate cannot be read: " + e.getMessage(), e);
        }
    }

    /// The certificates of a PEM text, each on a line of its own, without what stands between them.
    ///
    /// @throws IllegalArgumentException when there is none, or more than fits ([#LONGEST_PEM])
    public static String compact(String pem) {
        and(pem);
        List<String> lines = CERTIFICATE
                .matcher(pem)
                .results()
                .map(found -> BEGIN + found.group(1).replaceAll("\\s", "") + END)
                .toList();
        String compact = String.join("\n", lines);
        if (compact.isEmpty()) {
            throw new IllegalArgumentException("there is no certificate in it");
        }
        if (compact.length() > LONGEST_PEM) {
            throw new IllegalArgumentException(lines.size() + " certificates of " + compact.length()
                    + " characters in all, where there is room for " + LONGEST_PEM);
        }
        return compact;
    }

    /// The builder, trusting so.
    HttpClient.Builder of(HttpClient.Builder builder) {
        return context == null ? builder : builder.sslContext(context);
    }

    private static List<X509Certificate> platform() throws GeneralSecurityException {
        List<X509Certificate> authorities = new ArrayList<>();
        for (TrustManager manager : managers(null)) {
            if (manager instanceof X509TrustManager x509) {
                authorities.addAll(List.of(x509.getAcceptedIssuers()));
            }
        }
        return authorities;
    }

    /// @param store null for the platform's own
    private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> certificates = new ArrayList<>();
        for (MatchResult found : CERTIFICATE.matcher(pem).results().toList()) {
            byte[] der = Base64.getMimeDecoder().decode(found.group(1));
            certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("there is no certificate in it (" + BEGIN + ")");
        }
        return certificates;
    }
}
