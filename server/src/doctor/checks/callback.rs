//! CEC's question about a token (Token mode): the public address answers garbage with 200 and a retCode
//! that is not 0, as it must (`vendor/huawei.md` §5).

use calldock_contract::CecVerdict;
use serde_json::json;
use url::Url;

use super::Running;
use crate::doctor::Examination;
use crate::doctor::examination::plain_for;
use crate::doctor::finding::{Finding, said};
use crate::doctor::http::{self, Answer};
use crate::doctor::trouble::{Tls, Trouble};

const OF: &str = "cec.validate_path";

/// One row, if tokens are minted.
pub fn run(exam: &Examination) -> Running<'_> {
    Box::pin(async move {
        let Some(cec) = exam.cec().filter(|_| exam.mints_tokens()) else { return Vec::new() };
        let Some(url) = &exam.asked.callback else {
            return vec![Finding::skipped(
                OF,
                said!(
                    "the address the vendor was given is not known here",
                    "此处不知道提供给厂商的地址"
                ),
                Some(said!(
                    "Give it: doctor --callback-url https://…/chatThirdPartyValidate",
                    "请提供：doctor --callback-url https://…/chatThirdPartyValidate"
                )),
            )];
        };
        let place = crate::address::host_header(url);
        let Ok(client) = http::client(plain_for(url)) else { return Vec::new() };
        // A question as CEC asks it, about a token there cannot be and nobody.
        let question = json!({
            "Token": "calldock-doctor-garbage", "userName": "Calldock doctor",
            "userId": "calldock-doctor", "tenantSpaceId": cec.channel.tenant,
        });
        let request = http::post(url, "application/json;charset=UTF-8", question.to_string());
        let finding = match http::send(&client, request).await {
            Err(trouble) => troubled(trouble, &place),
            Ok(answer) => judge(&answer, url),
        };
        vec![finding]
    })
}

/// Where only CEC's certificate is let in, a stranger cannot see more than that it is not.
fn troubled(trouble: Trouble, place: &str) -> Finding {
    if trouble != Trouble::Tls(Tls::Refused) {
        return trouble.finding(OF, place);
    }
    Finding::warning(
        OF,
        said!("{place} takes no stranger's certificate", "{place} 不接受陌生方的证书"),
        said!(
            "As it should be if callback.client_ca_file is set; the vendor's operator can tell whether CEC gets through.",
            "若设置了 callback.client_ca_file，这是正常的；云客服能否访问请向厂商运维确认。"
        ),
    )
}

fn judge(answer: &Answer, asked: &Url) -> Finding {
    let status = answer.status;
    let verdict = serde_json::from_slice::<CecVerdict>(&answer.start);
    match verdict {
        Ok(verdict) if status == 200 && verdict.ret_code != 0 => Finding::good(
            OF,
            said!("garbage is refused as CEC wants to be told", "无效令牌按云客服的约定被拒绝"),
        ),
        Ok(verdict) if verdict.ret_code == 0 => Finding::failed(
            OF,
            said!("a token that cannot be good was called good", "不可能有效的令牌被判为有效"),
            said!(
                "Take that route out of service at once: whoever calls CEC can be any visitor. It is not calldock-server's, or something answers in its place.",
                "请立即停用该路由：任何人都可冒充任意访客。它不是 calldock-server 的路由，或有环节代为应答。"
            ),
        ),
        _ => {
            let (en, zh) = if let Some(place) = answer.redirect(asked) {
                (format!("a redirect to {place}"), format!("重定向至 {place}"))
            } else if answer.is_html() {
                ("a page of HTML".to_owned(), "HTML 页面".to_owned())
            } else {
                ("something else".to_owned(), "其他内容".to_owned())
            };
            let found = said!(
                "expected HTTP 200 with a retCode, found {en} (HTTP {status})",
                "期望 HTTP 200 与 retCode，实际为{zh}（HTTP {status}）"
            );
            if status == 401 || status == 403 {
                return Finding::warning(
                    OF,
                    found,
                    said!(
                        "If only CEC's addresses may ask (callback.callers), a stranger is refused: run doctor from one of them.",
                        "若只允许云客服地址调用（callback.callers），陌生地址会被拒绝：请从允许的地址运行 doctor。"
                    ),
                );
            }
            Finding::failed(
                OF,
                found,
                said!(
                    "Let the gateway pass POST to this path to calldock-server without login page, redirect or fallback, and check cec.validate_path.",
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
    use axum::http::HeaderMap;
    use std::time::SystemTime;

    #[test]
    fn a_listener_for_cecs_certificate_alone_is_no_failure() {
        let verdict = |trouble| troubled(trouble, "shop.example").verdict;
        assert_eq!(verdict(Trouble::Tls(Tls::Refused)), Verdict::Warning);
        assert_eq!(verdict(Trouble::Tls(Tls::Authority)), Verdict::Failed);
        assert_eq!(verdict(Trouble::Timeout), Verdict::Failed);
    }

    #[test]
    fn only_a_refusal_in_cecs_form_is_good() {
        for (status, body, verdict, word) in [
            (200, r#"{"retCode":1,"message":"invalid"}"#, Verdict::Good, "refused"),
            (200, r#"{"retCode":0,"message":"success"}"#, Verdict::Failed, "called good"),
            (403, "{}", Verdict::Warning, "HTTP 403"),
            (404, "{}", Verdict::Failed, "something else"),
            (200, "<html>", Verdict::Failed, "HTML"),
            (302, "", Verdict::Failed, "redirect"),
            (500, r#"{"retCode":1,"message":"invalid"}"#, Verdict::Failed, "HTTP 500"),
        ] {
            let headers = HeaderMap::new();
            let answer = Answer { status, headers, start: body.into(), at: SystemTime::now() };
            let finding = judge(&answer, &Url::parse("https://shop.example/x").unwrap());
            assert_eq!(finding.verdict, verdict, "{status} {body}");
            assert!(finding.found.en.contains(word), "{finding:?}");
        }
    }
}
