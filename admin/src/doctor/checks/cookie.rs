//! CEC's cookie reaches a page, is kept and comes back: the doctor signs in a visitor of its own through
//! the site, judges CEC's `Set-Cookie` as a browser would and sends the cookie back to CEC.

use calldock_contract::CecLogin;
use calldock_server::address;
use calldock_server::cec::settings::CecSettings;
use calldock_signing::Members;
use calldock_signing::auth_v2::{BODY_MEMBER, URI, User};
use calldock_signing::members::Value;
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderValue, ORIGIN};
use reqwest::{Client, RequestBuilder};
use url::Url;

use super::Running;
use super::under_site::pass_url;
use crate::doctor::Context;
use crate::doctor::context::{CEC_PATH, signer};
use crate::doctor::cookie::{Judgement, judge};
use crate::doctor::finding::{Finding, text};
use crate::doctor::http::{self, Response};

/// The cookie that the guide looks for (CEC guide, chapters 1.8 and 2.8).
const OF: &str = "ccmessaging-token";

/// The Content-Type of the guide's samples, which causes no preflight (`docs/vendor/huawei.md` §2).
pub const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";

/// The id of the visitor that is signed in: always the same, so that runs leave nothing more behind.
pub const USER_ID: &str = "calldock-doctor";
/// The visitor's name.
const USER_NAME: &str = "Calldock doctor";

/// Reports one row, if the site is known.
pub fn run(context: &Context) -> Running<'_> {
    Box::pin(async move {
        let Some(cec) = context.cec() else { return Vec::new() };
        let Some((client, url)) = context.on_site(URI) else { return Vec::new() };
        let Some((_, api)) = context.on_site(CEC_PATH) else { return Vec::new() };
        if context.has_failed("proxy") {
            return vec![Finding::after(OF, "proxy")];
        }
        let sign_in = SignIn { cec, client, url, api };
        vec![sign_in.run().await.unwrap_or_else(|finding| finding)]
    })
}

struct SignIn<'a> {
    cec: &'a CecSettings,
    client: &'a Client,
    url: Url,
    api: Url,
}

impl SignIn<'_> {
    /// `Err` ends the check early; the finding may be good all the same.
    async fn run(&self) -> Result<Finding, Finding> {
        let body = self.body().await?;
        let mut url = self.url.clone();
        url.set_query(Some(&format!("&t={}", millis())));
        let request = self.client.post(url).header(CONTENT_TYPE, FORM).body(body.json());
        let response = self.send(request).await?;
        if !response.is_success() || !response.is_script() {
            return Err(refused(&response));
        }
        let Some(set) = response.cookies(OF).last() else {
            return Err(no_cookie(response.status));
        };
        let (http_only, doubt) = match judge(set, &self.url, self.api.path()) {
            Judgement::Lost(why, fix) => return Err(Finding::failed(OF, why, fix)),
            Judgement::Doubtful(why, fix) => (false, Some((why, fix))),
            Judgement::Kept { http_only } => (http_only, None),
        };
        self.send_back(set).await?;
        Ok(match doubt {
            Some((why, fix)) => Finding::warning(OF, why, fix),
            None if http_only => Finding::good(
                OF,
                text!(
                    "set, kept and recognised; HttpOnly, so document.cookie does not show it",
                    "已设置、可保存并能被识别；为 HttpOnly，document.cookie 中不可见"
                ),
            ),
            None => {
                Finding::good(OF, text!("set, kept and recognised", "已设置、可保存并能被识别"))
            }
        })
    }

    async fn send_back(&self, set_cookie: &str) -> Result<(), Finding> {
        let pair = set_cookie.split(';').next().unwrap_or_default();
        let request = self.client.get(self.api.clone()).header(COOKIE, pair);
        let response = self.send(request).await?;
        if response.is_success() && !response.is_html() {
            return Ok(());
        }
        let status = response.status;
        Err(Finding::failed(
            OF,
            text!(
                "the cookie was set, and CEC does not recognise it (HTTP {status})",
                "cookie 已设置，但云客服无法识别（HTTP {status}）"
            ),
            text!(
                "Let the gateway forward the Cookie header to CEC, unchanged.",
                "请让网关将 Cookie 请求头原样转发给云客服。"
            ),
        ))
    }

    /// The body that a page posts. In Authorization mode the doctor signs for its own visitor; a token
    /// must come from the running server, because CEC asks that one about it.
    async fn body(&self) -> Result<Members, Finding> {
        if let Some(signer) = signer(self.cec) {
            let channel = &self.cec.channel;
            let user = User {
                name: USER_NAME,
                id: USER_ID,
                tenant_space_id: &channel.tenant,
                channel_config_id: &channel.id,
            };
            let now = i64::try_from(millis()).unwrap_or(-1);
            let signed = signer.sign(now, &user).map_err(|error| Finding::unsigned(OF, error))?;
            return Ok(posted(BODY_MEMBER, &signed.authorization, &user, millis()));
        }
        let login = self.login().await?;
        let user = User {
            name: &login.third_user_name,
            id: &login.third_user_id,
            tenant_space_id: &login.tenant_space_id,
            channel_config_id: &login.channel_config_id,
        };
        Ok(posted(login.credential.body_member(), login.credential.secret(), &user, millis()))
    }

    /// Asks the running server for a login, as a page of the site does.
    async fn login(&self) -> Result<CecLogin, Finding> {
        let path = &self.cec.path;
        let mut url = self.url.clone();
        url.set_path(path);
        let mut request =
            self.client.post(url.clone()).header(CONTENT_TYPE, "application/json").body("{}");
        if let Ok(origin) = HeaderValue::from_str(&url.origin().ascii_serialization()) {
            request = request.header(ORIGIN, origin);
        }
        let response = self.send(request).await?;
        let status = response.status;
        match serde_json::from_slice::<CecLogin>(&response.start) {
            Ok(login) if response.is_success() => Ok(login),
            _ if matches!(status, 401 | 403) => Err(Finding::skipped(
                OF,
                text!(
                    "the site gives logins to signed-in visitors only (HTTP {status})",
                    "站点只为已识别的访客提供登录（HTTP {status}）"
                ),
                Some(pass_url()),
            )),
            _ => Err(Finding::failed(
                OF,
                text!(
                    "expected a login from {path}, found HTTP {status}",
                    "期望 {path} 返回登录信息，实际为 HTTP {status}"
                ),
                text!(
                    "Let the gateway forward /calldock/ to calldock-server; its log says why it refuses.",
                    "请让网关将 /calldock/ 转发给 calldock-server；拒绝原因见其日志。"
                ),
            )),
        }
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, Finding> {
        let host = address::host_header(&self.url);
        http::send(request).await.map_err(|error| error.finding(OF, &host))
    }
}

