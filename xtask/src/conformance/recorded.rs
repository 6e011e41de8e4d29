//! A good backend without a wire, whose answers a test bends.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::auth_v2;
use super::options::Settings;
use super::tccc_login::now;
use super::wire::{Answer, Ask, Backend};

pub const SITE: &str = "https://shop.example.com";
pub const KEY: &str = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG";
pub const FOUR: [&str; 4] = ["刘先生", "10010001", "202007159031", "817854979183314945"];

/// What a test does to a good answer.
pub type Bend = fn(&Recorded, &Ask, Answer) -> Answer;

pub struct Recorded {
    /// `token` or `authorization`.
    pub mode: &'static str,
    /// What makes it a bad backend.
    pub bend: Bend,
    /// Every token ever minted, and whether it is still good.
    pub tokens: Mutex<HashMap<String, bool>>,
    minted: AtomicU64,
    /// When it was made, in seconds since 1970.
    pub born: u64,
}

impl Recorded {
    pub fn new(mode: &'static str, bend: Bend) -> Self {
        Self { mode, bend, tokens: Mutex::default(), minted: AtomicU64::new(0), born: now() }
    }

    /// What looks random and is never the same.
    pub fn random(&self) -> [u8; 32] {
        let count = self.minted.fetch_add(1, Ordering::Relaxed);
        Sha256::digest(count.to_be_bytes()).into()
    }

    fn good(&self, ask: &Ask) -> Answer {
        let path = ask.url.strip_prefix(SITE).unwrap();
        if path.starts_with("/rest/") {
            return self.verdict(ask.body.as_deref().unwrap_or_default());
        }
        if let Some(refusal) = refused(ask) {
            return refusal;
        }
        ok(&match path {
            "/calldock/v1/tccc/login" => self.workbench(),
            "/calldock/v1/tccc/chat" => self.chat(),
            "/calldock/v1/cec/login" => self.cec(),
            _ => return refusal(404, "INVALID_OPTION"),
        })
    }

    /// What the site's own page would be answered at the same address.
    pub fn good_for_own_page(&self, ask: &Ask) -> Answer {
        self.good(&Ask::new("POST", &ask.url).signed_in())
    }

    fn workbench(&self) -> Value {
        let token = hex(&self.random()[..16]);
        json!({
            "token": token, "sdkUrl": format!("https://tccc.qcloud.com/sdk/tcccSdk.js?token={token}"),
            "sdkAppId": 1_400_000_000, "userId": "agent@example.com", "expiresAt": now() + 600,
        })
    }

    fn chat(&self) -> Value {
        let data = r#"{"peerSource":"XX商城","nickName":"张三","uid":"zhangsan"}"#;
        let user_sig = self.user_sig("zhangsan", data, 3600);
        json!({
            "webAppId": "9903496b6be2e67ad291dd2323f3ae9f", "clientData": data,
            "userSig": user_sig, "expiresAt": now() + 3600,
        })
    }

    pub fn user_sig(&self, uid: &str, data: &str, seconds: u64) -> String {
        let members = json!({
            "TLS.ver": "2.0", "TLS.sdkappid": 1_400_000_000, "TLS.time": now(),
            "TLS.identifier": format!("TCCC-EXTRA-UID-{}-{uid}", &hex(&self.random())[..8]),
            "TLS.expire": seconds, "TLS.sig": "", "TLS.userbuf": BASE64_STANDARD.encode(data),
        });
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        zlib.write_all(members.to_string().as_bytes()).unwrap();
        let text = BASE64_STANDARD.encode(zlib.finish().unwrap());
        text.replace('+', "*").replace('/', "-").replace('=', "_")
    }

    fn cec(&self) -> Value {
        let [name, id, tenant, channel] = FOUR;
        let mut login = json!({
            "mode": self.mode, "thirdUserName": name, "thirdUserId": id,
            "tenantSpaceId": tenant, "channelConfigId": channel,
        });
        login[self.mode] = json!(if self.mode == "token" {
            self.mint(BASE64_URL_SAFE_NO_PAD.encode(self.random()))
        } else {
            authorization(&timestamp(now(), self.minted.fetch_add(1, Ordering::Relaxed)))
        });
        login
    }

