package io.pairbatch.simulator.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate authority for one test, made with the JDK's keytool, and a server certificate that it signed.
///
/// @param folder for `ca.pem`, `server.pem` and `server.key`
record ThrowAwayCa(Path folder) {

    private static final String PASSWORD = "throw-away";

    /// @param name of the server, like `ip:127.0.0.1`
    static ThrowAwayCa make(Path folder, String name) throws IOException, InterruptedException {
        ThrowAwayCa ca = new ThrowAwayCa(Files.createDirectories(folder));
        ca.keytool("-genkeypair", "-alias", "ca", "-keyalg", "EC", "-dname", "CN=Throw-away CA", "-ext", "bc:c");
        ca.keytool("-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=server");
        ca.keytool("-certreq", "-alias", "server", "-file", "server.csr");
        ca.keytool(
                "-gencert",
                "-alias",
                "ca",
                "-infile",
                "server.csr",
                "-outfile",
                "server.pem",
                "-rfc",
                "-ext",
                "san=" + name);
        ca.keytool("-exportcert", "-alias", "ca", "-rfc", "-file", "ca.pem");
        ca.exportKey();
        return ca;
    }

    Path certificate() {
        return folder.resolve("ca.pem");
    }

    /// The simulator's options for the certificate.
    List<String> options() {
        return List.of(
                "--tls-certificate",
                folder.resolve("server.pem").toString(),
                "--tls-key",
                folder.resolve("server.key").toString());
    }

    /// A context that trusts only this authority.
    SSLContext trusting() throws IOException, GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore store = store();
        store.deleteEntry("server");
        store.setCertificateEntry("trusted", store.getCertificate("ca"));
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("keys.p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private void exportKey() throws IOException {
        try {
            byte[] key = store().getKey("server", PASSWORD.toCharArray()).getEncoded();
            String pem = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
            Files.writeString(
                    folder.resolve("server.key"),
                    "-----BEGIN PRIVATE KEY-----\n" + pem + "\n-----END PRIVATE KEY-----\n");
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", "keys.p12", "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("keytool: " + Files.readString(folder.resolve("keytool.log")));
        }
    }
}
