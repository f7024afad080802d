package io.pairbatch.simulator.http;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// The simulator's TLS key and certificate, as PEM files.
///
/// @param key unencrypted PKCS#8
/// @param certificate the certificate chain, the server's certificate first
public record Tls(Path key, Path certificate) {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    /// A server that accepts only HTTPS.
    ///
    /// @throws IOException if a file cannot be read or has the wrong content
    public HttpServer listen(InetSocketAddress address) throws IOException {
        HttpsServer server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context()));
        return server;
    }

    private SSLContext context() throws IOException {
        try {
            char[] password = {};
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, password);
            store.setKeyEntry("server", privateKey(), password, chain());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(certificate + " and " + key + " cannot be used: " + e.getMessage(), e);
        }
    }

    private Certificate[] chain() throws IOException, GeneralSecurityException {
        ByteArrayInputStream in = new ByteArrayInputStream(Files.readAllBytes(certificate));
        Certificate[] chain =
                CertificateFactory.getInstance("X.509").generateCertificates(in).toArray(Certificate[]::new);
        if (chain.length == 0) {
            throw new IOException(certificate + " has no certificate");
        }
        return chain;
    }

    private PrivateKey privateKey() throws IOException, GeneralSecurityException {
        Matcher pem = KEY.matcher(Files.readString(key, StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw new IOException(key + " has no unencrypted PKCS#8 key (BEGIN PRIVATE KEY)");
        }
        PKCS8EncodedKeySpec spec =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        InvalidKeySpecException unfit = new InvalidKeySpecException("no algorithm");
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                unfit = e;
            }
        }
        throw new IOException(
                key + " has an unsupported algorithm; supported: " + String.join(", ", ALGORITHMS), unfit);
    }
}
