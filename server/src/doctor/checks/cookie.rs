//! CEC's cookie reaches a page, stays with it and comes back: a visitor of the doctor's own is signed in
//! by the way that pages take, and what CEC sets is judged as a browser would and shown to CEC again.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::HeaderValue;
use axum::http::header::{COOKIE, ORIGIN};
use calldock_contract::CecLogin;
use serde_json::{Value, json};

use super::Running;
use super::proxy::{QUESTION, give_url};
use crate::cec::members::Members;
use crate::cec::signer::URI;
use crate::config::{CecConfig, CecMode};
use crate::doctor::Examination;
use crate::doctor::cookie::{self, Judgement};
use crate::doctor::door::Site;
use crate::doctor::examination::after;
use crate::doctor::finding::{Finding, Said, said};
use crate::doctor::http::{self, Answer};
use crate::identity::Visitor;

/// What the guide looks for in the page's own cookies (seed 001, chapters 1.8 and 2.8).
const OF: &str = "ccmessaging-token";

/// As the samples send it, so that there is no preflight (`vendor/huawei.md` §2).
pub const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";

/// The visitor that is signed in, always the same: a run leaves nothing more behind than the one before.
pub fn visitor() -> Visitor {
    Visitor { id: "calldock-doctor".into(), name: "Calldock doctor".into() }
}

/// One row, if there is a way to CEC.
pub fn run(exam: &Examination) -> Running<'_> {
    Box::pin(async move {
        let (Some(cec), Some(site)) = (exam.cec(), &exam.site) else { return Vec::new() };
        if exam.has_failed("proxy") || (exam.has_failed("reach") && !site.is_there()) {
            return vec![after(OF, "proxy")];
        }
        vec![examine(cec, site).await.unwrap_or_else(|finding| finding)]
    })
}

/// `Err` where it went no further, and may be good all the same.
async fn examine(cec: &CecConfig, site: &Site) -> Result<Finding, Finding> {
    let prefix = cec.proxy.as_ref().map_or("", |proxy| proxy.prefix.as_str());
    let posted = vouched(cec, site).await?;
    let url = site.at(&format!("{prefix}{URI}?&t={}", millis()));
    let place = crate::address::host_header(&url);
    let answer = site
        .ask(http::post(&url, FORM, posted.json()))
        .await
        .map_err(|trouble| trouble.finding(OF, &place))?;
    let status = answer.status;
    if !answer.is_success() || !answer.is_script() {
        return Err(refused(&answer));
    }
    let question = site.at(&format!("{prefix}{QUESTION}"));
    let Some(set) = answer.cookies(OF).last() else {
        return Err(Finding::failed(
            OF,
            said!(
                "CEC's script came (HTTP {status}), and no cookie with it",
                "收到云客服脚本（HTTP {status}），但没有 cookie"
            ),
            said!(
                "Let the gateway pass Set-Cookie on (nginx: no proxy_hide_header Set-Cookie, no cache under /service-cloud/), and see that cec.private_cookies does not name it.",
                "请让网关保留 Set-Cookie（nginx：不要 proxy_hide_header Set-Cookie，/service-cloud/ 下不缓存），并确认 cec.private_cookies 未包含它。"
            ),
        ));
    };
    let (http_only, doubt) = match cookie::judge(set, &url, question.path()) {
        Judgement::Lost(why, mend) => return Err(Finding::failed(OF, why, mend)),
        Judgement::Doubtful(why, mend) => (false, Some((why, mend))),
        Judgement::Kept { http_only } => (http_only, None),
    };
    let mut request = http::get(&question);
    let pair = set.split(';').next().unwrap_or_default();
    if let Ok(mut value) = HeaderValue::from_str(pair) {
        value.set_sensitive(true);
        request.headers_mut().insert(COOKIE, value);
    }
    let back = site.ask(request).await.map_err(|trouble| trouble.finding(OF, &place))?;
    let status = back.status;
    if !back.is_success() || back.is_html() {
        return Err(Finding::failed(
            OF,
            said!(
                "the cookie was set, and CEC does not know it again (HTTP {status})",
                "cookie 已设置，但云客服无法识别（HTTP {status}）"
            ),
            said!(
                "Let the gateway pass the Cookie header on to CEC, unchanged.",
                "请让网关将 Cookie 请求头原样转发给云客服。"
            ),
        ));
    }
    Ok(match doubt {
        Some((why, mend)) => Finding::warning(OF, why, mend),
        None if http_only => Finding::good(
            OF,
            said!(
                "set, kept and known again; HttpOnly, so document.cookie does not show it",
                "已设置、可保存并能被识别；为 HttpOnly，document.cookie 中不可见"
            ),
        ),
        None => Finding::good(OF, said!("set, kept and known again", "已设置、可保存并能被识别")),
    })
}

