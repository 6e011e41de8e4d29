//! Header and cookie names that the edge refused, each with the line that would forward it.

use super::Running;
use crate::doctor::finding::{Finding, Text, text};
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
        let refused = response.ok().and_then(|response| lines(&response.start));
        let Some(add) = refused else {
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
        if add.is_empty() {
            let found = text!("no name to add was refused", "没有可添加的名称被拒绝");
            return vec![Finding::good(OF, found)];
        }
        add.into_iter().map(refusal).collect()
    })
}

/// Reads the lines to add. The names in them come from requests: only printable ones are repeated.
fn lines(body: &[u8]) -> Option<Vec<String>> {
    let refused: serde_json::Value = serde_json::from_slice(body).ok()?;
    let lines = refused.get("add")?.as_array()?.iter().filter_map(|line| line.as_str());
    let printable = |line: &&str| line.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    Some(lines.filter(printable).map(str::to_owned).collect())
}

fn refusal(line: String) -> Finding {
    let mut remedy = text!(
        "If CEC needs it, add to calldock-edge.toml: ",
        "若云客服需要，请在 calldock-edge.toml 中加入："
    );
    remedy.en.push_str(&line);
    remedy.zh.push_str(&line);
    let found: Text = text!("a name was not forwarded", "有名称未被转发");
    Finding::warning(OF, found, remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refused_name_comes_with_the_line_to_add() {
        let body = br#"{"headers":[{"name":"x-own","count":3}],"add":["edge.headers = [\"x-own\"]","edge.cookies = [\"a\u001b[0m\"]"]}"#;
        let lines = lines(body).unwrap();
        assert_eq!(lines, [r#"edge.headers = ["x-own"]"#], "control characters are not repeated");
        let remedy = refusal(lines[0].clone()).remedy.unwrap();
        assert!(remedy.en.ends_with(r#"edge.headers = ["x-own"]"#) && remedy.zh.contains("x-own"));
        assert!(super::lines(b"<html>").is_none());
    }
}
