package io.pairbatch.infra;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.apigatewayv2.CfnApi;
import software.amazon.awscdk.services.apigatewayv2.CfnIntegration;
import software.amazon.awscdk.services.apigatewayv2.CfnRoute;
import software.amazon.awscdk.services.apigatewayv2.CfnStage;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Permission;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;
import tools.jackson.databind.json.JsonMapper;

/// The HTTP API in front of the `api` function. Every route requires a signed request by an identity that may invoke
/// it.
final class HttpFrontDoor extends Construct {

    /// The last one catches everything else, so that unknown paths are refused without a signature, and explained with
    /// one.
    private static final List<String> ROUTES = List.of(
            "POST /jobs",
            "POST /estimate",
            "GET /jobs",
            "GET /jobs/{id}",
            "GET /jobs/{id}/results",
            "POST /jobs/{id}/{action}",
            "GET /jobs/{id}/segments/{segment}/{action}",
            "POST /jobs/{id}/segments/{segment}/{action}",
            "$default");

    /// Without path, query string, body or address: a path names a job, and a job may be named after people.
    private static final Map<String, String> LOGGED = Map.of(
            "request_id", "$context.requestId",
            "time", "$context.requestTime",
            "route", "$context.routeKey",
            "status", "$context.status",
            "caller", "$context.identity.userArn",
            "bytes", "$context.responseLength",
            "milliseconds", "$context.responseLatency",
            "error", "$context.error.responseType");

    private final CfnApi api;

    HttpFrontDoor(Construct scope, Settings settings, Function function) {
        super(scope, "HttpFrontDoor");
        api = CfnApi.Builder.create(this, "Api")
                .name(settings.stackName())
                .description("Pairbatch: jobs over HTTP")
                .protocolType("HTTP")
                .build();
        CfnIntegration integration = CfnIntegration.Builder.create(this, "Integration")
                .apiId(api.getRef())
                .integrationType("AWS_PROXY")
                .integrationUri(function.getFunctionArn())
                .payloadFormatVersion("2.0")
                .build();
        for (String route : ROUTES) {
            CfnRoute.Builder.create(this, route.replaceAll("[^A-Za-z]+", "") + "Route")
                    .apiId(api.getRef())
                    .routeKey(route)
                    .authorizationType("AWS_IAM")
                    .target("integrations/" + integration.getRef())
                    .build();
        }
        stage(settings);
        function.addPermission(
                "HttpApi",
                Permission.builder()
                        .principal(new ServicePrincipal("apigateway.amazonaws.com"))
                        .sourceArn(calls())
                        .build());
    }

    private void stage(Settings settings) {
        LogGroup logs = LogGroup.Builder.create(this, "logs")
                // With this prefix, the account's log resource policy does not grow with each API.
                .logGroupName("/aws/vendedlogs/apis/" + settings.stackName())
                .retention(RetentionDays.ONE_MONTH)
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        CfnStage.Builder.create(this, "Stage")
                .apiId(api.getRef())
                .stageName("$default")
                .autoDeploy(true)
                .accessLogSettings(CfnStage.AccessLogSettingsProperty.builder()
                        .destinationArn(logs.getLogGroupArn())
                        .format(JsonMapper.shared().writeValueAsString(new java.util.TreeMap<>(LOGGED)))
                        .build())
                // Per second; a POST may read several objects, and nobody needs more to follow jobs.
                .defaultRouteSettings(CfnStage.RouteSettingsProperty.builder()
                        .throttlingRateLimit(20)
                        .throttlingBurstLimit(40)
                        .build())
                .build();
    }

    private String calls() {
        return Stack.of(this)
                .formatArn(ArnComponents.builder()
                        .service("execute-api")
                        .resource(api.getRef())
                        .resourceName("*")
                        .build());
    }

    /// The base URL of the routes, without a trailing slash.
    String url() {
        return api.getAttrApiEndpoint();
    }
}