fn no_cookie(status: u16) -> Finding {
    Finding::failed(
        OF,
        text!(
            "CEC's script came (HTTP {status}) without a cookie",
            "收到云客服脚本（HTTP {status}），但没有 cookie"
        ),
        text!(
            "Let the gateway forward Set-Cookie (nginx: no proxy_hide_header Set-Cookie, no cache under /service-cloud/).",
            "请让网关保留 Set-Cookie（nginx：不要 proxy_hide_header Set-Cookie，/service-cloud/ 下不缓存）。"
        ),
    )
}

fn refused(response: &Response) -> Finding {
    let status = response.status;
    if response.is_html() || response.is_json() && response.is_success() {
        return Finding::failed(
            OF,
            text!(
                "expected CEC's script, found something else (HTTP {status})",
                "期望云客服脚本，实际为其他内容（HTTP {status}）"
            ),
            text!(
                "Let the gateway forward POST requests below [prefix]/service-cloud/ to calldock-edge, not to a fallback page.",
                "请让网关将 [前缀]/service-cloud/ 下的 POST 请求转发给 calldock-edge，而不是兜底页面。"
            ),
        );
    }
    Finding::failed(
        OF,
        text!("CEC refuses the visitor (HTTP {status})", "云客服拒绝该访客（HTTP {status}）"),
        text!(
            "Check cec.tenant_space_id, cec.channel_config_id and cec.secret_key; with mode \"authorization\" try `doctor cec --readings`, with mode \"token\" see the row of the callback.",
            "请检查 cec.tenant_space_id、cec.channel_config_id 与 cec.secret_key；mode 为 \"authorization\" 时可运行 `doctor cec --readings`，为 \"token\" 时请看回调一行。"
        ),
    )
}

/// Writes the body that a page posts, in its order.
pub fn posted(member: &str, secret: &str, user: &User<'_>, millis: u64) -> Members {
    let mut members: Members = [(member, secret)].into_iter().collect();
    members.0.extend(user.members().0);
    members.0.extend(rest(millis).0);
    members
}

/// What a page posts besides the authorization and the four signed fields.
pub fn rest(millis: u64) -> Members {
    [("locale", "zh".into()), ("timestamp", Value::Number(millis.into()))].into_iter().collect()
}

/// This machine's time in milliseconds since 1970.
pub fn millis() -> u64 {
    u64::try_from(calldock_service::since_1970().as_millis()).unwrap_or_default()
}
