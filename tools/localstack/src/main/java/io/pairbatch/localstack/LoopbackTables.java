package io.pairbatch.localstack;

import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import java.lang.reflect.Field;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// DynamoDB Local on the loopback interface; by itself it listens on all of them, and has no option for it.
public final class LoopbackTables {

    private LoopbackTables() {}

    /// LocalStack names an agent of its own. There is nothing for one to do.
    public static void premain(String arguments) {}

    public static void main(String[] arguments) throws Exception {
        DynamoDBProxyServer tables = ServerRunner.createServerFromCommandLineArgs(arguments);
        Field server = DynamoDBProxyServer.class.getDeclaredField("server");
        server.setAccessible(true);
        for (Connector connector : ((Server) server.get(tables)).getConnectors()) {
            ((ServerConnector) connector).setHost("127.0.0.1");
        }
        tables.start();
        tables.join();
    }
}
