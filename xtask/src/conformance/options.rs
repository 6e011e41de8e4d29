//! The command's own options. A secret comes from a variable, never from an argument: every process of
//! the machine reads arguments.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use url::Url;

/// Shown by `cargo xtask conformance --help`.
pub const HELP: &str = "\
cargo xtask conformance URL [options]

Sends a backend the requests of its own pages, other sites' pages and CEC. docs/en/guides/own-backend.md says what each
route must do.

  --tccc --chat --cec     only the routes named; all three unless one is
  --origin ORIGIN         the site's own origin, where pages reach the backend by another name than URL
  --cec-path PATH         CEC's login (/calldock/v1/cec/login)
  --callback-url URL      where CEC asks (URL/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate)
  --header-env NAME       the variable that holds a header of a signed-in user,
                          such as `Cookie: SESSION=…`; may come several times
  --cec-secret-env NAME   the variable that holds the channel's key: the signature is verified with it
  --secret-env NAME       a variable whose value no response may contain; may come several times
  --peer-source TEXT      the peerSource that the chat must have, to the letter
  --json                  the report as JSON";

/// The guide's path for CEC's question.
const CALLBACK: &str = "/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate";

/// A group of checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// The workbench's login.
    Login,
    /// TCCC's chat.
    Chat,
    /// CEC's login, and in Token mode the callback.
    Cec,
}

/// What is to be asked, and how.
#[derive(Clone)]
pub struct Settings {
    /// The backend's address, without a slash at its end.
    pub base: String,
    /// Where the site's pages are.
    pub origin: String,
    /// Which routes.
    pub routes: Vec<Route>,
    /// CEC's login, as a path.
    pub cec_path: String,
    /// CEC's question, as a whole address.
    pub callback: String,
    /// Headers of somebody who is signed in.
    pub session: Vec<(String, String)>,
    /// The channel's key.
    pub cec_secret: Option<String>,
    /// What no response may contain, by the name of its variable.
    pub secrets: Vec<(String, String)>,
    /// The `peerSource` of TCCC's chat.
    pub peer_source: Option<String>,
    /// How long until a signature must be another one.
    pub pause: Duration,
}

impl Settings {
    /// Every route of a backend, without a session and without secrets.
    pub fn new(address: &str) -> Result<Self> {
        let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let url = url.filter(|url| url.has_host() && url.query().is_none());
        let url = url.with_context(|| {
            format!("URL: expected an address like https://shop.example.com, found `{address}`")
        })?;
        let base = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            routes: vec![Route::Login, Route::Chat, Route::Cec],
            cec_path: "/calldock/v1/cec/login".into(),
            callback: format!("{base}{CALLBACK}"),
            session: Vec::new(),
            cec_secret: None,
            secrets: Vec::new(),
            peer_source: None,
            pause: Duration::from_millis(1100),
            base,
        })
    }
}

/// Reads the arguments after `conformance`; the second is whether JSON is wanted.
pub fn parse(
    arguments: &[String],
    variable: impl Fn(&str) -> Option<String>,
) -> Result<(Settings, bool)> {
    let mut words = arguments.iter().map(String::as_str);
    let address = words.next().filter(|word| !word.starts_with('-'));
    let mut settings = Settings::new(address.context("URL: expected it first, found none")?)?;
    let (mut json, mut named) = (false, Vec::new());
    while let Some(option) = words.next() {
        let mut value = || {
            words.next().with_context(|| format!("{option}: expected a value after it, found none"))
        };
        let secret = |name: &str| {
            let value = variable(name).filter(|value| !value.trim().is_empty());
            value.with_context(|| format!("{option}: the variable {name} is not set"))
        };
        match option {
            "--tccc" => named.push(Route::Login),
            "--chat" => named.push(Route::Chat),
            "--cec" => named.push(Route::Cec),
            "--json" => json = true,
            "--origin" => settings.origin = origin(value()?)?,
            "--cec-path" => settings.cec_path = path(value()?)?,
            "--callback-url" => settings.callback = Settings::new(value()?)?.base,
            "--header-env" => settings.session.push(header(&secret(value()?)?)?),
            "--cec-secret-env" => {
                let name = value()?;
                let key = secret(name)?;
                settings.secrets.push((name.into(), key.clone()));
                settings.cec_secret = Some(key);
            }
            "--secret-env" => {
                let name = value()?;
                settings.secrets.push((name.into(), secret(name)?));
            }
            "--peer-source" => settings.peer_source = Some(value()?.into()),
            _ => {
                bail!("there is no option `{option}`; `cargo xtask conformance --help` lists them")
            }
        }
    }
    if let Some((name, _)) = settings.secrets.iter().find(|(_, secret)| secret.len() < 8) {
        bail!("{name}: expected a secret of 8 bytes or more; a shorter one is found by chance");
    }
    if !named.is_empty() {
        settings.routes = named;
    }
    Ok((settings, json))
}

