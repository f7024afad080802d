package io.pairbatch.cli.stack;

import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

/// The environments of the stack's processes. The emulator passes its own to every function, so it holds only what a
/// program needs to run: no keys, no AWS profile, no proxy.
final class Environments {

    static final String REGION = "us-east-1";

    private Environments() {}

    static Map<String, String> minimal() {
        Map<String, String> values = new TreeMap<>();
        System.getenv().forEach((name, value) -> {
            if (name.equals("PATH") || name.equals("HOME") || name.equals("LANG") || name.startsWith("LC_")) {
                values.put(name, value);
            }
        });
        return values;
    }

    /// For programs that call the emulator.
    static Map<String, String> aws(URI endpoint) {
        Map<String, String> values = minimal();
        values.put("AWS_ENDPOINT_URL", endpoint.toString());
        values.put("AWS_ENDPOINT_URL_S3", endpoint.toString());
        values.put("AWS_ACCESS_KEY_ID", "test");
        values.put("AWS_SECRET_ACCESS_KEY", "test");
        values.put("AWS_REGION", REGION);
        values.put("AWS_DEFAULT_REGION", REGION);
        values.put("AWS_EC2_METADATA_DISABLED", "true");
        return values;
    }

    /// For installers, which need the user's proxies, certificates and registries.
    static Map<String, String> users() {
        Map<String, String> values = new TreeMap<>(System.getenv());
        values.put("PIP_DISABLE_PIP_VERSION_CHECK", "1");
        values.put("PIP_NO_INPUT", "1");
        values.put("PIP_ROOT_USER_ACTION", "ignore");
        values.remove("PYTHONPATH");
        values.remove("PYTHONHOME");
        return values;
    }
}
