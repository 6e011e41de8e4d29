//! Header and cookie names that the edge refused, each with the line that would forward it.

use calldock_edge::names::refused::Report;

use super::Running;
use crate::doctor::finding::{Finding, text};
use crate::doctor::{Context, Part, http};

const OF: &str = "edge";

/// Reports a row for each line, or one if there is none.
pub fn run(context: &Context) -> Running<'_> {
    Box::pin(async move {
        let edge = context.edge.as_ref().filter(|_| context.wants(Part::Cec));
        let Some(operator) = edge.and_then(|edge| edge.operator) else { return Vec::new() };
        let Ok(client) = http::client(calldock_server::address::PlainHttp::OnLoopback) else {
            return Vec::new();
        };
        let response = http::send(client.get(format!("http://{operator}/refused"))).await;
        let refused = response.ok().and_then(|response| warnings(&response.start));
        let Some(warnings) = refused else {
            return vec![Finding::skipped(
                OF,
                text!(
                    "the edge's operator listener {operator} does not respond",
                    "边缘代理的运维监听 {operator} 无响应"
                ),
                Some(text!(
                    "Start calldock-edge on this machine, or run doctor where it runs.",
                    "请在本机启动 calldock-edge，或在其所在机器上运行 doctor。"
                )),
            )];
        };
        if warnings.is_empty() {
            let found =
                text!("no name that CEC may need was refused", "没有云客服可能需要的名称被拒绝");
            return vec![Finding::good(OF, found)];
        }
        warnings
    })
}

/// Reads the lines to add, and the names that have none. The names come from requests: only printable ones are
/// repeated. Cookies that only pages sent are the site's.
fn warnings(body: &[u8]) -> Option<Vec<Finding>> {
    let Report { request_headers, response_cookies, add, .. } =
        serde_json::from_slice(body).ok()?;
    let printable = |text: &String| text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    let unlisted: Vec<_> = request_headers
        .into_iter()
        .chain(response_cookies)
        .map(|refused| refused.name)
        .filter(|name| printable(name) && !name.starts_with('('))
        .filter(|name| !add.iter().any(|line| line.contains(&format!("\"{name}\""))))
        .collect();
    let mut warnings: Vec<_> = add.into_iter().filter(printable).map(refusal).collect();
    if !unlisted.is_empty() {
        let names = unlisted.join(", ");
        let found = text!(
            "names that look like your site's own were not forwarded: {names}",
            "看似属于本站的名称未被转发：{names}"
        );
        let remedy = text!(
            "If CEC needs one of them, add it to edge.headers or edge.cookies in calldock-edge.toml; CEC can read it then. Add all others to edge.ignored, and this warning ends.",
            "若云客服需要其中某个名称，请加入 calldock-edge.toml 的 edge.headers 或 edge.cookies，此后云客服可以读取它；其余名称请加入 edge.ignored，此后不再提醒。"
        );
        warnings.push(Finding::warning(OF, found, remedy));
    }
    Some(warnings)
}

fn refusal(line: String) -> Finding {
    let remedy = text!(
        "Keep what CEC needs of this line, put it in the place of the present one under [edge] in calldock-edge.toml, and add all others to ignored there: {line}",
        "请保留下面一行中云客服需要的名称，用它替换 calldock-edge.toml 中 [edge] 下的同名行，其余名称加入该处的 ignored：{line}"
    );
    let found = text!("a name was not forwarded", "有名称未被转发");
    Finding::warning(OF, found, remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(body: &str) -> Option<Vec<(String, String)>> {
        let rows = warnings(body.as_bytes())?.into_iter();
        Some(rows.map(|row| (row.found.en, row.remedy.unwrap().en)).collect())
    }

    #[test]
    fn each_refused_name_comes_with_the_line_to_add() {
        let body = r#"{"requestHeaders":[{"name":"x-own","count":3}],"add":["headers = [\"x-own\"]","cookies = [\"a\u001b[0m\"]"]}"#;
        let rows_found = rows(body).unwrap();
        assert_eq!(rows_found.len(), 1, "control characters are not repeated: {rows_found:?}");
        assert!(rows_found[0].1.ends_with(r#": headers = ["x-own"]"#), "{rows_found:?}");
        assert!(
            warnings(body.as_bytes()).unwrap()[0].remedy.as_ref().unwrap().zh.contains("x-own")
        );
        assert_eq!(rows("<html>"), None);
    }

    #[test]
    fn names_without_a_line_are_reported_too() {
        let body = r#"{"requestHeaders":[{"name":"x-own","count":3},{"name":"x-user","count":1},{"name":"(not a usual name)","count":1}],"requestCookies":[{"name":"JSESSIONID","count":9}],"responseCookies":[{"name":"cec_sid","count":1},{"name":"a\u001b[0m","count":1}],"add":["headers = [\"x-own\"]"]}"#;
        let rows = rows(body).unwrap();
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert!(rows[1].0.ends_with("were not forwarded: x-user, cec_sid"), "{rows:?}");
        assert!(rows.iter().all(|(_, remedy)| remedy.contains("ignored")), "{rows:?}");
    }
}