fn refused(answer: &Answer) -> Finding {
    let status = answer.status;
    if answer.is_html() || answer.is_json() && answer.is_success() {
        return Finding::failed(
            OF,
            said!(
                "expected CEC's script, found something else (HTTP {status})",
                "期望云客服脚本，实际为其他内容（HTTP {status}）"
            ),
            said!(
                "Let the gateway pass POST requests below [prefix]/service-cloud/ on to CEC, not to a fallback page.",
                "请让网关将 [前缀]/service-cloud/ 下的 POST 请求转发给云客服，而不是兜底页面。"
            ),
        );
    }
    let remedy: Said = said!(
        "Check cec.tenant_space_id, cec.channel_config_id and cec.secret_key; with mode \"authorization\" try `doctor cec --readings`, with mode \"token\" see the callback's row.",
        "请检查 cec.tenant_space_id、cec.channel_config_id 与 cec.secret_key；mode 为 \"authorization\" 时可运行 `doctor cec --readings`，为 \"token\" 时请看回调一行。"
    );
    Finding::failed(
        OF,
        said!("CEC refuses the visitor (HTTP {status})", "云客服拒绝该访客（HTTP {status}）"),
        remedy,
    )
}

/// What a page posts. With a signature the doctor vouches for its own visitor; a token must come from the
/// running server, since CEC asks that one about it.
async fn vouched(cec: &CecConfig, site: &Site) -> Result<Members, Finding> {
    let signer = cec.logins.iter().find_map(|login| match &login.mode {
        CecMode::Authorization(signer) => Some(signer),
        CecMode::Token(_) => None,
    });
    if let Some(signer) = signer {
        let visitor = visitor();
        let authorization = signer.authorization(&cec.channel, &visitor).map_err(|error| {
            let error = error.to_string();
            Finding::failed(
                OF,
                Said::plain(error),
                said!("Set this machine's clock.", "请校准本机时钟。"),
            )
        })?;
        let four = four(&visitor.name, &visitor.id, &cec.channel.tenant, &cec.channel.id);
        return Ok(posted("thirdPartAuthorization", &authorization, four));
    }
    let skipped = |why| Finding::skipped(OF, why, Some(give_url()));
    if !site.is_there() {
        return Err(skipped(said!(
            "with mode \"token\" only the running server's tokens are good",
            "mode 为 \"token\" 时只有运行中的服务签发的令牌有效"
        )));
    }
    let path = cec.logins.first().map_or("", |login| login.path.as_str());
    let url = site.at(path);
    let mut request = http::post(&url, "application/json", "{}".into());
    if let Ok(origin) = HeaderValue::from_str(&site.base.origin().ascii_serialization()) {
        request.headers_mut().insert(ORIGIN, origin);
    }
    let answer = site
        .ask(request)
        .await
        .map_err(|trouble| trouble.finding(OF, &crate::address::host_header(&url)))?;
    let status = answer.status;
    match serde_json::from_slice::<CecLogin>(&answer.start) {
        Ok(login) if answer.is_success() => {
            let four = four(
                &login.third_user_name,
                &login.third_user_id,
                &login.tenant_space_id,
                &login.channel_config_id,
            );
            Ok(posted(login.voucher.body_member(), login.voucher.secret(), four))
        }
        _ if matches!(status, 401 | 403) => Err(skipped(said!(
            "the site gives a login to visitors it knows only (HTTP {status})",
            "站点只为已识别的访客提供登录（HTTP {status}）"
        ))),
        _ => Err(Finding::failed(
            OF,
            said!(
                "expected a login from {path}, found HTTP {status}",
                "期望 {path} 返回登录信息，实际为 HTTP {status}"
            ),
            said!(
                "Let the gateway pass /calldock/ to calldock-server; its log says why it refuses.",
                "请让网关将 /calldock/ 转发给 calldock-server；拒绝原因见其日志。"
            ),
        )),
    }
}

/// The four members that are vouched for.
pub fn four(name: &str, id: &str, tenant: &str, channel: &str) -> [(String, Value); 4] {
    let values = [name, id, tenant, channel];
    std::array::from_fn(|index| (crate::cec::members::FOUR[index].into(), values[index].into()))
}

/// The body a page posts, in its order.
fn posted(proof: &str, secret: &str, four: [(String, Value); 4]) -> Members {
    let mut members = vec![(proof.to_owned(), Value::from(secret))];
    members.extend(four);
    members.extend(rest(millis()));
    Members(members)
}

/// What a page posts beside proof and four members.
pub fn rest(millis: u64) -> [(String, Value); 2] {
    [("locale".into(), json!("zh")), ("timestamp".into(), json!(millis))]
}

fn millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or_default()
}