fn origin(text: &str) -> Result<String> {
    let url = Url::parse(text).ok().filter(|url| url.origin().is_tuple());
    let origin = url.map(|url| url.origin().ascii_serialization()).filter(|origin| origin == text);
    origin.with_context(|| {
        format!("--origin: expected an origin like https://shop.example.com, found `{text}`")
    })
}

fn path(text: &str) -> Result<String> {
    if text.starts_with('/') { Ok(text.into()) } else { bail!("--cec-path: expected a path") }
}

/// `Cookie: SESSION=…`; a failure does not repeat it.
fn header(line: &str) -> Result<(String, String)> {
    let (name, value) = line.split_once(':').context(HEADER)?;
    let name = name.trim();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if name.is_empty() || !name.bytes().all(plain) {
        bail!(HEADER);
    }
    Ok((name.to_ascii_lowercase(), value.trim().into()))
}

const HEADER: &str = "--header-env: expected a header in that variable, like `Cookie: SESSION=…`";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<(Settings, bool)> {
        let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        parse(&words, |name| match name {
            "SESSION" => Some("Cookie: SESSION=abc".into()),
            "KEY" => Some("a key that is long".into()),
            "SHORT" => Some("short".into()),
            _ => None,
        })
    }

    fn refused(line: &str) -> String {
        read(line).err().unwrap().to_string()
    }

    #[test]
    fn an_address_alone_asks_all_routes_of_its_own_origin() {
        let (settings, json) = read("https://shop.example.com/app/").unwrap();
        assert_eq!(settings.base, "https://shop.example.com/app");
        assert_eq!(settings.origin, "https://shop.example.com");
        assert_eq!(settings.callback, format!("https://shop.example.com/app{CALLBACK}"));
        assert_eq!((settings.routes.len(), json), (3, false));
    }

    #[test]
    fn options_are_read_and_secrets_come_from_variables() {
        let line = "http://127.0.0.1:1 --cec --json --origin https://a.example --cec-path /x \
            --callback-url http://127.0.0.1:2/y --header-env SESSION --cec-secret-env KEY \
            --peer-source XX商城";
        let (settings, json) = read(line).unwrap();
        assert!(json);
        assert_eq!(settings.routes, [Route::Cec]);
        assert_eq!(settings.origin, "https://a.example");
        assert_eq!(
            (settings.cec_path.as_str(), settings.callback.as_str()),
            ("/x", "http://127.0.0.1:2/y")
        );
        assert_eq!(settings.session, [("cookie".to_owned(), "SESSION=abc".to_owned())]);
        assert_eq!(settings.secrets.len(), 1);
        assert!(settings.cec_secret.is_some());
        assert_eq!(settings.peer_source.as_deref(), Some("XX商城"));
    }

    #[test]
    fn what_is_wrong_is_named_and_no_secret_is_repeated() {
        assert_eq!(refused("--json"), "URL: expected it first, found none");
        assert!(refused("shop").starts_with("URL: expected an address like"));
        assert!(refused("http://a --fast").starts_with("there is no option `--fast`"));
        assert_eq!(
            refused("http://a --secret-env NONE"),
            "--secret-env: the variable NONE is not set"
        );
        assert!(
            refused("http://a --secret-env SHORT").starts_with("SHORT: expected a secret of 8")
        );
        let message = refused("http://a --header-env KEY");
        assert!(
            message.starts_with("--header-env: expected") && !message.contains("long"),
            "{message}"
        );
        assert!(refused("http://a --origin https://a/b").starts_with("--origin: expected"));
        assert!(refused("http://a --cec-path").ends_with("found none"));
    }
}
