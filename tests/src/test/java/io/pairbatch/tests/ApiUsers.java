package io.pairbatch.tests;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.sts.model.Credentials;

/// Users of the deployed API. The emulator checks neither the signatures nor the policies of its root key.
final class ApiUsers {

    private ApiUsers() {}

    /// A user who may only call these routes.
    ///
    /// @param routes after the API's ID, such as `$default/GET/*`
    static AwsCredentialsIdentity allowed(String routes) {
        IamClient iam = TestStack.shared().iam();
        String user = TestStack.name("api");
        iam.createUser(r -> r.userName(user));
        iam.putUserPolicy(r -> r.userName(user).policyName("api").policyDocument(policy(routes)));
        AccessKey key = iam.createAccessKey(r -> r.userName(user)).accessKey();
        return AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey());
    }

    /// The same with temporary credentials of a role, as most people use them.
    static AwsSessionCredentials session(String routes) {
        IamClient iam = TestStack.shared().iam();
        String name = TestStack.name("api");
        Role role = iam.createRole(r -> r.roleName(name).assumeRolePolicyDocument("""
                        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                         "Principal": {"AWS": "arn:aws:iam::000000000000:root"}}]}
                        """))
                .role();
        iam.putRolePolicy(r -> r.roleName(name).policyName("api").policyDocument(policy(routes)));
        Credentials session = TestStack.shared()
                .sts()
                .assumeRole(r -> r.roleArn(role.arn()).roleSessionName("test"))
                .credentials();
        return AwsSessionCredentials.create(session.accessKeyId(), session.secretAccessKey(), session.sessionToken());
    }

    private static String policy(String routes) {
        return """
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke",
                 "Resource": "arn:aws:execute-api:*:*:*/%s"}]}
                """.formatted(routes);
    }
}
