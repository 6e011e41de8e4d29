//! Why no answer came, named as exactly as can be known: the name, the connection, the certificate.

use std::error::Error;
use std::io;

use rustls::CertificateError;

use super::finding::{Finding, Said, said};

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Not within the time given.
    Timeout,
    /// The host's name leads nowhere.
    Name,
    /// Nobody listens there, or a firewall stands before it.
    Connection,
    /// TLS failed.
    Tls(Tls),
    /// The answer began and broke off.
    BrokeOff,
    /// Something else.
    Other,
}

/// Why TLS failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// The certificate is of another name.
    Name,
    /// Of an authority this machine does not trust, or self-signed.
    Authority,
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotYet,
    /// It is wrong in another way.
    Certificate,
    /// The other side wants a certificate of ours, or ended the handshake.
    Refused,
    /// No TLS is spoken there, or none this machine speaks.
    Protocol,
}

impl Trouble {
    /// What an error of the client's means.
    pub fn of(error: &reqwest::Error) -> Self {
        let chain =
            || std::iter::successors(Some(error as &(dyn Error + 'static)), |&e| e.source());
        if error.is_timeout() {
            return Self::Timeout;
        }
        if let Some(tls) = chain().find_map(tls) {
            return Self::Tls(tls);
        }
        // The client's resolver has no type of its own for this.
        if chain().any(|cause| cause.to_string().starts_with("dns error")) {
            return Self::Name;
        }
        if error.is_connect() { Self::Connection } else { Self::Other }
    }

    /// A failed row about it.
    pub fn finding(self, of: &'static str, place: &str) -> Finding {
        Finding::failed(of, self.found(place), self.remedy())
    }

    fn found(self, place: &str) -> Said {
        match self {
            Self::Timeout => said!("{place} did not answer in time", "{place} 未及时应答"),
            Self::Name => said!("the name of {place} leads nowhere", "{place} 的域名无法解析"),
            Self::Connection => {
                said!("no connection to {place}", "无法连接 {place}")
            }
            Self::BrokeOff => said!("the answer of {place} broke off", "{place} 的应答中断"),
            Self::Other => said!("{place} could not be asked", "无法向 {place} 发出请求"),
            Self::Tls(tls) => {
                let why = tls.why();
                let (en, zh) = (why.en, why.zh);
                said!("TLS with {place} fails: {en}", "与 {place} 的 TLS 握手失败：{zh}")
            }
        }
    }

    fn remedy(self) -> Said {
        match self {
            Self::Tls(tls) => tls.remedy(),
            Self::Name => said!(
                "Check the host's name in the configuration, and this machine's name resolution.",
                "请检查配置中的主机名，以及本机的域名解析。"
            ),
            _ => said!(
                "Check the address, and that a firewall or proxy lets this machine reach it.",
                "请检查该地址，并确认防火墙或代理允许本机访问。"
            ),
        }
    }
}

impl Tls {
    fn why(self) -> Said {
        match self {
            Self::Name => {
                said!("the certificate is for another name", "证书不属于该主机名")
            }
            Self::Authority => said!(
                "the certificate is of an authority this machine does not trust",
                "证书由本机不信任的机构签发"
            ),
            Self::Expired => said!("the certificate has expired", "证书已过期"),
            Self::NotYet => said!("the certificate is not valid yet", "证书尚未生效"),
            Self::Certificate => said!("the certificate is not acceptable", "证书不可接受"),
            Self::Refused => said!("the other side ended the handshake", "对方终止了握手"),
            Self::Protocol => said!("no TLS this machine speaks", "对方不支持本机可用的 TLS"),
        }
    }

    fn remedy(self) -> Said {
        match self {
            Self::Name => said!(
                "Call the host by a name its certificate has, or have that name added to the certificate.",
                "请使用证书中包含的主机名，或在证书中加入该主机名。"
            ),
            Self::Authority => said!(
                "Have the chain sent whole (leaf and intermediates), or add the authority to this machine's trusted ones (on Debian: /usr/local/share/ca-certificates, update-ca-certificates); an inspecting firewall has an authority of its own.",
                "请让对方发送完整证书链（含中间证书），或将该机构加入本机信任列表（Debian：/usr/local/share/ca-certificates 与 update-ca-certificates）；做 TLS 检查的防火墙有自己的签发机构。"
            ),
            Self::Expired | Self::NotYet => said!(
                "Renew the certificate; if it is in order, set this machine's clock.",
                "请更新证书；若证书无误，请校准本机时钟。"
            ),
            Self::Refused => said!(
                "If a client certificate is wanted there, that is expected of a stranger; if not, look at the other side's log.",
                "若对方要求客户端证书，陌生调用方被拒绝属正常；否则请查看对方日志。"
            ),
            Self::Certificate | Self::Protocol => said!(
                "Look at the certificate and the protocol: openssl s_client -connect HOST:443 -servername HOST.",
                "请检查证书与协议：openssl s_client -connect HOST:443 -servername HOST。"
            ),
        }
    }
}

/// rustls' own error, which an I/O error may be wrapped around.
fn tls(cause: &(dyn Error + 'static)) -> Option<Tls> {
    // An I/O error's source is what caused its inside, not the inside itself.
    if let Some(inner) = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        return tls(inner);
    }
    let error = cause.downcast_ref::<rustls::Error>()?;
    Some(match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Tls::Name
            }
            // The latter: an authority of the same name, with another key.
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
    use crate::address::PlainHttp;
    use crate::doctor::http;
    use url::Url;

    #[tokio::test]
    async fn a_name_that_leads_nowhere_is_no_closed_port() {
        let client = http::client(PlainHttp::OnLoopback).unwrap();
        // A label this long is no name: no resolver is asked about it.
        let nowhere = format!("http://{}.test/", "a".repeat(64));
        for (url, expected) in [
            (nowhere.as_str(), super::Trouble::Name),
            ("http://127.0.0.1:1/", super::Trouble::Connection),
        ] {
            let url = Url::parse(url).unwrap();
            let trouble = http::send(&client, http::get(&url)).await.unwrap_err();
            assert_eq!(trouble, expected, "{url}");
            let finding = trouble.finding("cec.origin", "cec.example");
            assert!(finding.is_bad() && finding.found.zh.contains("cec.example"));
        }
    }
}
