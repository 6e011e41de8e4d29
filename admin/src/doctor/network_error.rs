//! Why there was no response: name resolution, connection, certificate.

use std::error::Error;
use std::io;

use rustls::CertificateError;

use super::finding::{Finding, Text, text};

/// Why there was no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkError {
    /// The deadline passed.
    Timeout,
    /// The host's name cannot be resolved.
    Name,
    /// The connection was refused or blocked.
    Connection,
    /// TLS failed.
    Tls(Tls),
    /// The response is incomplete.
    Incomplete,
    /// Another error.
    Other,
}

/// Why TLS failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// The certificate is for another name.
    Name,
    /// Its authority is not trusted, or it is self-signed.
    Authority,
    /// The certificate has expired.
    Expired,
    /// The certificate is not valid yet.
    NotYet,
    /// The certificate is invalid in another way.
    Certificate,
    /// The server wants a client certificate, or ended the handshake.
    Refused,
    /// The server has no TLS that this machine supports.
    Protocol,
}

impl NetworkError {
    /// Classifies an error of the client.
    pub fn of(error: &reqwest::Error) -> Self {
        let chain =
            || std::iter::successors(Some(error as &(dyn Error + 'static)), |&e| e.source());
        if error.is_timeout() {
            return Self::Timeout;
        }
        if let Some(tls) = chain().find_map(tls) {
            return Self::Tls(tls);
        }
        // The client's resolver has no error type for this.
        if chain().any(|cause| cause.to_string().starts_with("dns error")) {
            return Self::Name;
        }
        if error.is_connect() { Self::Connection } else { Self::Other }
    }

    /// Reports it as a failure.
    pub fn finding(self, of: &'static str, place: &str) -> Finding {
        Finding::failed(of, self.found(place), self.remedy())
    }

    fn found(self, place: &str) -> Text {
        match self {
            Self::Timeout => text!("{place} did not respond in time", "{place} 未及时响应"),
            Self::Name => text!("the name of {place} cannot be resolved", "{place} 的域名无法解析"),
            Self::Connection => text!("no connection to {place}", "无法连接 {place}"),
            Self::Incomplete => {
                text!("the response of {place} is incomplete", "{place} 的响应中断")
            }
            Self::Other => text!("no request could be sent to {place}", "无法向 {place} 发出请求"),
            Self::Tls(tls) => {
                let why = tls.why();
                let (en, zh) = (why.en, why.zh);
                text!("TLS with {place} fails: {en}", "与 {place} 的 TLS 握手失败：{zh}")
            }
        }
    }

    fn remedy(self) -> Text {
        match self {
            Self::Tls(tls) => tls.remedy(),
            Self::Name => text!(
                "Check the host's name in the configuration, and this machine's name resolution.",
                "请检查配置中的主机名，以及本机的域名解析。"
            ),
            _ => text!(
                "Check the address, and that a firewall or proxy lets this machine reach it.",
                "请检查该地址，并确认防火墙或代理允许本机访问。"
            ),
        }
    }
}

impl Tls {
    fn why(self) -> Text {
        match self {
            Self::Name => text!("the certificate is for another name", "证书不属于该主机名"),
            Self::Authority => text!(
                "this machine does not trust the certificate's authority",
                "证书由本机不信任的机构签发"
            ),
            Self::Expired => text!("the certificate has expired", "证书已过期"),
            Self::NotYet => text!("the certificate is not valid yet", "证书尚未生效"),
            Self::Certificate => text!("the certificate is not acceptable", "证书不可接受"),
            Self::Refused => text!("the server ended the handshake", "对方终止了握手"),
            Self::Protocol => text!(
                "the server has no TLS that this machine supports",
                "对方不支持本机可用的 TLS"
            ),
        }
    }

    fn remedy(self) -> Text {
        match self {
            Self::Name => text!(
                "Use a host name that the certificate has, or have the name added to the certificate.",
                "请使用证书中包含的主机名，或在证书中加入该主机名。"
            ),
            Self::Authority => text!(
                "Have the server send the complete chain (leaf and intermediates), or add the authority to this machine's trusted ones (on Debian: /usr/local/share/ca-certificates, update-ca-certificates); a firewall that inspects TLS has its own authority.",
                "请让对方发送完整证书链（含中间证书），或将该机构加入本机信任列表（Debian：/usr/local/share/ca-certificates 与 update-ca-certificates）；做 TLS 检查的防火墙有自己的签发机构。"
            ),
            Self::Expired | Self::NotYet => text!(
                "Renew the certificate; if it is valid, set this machine's clock.",
                "请更新证书；若证书无误，请校准本机时钟。"
            ),
            Self::Refused => text!(
                "If the server requires a client certificate, this is expected; otherwise see the server's log.",
                "若对方要求客户端证书，陌生调用方被拒绝属正常；否则请查看对方日志。"
            ),
            Self::Certificate | Self::Protocol => text!(
                "Inspect the certificate and the protocol: openssl s_client -connect HOST:443 -servername HOST.",
                "请检查证书与协议：openssl s_client -connect HOST:443 -servername HOST。"
            ),
        }
    }
}

/// Finds rustls' error, which may be wrapped in an I/O error.
fn tls(cause: &(dyn Error + 'static)) -> Option<Tls> {
    // The source of an I/O error is the cause of its inner error, not the inner error.
    if let Some(inner) = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        return tls(inner);
    }
    let error = cause.downcast_ref::<rustls::Error>()?;
    Some(match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Tls::Name
            }
            // BadSignature: an authority of the same name with another key.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Tls::Authority,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Tls::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                Tls::NotYet
            }
            _ => Tls::Certificate,
        },
        rustls::Error::AlertReceived(_) => Tls::Refused,
        _ => Tls::Protocol,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::http;
    use calldock_server::address::PlainHttp;

    #[tokio::test]
    async fn an_unknown_name_and_a_closed_port_are_told_apart() {
        let client = http::client(PlainHttp::OnLoopback).unwrap();
        // A label this long is invalid: no resolver is asked.
        let nowhere = format!("http://{}.test/", "a".repeat(64));
        for (url, expected) in [
            (nowhere.as_str(), NetworkError::Name),
            ("http://127.0.0.1:1/", NetworkError::Connection),
        ] {
            let error = http::send(client.get(url)).await.unwrap_err();
            assert_eq!(error, expected, "{url}");
            let finding = error.finding("cec.origin", "cec.example");
            assert!(finding.is_failed() && finding.found.zh.contains("cec.example"));
        }
    }
}
