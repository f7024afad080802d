package io.pairbatch.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.pairbatch.provider.RefusedException.Kind;
import io.pairbatch.provider.http.ErrorBody.Said;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.json.JsonMapper;

/// What OpenAI's errors mean.
class OpenAiErrorsTest {

    private static final JsonMapper JSON = new JsonMapper();
    private final OpenAiErrors errors = new OpenAiErrors(JsonPointer.compile("/error"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "400 | invalid_request            | REQUEST",
                "400 | billing_hard_limit_reached | KEY",
                "401 | invalid_api_key            | KEY",
                "401 | -                          | KEY",
                "403 | unsupported_country        | KEY",
                "404 | not_found                  | NOT_FOUND",
                "413 | too_large                  | REQUEST",
                "429 | rate_limit_exceeded        | LATER",
                "429 | insufficient_quota         | KEY",
                "429 | billing_not_active         | KEY",
                "500 | server_error               | REQUEST"
            })
    void statusAndCodeTellWhatAnErrorMeans(int status, String code, Kind kind) {
        assertThat(errors.kind(status, new Said(code, "m"))).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({"401,REQUEST", "403,REQUEST", "404,REQUEST", "429,LATER", "400,REQUEST"})
    void aBodyThatIsNotItsOwnSaysNothingOfTheKey(int status, Kind kind) {
        assertThat(errors.kind(status, null)).isEqualTo(kind);
    }

    @Test
    void theCodeIsTheErrorsNameAndItsTypeWhereThereIsNone() {
        assertThat(errors.read(JSON.readTree("""
                {"error": {"message": "m", "type": "invalid_request_error", "param": null, "code": "bad_file"}}"""))).isEqualTo(new Said("bad_file", "m"));
        assertThat(errors.read(JSON.readTree("""
                {"error": {"message": "m", "type": "server_error", "code": null}}"""))).isEqualTo(new Said("server_error", "m"));
        assertThat(errors.read(JSON.readTree("{\"error\": {}}"))).isEqualTo(new Said(null, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "[]", "\"no\"", "{\"error\": \"no\"}", "{\"error\": null}", "{\"message\": \"gateway\"}"})
    void whatHasNoErrorObjectIsNotItsOwn(String body) {
        assertThat(errors.read(JSON.readTree(body))).isNull();
    }

    @Test
    void noPartOfAKeyIsRepeated() {
        assertThat(errors.read(JSON.readTree("""
                {"error": {"message": "Incorrect API key provided: sk-ab**yz. See the site.", "code": "invalid_api_key"}}""")))
                .isEqualTo(new Said("invalid_api_key", "Incorrect API key provided: *** See the site."));
    }
}
