package io.pairbatch.infra;

import static io.pairbatch.infra.Templates.at;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;

/// The entry points of the stack besides the bucket, and its notifications: the HTTP API and the topic.
class FrontDoorTest {

    private static Template aws;

    @BeforeAll
    static void synthesise() {
        aws = Templates.aws();
    }

    @Test
    void everyRouteRequiresASignedRequest() {
        Collection<Map<String, Object>> routes =
                Templates.resources(aws, "AWS::ApiGatewayV2::Route").values();
        assertThat(routes)
                .extracting(route -> at(route, "Properties", "RouteKey"))
                .containsExactlyInAnyOrder(
                        "POST /jobs",
                        "POST /estimate",
                        "GET /jobs",
                        "GET /jobs/{id}",
                        "GET /jobs/{id}/results",
                        "POST /jobs/{id}/{action}",
                        "GET /jobs/{id}/segments/{segment}/{action}",
                        "POST /jobs/{id}/segments/{segment}/{action}",
                        "$default");
        assertThat(routes)
                .allSatisfy(route ->
                        assertThat(at(route, "Properties", "AuthorizationType")).isEqualTo("AWS_IAM"));
    }

    @Test
    void onlyThisApiMayInvokeTheFunction() {
        aws.hasResourceProperties(
                "AWS::Lambda::Permission",
                Map.of("Principal", "apigateway.amazonaws.com", "SourceArn", Match.anyValue()));
        aws.hasResourceProperties(
                "AWS::ApiGatewayV2::Integration",
                Map.of("IntegrationType", "AWS_PROXY", "PayloadFormatVersion", "2.0"));
    }

    @Test
    void theAccessLogHoldsNoPathNoQueryAndNoAddress() {
        Map<String, Object> stage = Templates.resources(aws, "AWS::ApiGatewayV2::Stage")
                .values()
                .iterator()
                .next();
        String format = String.valueOf(at(stage, "Properties", "AccessLogSettings", "Format"));
        assertThat(format).contains("$context.requestId", "$context.routeKey", "$context.status");
        assertThat(format).doesNotContainIgnoringCase("query", "path", "sourceIp", "body", "header");
    }

    @Test
    void requestsAreThrottled() {
        aws.hasResourceProperties(
                "AWS::ApiGatewayV2::Stage",
                Map.of(
                        "StageName",
                        "$default",
                        "DefaultRouteSettings",
                        Map.of("ThrottlingRateLimit", 20, "ThrottlingBurstLimit", 40)));
    }

    @Test
    void theTopicAcceptsMessagesOverTlsOnly() {
        aws.hasResourceProperties(
                "AWS::SNS::TopicPolicy",
                Map.of(
                        "PolicyDocument",
                        Match.objectLike(Map.of(
                                "Statement",
                                List.of(Match.objectLike(Map.of(
                                        "Effect",
                                        "Deny",
                                        "Condition",
                                        Map.of("Bool", Map.of("aws:SecureTransport", "false")))))))));
    }
}