    pub fn mint(&self, token: String) -> String {
        self.tokens.lock().unwrap().insert(token.clone(), true);
        token
    }

    fn verdict(&self, body: &str) -> Answer {
        let question: Value = serde_json::from_str(body).unwrap_or_default();
        let token = question["Token"].as_str().unwrap_or_default();
        let alive = self.tokens.lock().unwrap().get_mut(token).is_some_and(std::mem::take);
        verdict(alive && is_bound(&question))
    }
}

impl Backend for Recorded {
    fn ask(&self, ask: &Ask) -> Result<Answer, String> {
        Ok((self.bend)(self, ask, self.good(ask)))
    }
}

/// Whether a question is about the one visitor there is.
pub fn is_bound(question: &Value) -> bool {
    ["userName", "userId", "tenantSpaceId"]
        .iter()
        .zip(FOUR)
        .all(|(name, own)| question[name] == own)
}

pub fn verdict(valid: bool) -> Answer {
    let message = if valid { "validate success" } else { "validate failed" };
    ok(&json!({ "retCode": u8::from(!valid), "message": message }))
}

pub fn authorization(timestamp: &str) -> String {
    let signature = auth_v2::signature(FOUR[3], timestamp, FOUR, KEY);
    format!("auth-v2/{}/{timestamp}/content-length;content-type/{signature}", FOUR[3])
}

/// The time in the guide's form.
pub fn timestamp(seconds: u64, millis: u64) -> String {
    let at = time_of(i64::try_from(seconds).unwrap());
    format!("{at}.{:03}Z", millis % 1000)
}

/// `yyyy-MM-ddTHH:mm:ss` by the civil calendar.
fn time_of(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let m = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * m + 2) / 5 + 1;
    let month = if m < 10 { m + 3 } else { m - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn ok(value: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("cache-control", "no-store")];
    let headers = headers.map(|(name, value)| (name.into(), value.into())).into();
    Answer { status: 200, headers, body: value.to_string() }
}

pub fn refusal(status: u16, code: &str) -> Answer {
    let problem = json!({
        "type": "about:blank", "title": "Refused", "status": status, "detail": "It is so.",
        "code": code, "remedy": "Do otherwise.",
    });
    let mut answer = Answer { status, ..ok(&problem) };
    answer.headers[0].1 = "application/problem+json".into();
    answer
}

/// What refuses a request before its route sees it.
fn refused(ask: &Ask) -> Option<Answer> {
    let header = |name| ask.headers.iter().find(|(known, _)| *known == name).map(|(_, v)| &**v);
    let own = match (header("sec-fetch-site"), header("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, origin) => origin.is_none_or(|origin| origin == SITE),
    };
    let body = ask.body.as_deref().unwrap_or_default();
    if !own {
        Some(refusal(403, "ORIGIN_REFUSED"))
    } else if ask.method != "POST" {
        Some(refusal(405, "INVALID_OPTION"))
    } else if !body.is_empty() && header("content-type") != Some("application/json") {
        Some(refusal(415, "INVALID_OPTION"))
    } else if body.len() > 4096 {
        Some(refusal(413, "INVALID_OPTION"))
    } else if !ask.session {
        Some(refusal(401, "LOGIN_FAILED"))
    } else {
        None
    }
}

/// Everything is asked of it, and no time passes.
pub fn settings() -> Settings {
    Settings {
        session: vec![("cookie".into(), "session=0123456789".into())],
        cec_secret: Some(KEY.into()),
        secrets: vec![("CEC_KEY".into(), KEY.into())],
        peer_source: Some("XX商城".into()),
        pause: Duration::ZERO,
        ..Settings::new(SITE).unwrap()
    }
}
