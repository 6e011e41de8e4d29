//! The role of a virtual machine: its metadata service gives temporary credentials.

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::{Credentials, NoCredentials, Temporary, body, end};

const PATH: &str = "latest/meta-data/cam/security-credentials/";
const UNREACHABLE: NoCredentials =
    NoCredentials("the metadata service did not respond: is this a machine of Tencent Cloud?");
const NO_ROLE: NoCredentials =
    NoCredentials("the metadata service names no such role: bind tccc.role to this machine");

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Response {
    code: String,
    tmp_secret_id: Option<SecretString>,
    tmp_secret_key: Option<SecretString>,
    token: Option<SecretString>,
    expired_time: Option<u64>,
}

pub(super) async fn fetch(
    client: &reqwest::Client,
    metadata: &Url,
    role: Option<&str>,
) -> Result<Temporary, NoCredentials> {
    let base = metadata.join(PATH).map_err(|_| UNREACHABLE)?;
    let get = |url: Url| body(client.get(url), UNREACHABLE, NO_ROLE);
    let role = match role {
        Some(role) => role.to_owned(),
        None => {
            let names = String::from_utf8(get(base.clone()).await?).map_err(|_| NO_ROLE)?;
            names.lines().map(str::trim).find(|name| !name.is_empty()).ok_or(NO_ROLE)?.to_owned()
        }
    };
    let response = get(base.join(&role).map_err(|_| NO_ROLE)?).await?;
    let response: Response = serde_json::from_slice(&response).map_err(|_| NO_ROLE)?;
    match (response.tmp_secret_id, response.tmp_secret_key, response.token, response.expired_time) {
        (Some(secret_id), Some(secret_key), Some(token), Some(expired))
            if response.code == "Success" =>
        {
            let credentials = Credentials { secret_id, secret_key, token: Some(token) };
            Ok(Temporary { credentials, end: end(expired) })
        }
        _ => Err(NO_ROLE),
    }
}
