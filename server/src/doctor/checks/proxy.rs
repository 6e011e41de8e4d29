//! CEC answers under the context path, by the way that pages take. The commonest break is a proxy or the
//! fallback of a single-page application that answers 200 with a page (`vendor/huawei.md` §2).

use url::Url;

use super::Running;
use crate::config::HostHeader;
use crate::doctor::Examination;
use crate::doctor::examination::after;
use crate::doctor::finding::{Finding, Said, said};
use crate::doctor::http::{self, Answer};

/// A documented GET that changes nothing; without the cookie CEC refuses it, in its own words.
pub const QUESTION: &str =
    "/service-cloud/rest/webadapter/v1/webadapterfacade/queryChannelConfigByChannelAndId";

pub(super) const OF: &str = "service-cloud";

/// One row, if there is a way to CEC.
pub fn run(exam: &Examination) -> Running<'_> {
    Box::pin(async move {
        let (Some(cec), Some(site)) = (exam.cec(), &exam.site) else { return Vec::new() };
        let prefix = cec.proxy.as_ref().map_or("", |proxy| proxy.prefix.as_str());
        if !site.is_there() {
            let passes = cec.proxy.as_ref().is_some_and(|proxy| proxy.host == HostHeader::Pass);
            if passes {
                return vec![Finding::skipped(
                    OF,
                    said!(
                        "cec.proxy_host is \"pass\": only the running site knows its name",
                        "cec.proxy_host 为 \"pass\"：只有运行中的站点知道其主机名"
                    ),
                    Some(give_url()),
                )];
            }
            if exam.has_failed("reach") {
                return vec![after(OF, "reach")];
            }
        }
        let url = site.at(&format!("{prefix}{QUESTION}"));
        let finding = match site.ask(http::get(&url)).await {
            Err(trouble) => trouble.finding(OF, &crate::address::host_header(&url)),
            Ok(answer) => judge(&answer, &url),
        };
        vec![finding]
    })
}

/// What the operator does to have the whole gateway looked at.
pub(super) fn give_url() -> Said {
    said!(
        "Give the site's address: doctor --url https://shop.example",
        "请提供站点地址：doctor --url https://shop.example"
    )
}

fn judge(answer: &Answer, asked: &Url) -> Finding {
    let status = answer.status;
    if let Some(place) = answer.redirect(asked) {
        return Finding::failed(
            OF,
            said!(
                "expected CEC's answer, found a redirect to {place} (HTTP {status})",
                "期望云客服的应答，实际被重定向至 {place}（HTTP {status}）"
            ),
            said!(
                "Let whatever redirects (a login page, http to https, a trailing slash) leave …/service-cloud/ alone, and call the site by its final address.",
                "请让重定向环节（登录页、http 转 https、末尾斜杠）放行 …/service-cloud/，并使用站点的最终地址。"
            ),
        );
    }
    let instead = answer.is_html() && (answer.is_success() || status == 404 || status == 405);
    if instead || status == 404 {
        let (en, zh) = if answer.is_html() {
            ("a page of HTML", "HTML 页面")
        } else {
            ("nothing at this path", "该路径无内容")
        };
        return Finding::failed(
            OF,
            said!(
                "expected CEC's answer, found {en} (HTTP {status})",
                "期望云客服的应答，实际为{zh}（HTTP {status}）"
            ),
            said!(
                "Something before CEC answers in its place. Let the gateway pass [prefix]/service-cloud/ on (deploy/nginx), before the fallback of a single-page application, and check cec.proxy_prefix and cec.origin.",
                "云客服之前有环节代为应答。请让网关在单页应用的兜底规则之前转发 [前缀]/service-cloud/（见 deploy/nginx），并检查 cec.proxy_prefix 与 cec.origin。"
            ),
        );
    }
    if status >= 500 {
        return Finding::failed(
            OF,
            said!(
                "expected CEC's answer, found HTTP {status}",
                "期望云客服的应答，实际为 HTTP {status}"
            ),
            said!(
                "Look at the log of the gateway and of calldock-server: which of them cannot reach the next one?",
                "请查看网关与 calldock-server 的日志：哪一环无法访问下一环？"
            ),
        );
    }
    if answer.is_html() {
        return Finding::warning(
            OF,
            said!(
                "HTTP {status} with a page of HTML, which may be CEC's own",
                "HTTP {status} 与 HTML 页面，可能来自云客服"
            ),
            said!(
                "Open the address in a browser, and see whose page it is.",
                "请在浏览器中打开该地址，确认页面的来源。"
            ),
        );
    }
    Finding::good(OF, said!("CEC answers (HTTP {status})", "云客服有应答（HTTP {status}）"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::Verdict;
    use axum::http::header::{CONTENT_TYPE, LOCATION};
    use axum::http::{HeaderMap, HeaderValue};
    use std::time::SystemTime;

    #[test]
    fn what_answers_in_cecs_place_is_found_out() {
        let json = r#"{"resultCode":"1"}"#;
        for (status, kind, body, verdict, word) in [
            (200, "application/json", json, Verdict::Good, "answers"),
            (401, "application/json", json, Verdict::Good, "answers"),
            (401, "text/plain", "unauthorized", Verdict::Good, "answers"),
            (200, "text/html", "<html>", Verdict::Failed, "HTML"),
            (200, "application/json", " <!doctype html>", Verdict::Failed, "HTML"),
            (404, "text/html", "<html>", Verdict::Failed, "HTML"),
            (404, "application/problem+json", "{}", Verdict::Failed, "nothing at this path"),
            (401, "text/html", "<html>", Verdict::Warning, "may be CEC's own"),
            (302, "text/html", "", Verdict::Failed, "redirect to https://sso.example "),
            (502, "text/html", "<html>", Verdict::Failed, "HTTP 502"),
        ] {
            let headers = HeaderMap::from_iter([
                (CONTENT_TYPE, HeaderValue::from_static(kind)),
                (LOCATION, HeaderValue::from_static("https://sso.example/login?token=x")),
            ]);
            let answer = Answer { status, headers, start: body.into(), at: SystemTime::now() };
            let asked = Url::parse("https://shop.example/service-cloud/x").unwrap();
            let finding = judge(&answer, &asked);
            assert_eq!(finding.verdict, verdict, "{status} {kind}: {finding:?}");
            assert!(finding.found.en.contains(word), "{finding:?}");
            assert!(!finding.found.en.contains("token"));
        }
    }
}
