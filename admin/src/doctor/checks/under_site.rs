//! CEC responds under the site's own origin. The most common mistake is a proxy or the fallback of a
//! single-page application that responds 200 with a page (`docs/vendor/huawei.md` §2).

use url::Url;

use super::Running;
use crate::doctor::Context;
use crate::doctor::context::CEC_PATH;
use crate::doctor::finding::{Finding, Text, text};
use crate::doctor::http::{self, Response};

pub(super) const OF: &str = "service-cloud";

/// Reports one row, if CEC is configured.
pub fn run(context: &Context) -> Running<'_> {
    Box::pin(async move {
        if context.cec().is_none() {
            return Vec::new();
        }
        let Some((client, url)) = context.on_site(CEC_PATH) else {
            let why = text!("the site's address is not known", "不知道站点地址");
            return vec![Finding::skipped(OF, why, Some(pass_url()))];
        };
        vec![match http::send(client.get(url.clone())).await {
            Err(error) => error.finding(OF, &calldock_server::address::host_header(&url)),
            Ok(response) => judge(&response, &url),
        }]
    })
}

/// How to have the site checked with its whole gateway.
pub(super) fn pass_url() -> Text {
    text!(
        "Pass the site's address: doctor --url https://shop.example",
        "请提供站点地址：doctor --url https://shop.example"
    )
}

fn judge(response: &Response, requested: &Url) -> Finding {
    let status = response.status;
    if let Some(place) = response.redirect(requested) {
        return Finding::failed(
            OF,
            text!(
                "expected CEC's response, found a redirect to {place} (HTTP {status})",
                "期望云客服的响应，实际被重定向至 {place}（HTTP {status}）"
            ),
            text!(
                "Exclude …/service-cloud/ from whatever redirects (a login page, http to https, a trailing slash), and use the site's final address.",
                "请让重定向环节（登录页、http 转 https、末尾斜杠）放行 …/service-cloud/，并使用站点的最终地址。"
            ),
        );
    }
    let instead = response.is_html() && (response.is_success() || status == 404 || status == 405);
    if instead || status == 404 {
        let (en, zh) = if response.is_html() {
            ("an HTML page", "HTML 页面")
        } else {
            ("nothing at this path", "该路径无内容")
        };
        return Finding::failed(
            OF,
            text!(
                "expected CEC's response, found {en} (HTTP {status})",
                "期望云客服的响应，实际为{zh}（HTTP {status}）"
            ),
            text!(
                "Something responds in CEC's place. Let the gateway forward [prefix]/service-cloud/ to calldock-edge (deploy/nginx), before the fallback of a single-page application, and check the edge's edge.prefix and cec.origin.",
                "有环节代云客服响应。请让网关在单页应用的兜底规则之前将 [前缀]/service-cloud/ 转发给 calldock-edge（见 deploy/nginx），并检查其 edge.prefix 与 cec.origin。"
            ),
        );
    }
    if status >= 500 {
        return Finding::failed(
            OF,
            text!(
                "expected CEC's response, found HTTP {status}",
                "期望云客服的响应，实际为 HTTP {status}"
            ),
            text!(
                "See the logs of the gateway and of calldock-edge: which of them cannot reach the next one?",
                "请查看网关与 calldock-edge 的日志：哪一环无法访问下一环？"
            ),
        );
    }
    if response.is_html() {
        return Finding::warning(
            OF,
            text!(
                "HTTP {status} with an HTML page, which may be CEC's own",
                "HTTP {status} 与 HTML 页面，可能来自云客服"
            ),
            text!(
                "Open the address in a browser to see whose page it is.",
                "请在浏览器中打开该地址，确认页面的来源。"
            ),
        );
    }
    Finding::good(OF, text!("CEC responds (HTTP {status})", "云客服有响应（HTTP {status}）"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::Verdict;
    use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
    use std::time::SystemTime;

    #[test]
    fn a_response_that_is_not_cecs_is_recognised() {
        let json = r#"{"resultCode":"1"}"#;
        for (status, kind, body, verdict, word) in [
            (200, "application/json", json, Verdict::Good, "responds"),
            (401, "application/json", json, Verdict::Good, "responds"),
            (401, "text/plain", "unauthorized", Verdict::Good, "responds"),
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
            let response = Response { status, headers, start: body.into(), at: SystemTime::now() };
            let requested = Url::parse("https://shop.example/service-cloud/x").unwrap();
            let finding = judge(&response, &requested);
            assert_eq!(finding.verdict, verdict, "{status} {kind}: {finding:?}");
            assert!(finding.found.en.contains(word), "{finding:?}");
            assert!(!finding.found.en.contains("token"));
        }
    }
}
