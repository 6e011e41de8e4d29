//! Processes of the server, each with a configuration of its own.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const LOGIN: &str = "/calldock/v1/cec/login";
const VALIDATE: &str = "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate";
pub const VALID: &str = r#"{"retCode":0,"message":"validate success"}"#;
pub const INVALID: &str = r#"{"retCode":1,"message":"validate failed"}"#;

/// One process; it ends with this value.
pub struct Instance {
    child: Child,
    pub base: String,
    folder: TempDir,
    client: reqwest::Client,
}

impl Instance {
    /// CEC's token mode for Tom, over the store at this address.
    pub fn start(redis: &str) -> Self {
        Self::start_with(redis, &[])
    }

    pub fn start_with(redis: &str, environment: &[(&str, PathBuf)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = r#"
            [listen]
            address = "127.0.0.1:0"
            [visitor]
            kind = "fixed"
            user_id = "10010001"
            name = "Tom"
            [cec]
            tenant_space_id = "202007159031"
            channel_config_id = "817854979183314945"
            mode = "token"
            [callback]
            rate = "off"
            [operator]
            address = "127.0.0.1:0"
            [key]
            secret = "a-secret-of-all-instances-of-32-bytes"
            [store]
            kind = "redis"
            url_file = "redis_url"
        "#;
        std::fs::write(folder.path().join("calldock.toml"), config).unwrap();
        std::fs::write(folder.path().join("redis_url"), redis).unwrap();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_calldock-server"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("CALLDOCK_") {
                command.env_remove(name);
            }
        }
        command.arg("--config").arg(folder.path().join("calldock.toml"));
        command.envs(environment.iter().map(|(name, value)| (*name, value)));
        command.env("RUST_LOG", "debug").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let base = line.trim().strip_prefix("listening on ").unwrap_or_default().to_owned();
        // No provider is needed for what is not encrypted, but reqwest wants one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let instance = Self { child, base, folder, client };
        assert!(!instance.base.is_empty(), "{}", instance.log());
        instance
    }

    /// The token of a login, which must succeed.
    pub async fn token(&self) -> String {
        let response = self.client.post(format!("{}{LOGIN}", self.base)).send().await.unwrap();
        let (status, text) = (response.status(), response.text().await.unwrap());
        let body: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(status, 200, "{body}");
        body["token"].as_str().unwrap().to_owned()
    }

    /// CEC's question about Tom's token, and the answer as it is.
    pub async fn validate(&self, token: &str) -> String {
        self.validate_for(token, "10010001").await
    }

    pub async fn validate_for(&self, token: &str, user: &str) -> String {
        let question = json!({
            "Token": token, "userName": "Tom", "userId": user, "tenantSpaceId": "202007159031"
        });
        let post = self.client.post(format!("{}{VALIDATE}", self.base));
        let answer = post.body(question.to_string()).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.text().await.unwrap()
    }

    /// Everything it has said so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
