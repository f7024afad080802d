package io.pairbatch.tests;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;

/// Users of the deployed API. The emulator checks neither signature nor policies of its root key.
final class ApiUsers {

    private ApiUsers() {}

    /// A user that may do nothing but call these routes.
    ///
    /// @param routes after the API's id, such as `$default/GET/*`
    static AwsCredentialsIdentity allowed(String routes) {
        IamClient iam = TestStack.shared().iam();
        String user = TestStack.name("api");
        iam.createUser(r -> r.userName(user));
        iam.putUserPolicy(r -> r.userName(user).policyName("api").policyDocument("""
                        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke",
                         "Resource": "arn:aws:execute-api:*:*:*/%s"}]}
                        """.formatted(routes)));
        AccessKey key = iam.createAccessKey(r -> r.userName(user)).accessKey();
        return AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey());
    }
}
