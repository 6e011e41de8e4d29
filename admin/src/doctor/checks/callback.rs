//! CEC's questions about tokens (Token mode): the public URL must respond to an invalid token with 200 and
//! a retCode that is not 0 (`docs/vendor/huawei.md` §5).

use calldock_contract::CecVerdict;
use reqwest::header::CONTENT_TYPE;
use serde_json::json;
use url::Url;

use super::Running;
use crate::doctor::Context;
use crate::doctor::finding::{Finding, text};
use crate::doctor::http::{self, Response};
use crate::doctor::network_error::{NetworkError, Tls};

const OF: &str = "cec.validate_path";

/// Reports one row, if the server issues tokens.
pub fn run(context: &Context) -> Running<'_> {
    Box::pin(async move {
        let cec = context.cec().filter(|cec| cec.mints_tokens());
        let Some(cec) = cec else { return Vec::new() };
        let Some(url) = &context.options.callback else {
            return vec![Finding::skipped(
                OF,
                text!(
                    "the URL that the vendor was given is not known",
                    "此处不知道提供给厂商的地址"
                ),
                Some(text!(
                    "Pass it: doctor --callback-url https://…/chatThirdPartyValidate",
                    "请提供：doctor --callback-url https://…/chatThirdPartyValidate"
                )),
            )];
        };
        let place = calldock_server::address::host_header(url);
        let Ok(client) = http::client(http::plain_for(url)) else { return Vec::new() };
        // As CEC sends it, with a token that cannot exist.
        let question = json!({
            "Token": "calldock-doctor-invalid", "userName": "Calldock doctor",
            "userId": "calldock-doctor", "tenantSpaceId": cec.channel.tenant,
        });
        let request = client
            .post(url.clone())
            .header(CONTENT_TYPE, "application/json;charset=UTF-8")
            .body(question.to_string());
        let finding = match http::send(request).await {
            Err(error) => failed(error, &place),
            Ok(response) => judge(&response, url),
        };
        vec![finding]
    })
}

/// A listener that requires CEC's certificate refuses the doctor: no more can be found out.
fn failed(error: NetworkError, place: &str) -> Finding {
    if error != NetworkError::Tls(Tls::Refused) {
        return error.finding(OF, place);
    }
    Finding::warning(
        OF,
        text!("{place} requires a client certificate", "{place} 不接受陌生方的证书"),
        text!(
            "This is expected if callback.client_ca_file is set; ask the vendor's operator whether CEC can connect.",
            "若设置了 callback.client_ca_file，这是正常的；云客服能否访问请向厂商运维确认。"
        ),
    )
}

fn judge(response: &Response, requested: &Url) -> Finding {
    let status = response.status;
    let verdict = serde_json::from_slice::<CecVerdict>(&response.start);
    match verdict {
        Ok(verdict) if status == 200 && verdict.ret_code != 0 => Finding::good(
            OF,
            text!("an invalid token is refused in CEC's format", "无效令牌按云客服的约定被拒绝"),
        ),
        Ok(verdict) if verdict.ret_code == 0 => Finding::failed(
            OF,
            text!("an invalid token was accepted", "不可能有效的令牌被判为有效"),
            text!(
                "Take this route out of service at once: anyone can impersonate any visitor. It is not calldock-server's route, or something else responds in its place.",
                "请立即停用该路由：任何人都可冒充任意访客。它不是 calldock-server 的路由，或有环节代为响应。"
            ),
        ),
        _ => {
            let (en, zh) = if let Some(place) = response.redirect(requested) {
                (format!("a redirect to {place}"), format!("重定向至 {place}"))
            } else if response.is_html() {
                ("an HTML page".to_owned(), "HTML 页面".to_owned())
            } else {
                ("something else".to_owned(), "其他内容".to_owned())
            };
            let found = text!(
                "expected HTTP 200 with a retCode, found {en} (HTTP {status})",
                "期望 HTTP 200 与 retCode，实际为{zh}（HTTP {status}）"
            );
            if status == 401 || status == 403 {
                return Finding::warning(
                    OF,
                    found,
                    text!(
                        "If only CEC's addresses are allowed (callback.callers), run doctor from one of them.",
                        "若只允许云客服地址调用（callback.callers），陌生地址会被拒绝：请从允许的地址运行 doctor。"
                    ),
                );
            }
            Finding::failed(
                OF,
                found,
                text!(
                    "Let the gateway forward POST requests to this path to calldock-server without login page, redirect or fallback, and check cec.validate_path.",
                    "请让网关将发往该路径的 POST 直接转发给 calldock-server，不经登录页、重定向或兜底页面，并检查 cec.validate_path。"
                ),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::Verdict;
    use reqwest::header::HeaderMap;
    use std::time::SystemTime;

    #[test]
    fn a_listener_that_requires_a_client_certificate_is_a_warning() {
        let verdict = |error| failed(error, "shop.example").verdict;
        assert_eq!(verdict(NetworkError::Tls(Tls::Refused)), Verdict::Warning);
        assert_eq!(verdict(NetworkError::Tls(Tls::Authority)), Verdict::Failed);
        assert_eq!(verdict(NetworkError::Timeout), Verdict::Failed);
    }

    #[test]
    fn only_a_refusal_in_cecs_format_is_good() {
        for (status, body, verdict, word) in [
            (200, r#"{"retCode":1,"message":"invalid"}"#, Verdict::Good, "refused"),
            (200, r#"{"retCode":0,"message":"success"}"#, Verdict::Failed, "accepted"),
            (403, "{}", Verdict::Warning, "HTTP 403"),
            (404, "{}", Verdict::Failed, "something else"),
            (200, "<html>", Verdict::Failed, "HTML"),
            (302, "", Verdict::Failed, "redirect"),
            (500, r#"{"retCode":1,"message":"invalid"}"#, Verdict::Failed, "HTTP 500"),
        ] {
            let headers = HeaderMap::new();
            let response = Response { status, headers, start: body.into(), at: SystemTime::now() };
            let finding = judge(&response, &Url::parse("https://shop.example/x").unwrap());
            assert_eq!(finding.verdict, verdict, "{status} {body}");
            assert!(finding.found.en.contains(word), "{finding:?}");
        }
    }
}
