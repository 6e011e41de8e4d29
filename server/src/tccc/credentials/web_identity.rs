//! A role for a token of the cluster's own: STS `AssumeRoleWithWebIdentity` (version 2018-08-13).

use std::path::Path;

use calldock_service::since_1970;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::{Credentials, NoCredentials, TIMEOUT, Temporary, body, end};

const UNREACHABLE: NoCredentials = NoCredentials("the security token service did not respond");
const REFUSED: NoCredentials = NoCredentials(
    "the security token service refused: check tccc.role, tccc.provider_id and the role's trust policy",
);
const NO_TOKEN: NoCredentials = NoCredentials("tccc.web_identity_token_file cannot be read");

/// How long the credentials are asked for, in seconds.
const DURATION: u32 = 3600;

/// Who assumes which role.
#[derive(Clone, Copy)]
pub(super) struct Identity<'a> {
    pub provider_id: &'a str,
    pub role_arn: &'a str,
    pub token_file: &'a Path,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope {
    response: Response,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Response {
    credentials: Option<Given>,
    expired_time: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Given {
    token: SecretString,
    tmp_secret_id: SecretString,
    tmp_secret_key: SecretString,
}

pub(super) async fn fetch(
    client: &reqwest::Client,
    sts: &Url,
    region: &str,
    identity: Identity<'_>,
) -> Result<Temporary, NoCredentials> {
    // The file system may hang.
    let read = tokio::time::timeout(TIMEOUT, tokio::fs::read_to_string(identity.token_file));
    let token = Zeroizing::new(read.await.map_err(|_| NO_TOKEN)?.map_err(|_| NO_TOKEN)?);
    let request = json!({
        "ProviderId": identity.provider_id,
        "WebIdentityToken": token.trim(),
        "RoleArn": identity.role_arn,
        "RoleSessionName": "calldock-server",
        "DurationSeconds": DURATION,
    });
    // The token itself is the proof: the action takes no signature.
    let request = client
        .post(sts.clone())
        .header("content-type", "application/json")
        .header("authorization", "SKIP")
        .header("x-tc-action", "AssumeRoleWithWebIdentity")
        .header("x-tc-version", "2018-08-13")
        .header("x-tc-region", region)
        .header("x-tc-timestamp", since_1970().as_secs())
        .body(request.to_string());
    let response = body(request, UNREACHABLE, REFUSED).await?;
    let Envelope { response } = serde_json::from_slice(&response).map_err(|_| REFUSED)?;
    match (response.credentials, response.expired_time) {
        (Some(Given { token, tmp_secret_id, tmp_secret_key }), Some(expired)) => {
            let credentials = Credentials {
                secret_id: tmp_secret_id,
                secret_key: tmp_secret_key,
                token: Some(token),
            };
            Ok(Temporary { credentials, end: end(expired) })
        }
        _ => Err(REFUSED),
    }
}
