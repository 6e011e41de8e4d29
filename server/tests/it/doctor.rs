//! The doctor's eye for certificates; `tests/services/doctor.rs` has the rest.

use std::net::SocketAddr;

use calldock_server::config::{Config, ProxyConfig};
use calldock_server::doctor::examination::Asked;
use calldock_server::doctor::{Examination, Part, Report};
use calldock_server::problem::Language;
use rcgen::{CertificateParams, date_time_ymd};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde_json::Value;

use crate::proxy_tls::{Issuer, authority, cec_with};
use crate::support::{cec, guests, signing};

const NAME: &str = "servicestage.besclouds.test";

/// CEC of this name at this address, trusted if its authority is this one.
fn config(at: SocketAddr, trusted: Option<&Issuer>) -> Config {
    let mut config = cec(signing(), guests());
    let mut proxy = ProxyConfig::to(format!("https://{NAME}/").parse().unwrap());
    proxy.connect_to = Some(at);
    proxy.authorities = trusted
        .map(|issuer| CertificateDer::from_pem_slice(issuer.pem().as_bytes()).unwrap())
        .into_iter()
        .collect();
    config.cec.as_mut().unwrap().proxy = Some(proxy);
    config
}

async fn examined(config: Config) -> Vec<Value> {
    let asked = Asked { only: Some(Part::Cec), ..Asked::default() };
    let exam = Examination::begin(config, asked).await.unwrap();
    let report = Report::of_checks(exam.run().await).json(Language::English);
    report["checks"].as_array().unwrap().clone()
}

fn named(name: &str) -> CertificateParams {
    CertificateParams::new(vec![name.to_owned()]).unwrap()
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_named() {
    let (ca, other) = (authority(), authority());
    let mut expired = named(NAME);
    expired.not_before = date_time_ymd(2020, 1, 1);
    expired.not_after = date_time_ymd(2021, 1, 1);
    let mut early = named(NAME);
    early.not_before = date_time_ymd(2999, 1, 1);
    early.not_after = date_time_ymd(3000, 1, 1);
    for (params, trusted, found, remedy) in [
        (
            named("another.besclouds.test"),
            Some(&ca),
            "for another name",
            "a name its certificate has",
        ),
        (named(NAME), Some(&other), "does not trust", "chain sent whole"),
        (named(NAME), None, "does not trust", "chain sent whole"),
        (expired, Some(&ca), "has expired", "Renew"),
        (early, Some(&ca), "not valid yet", "clock"),
    ] {
        let (at, _) = cec_with(params, &ca).await;
        let rows = examined(config(at, trusted)).await;
        let failed: Vec<_> = rows.iter().filter(|row| row["verdict"] == "failed").collect();
        let [row] = failed[..] else { panic!("{found}: {rows:#?}") };
        assert_eq!(
            (row["check"].as_str(), row["of"].as_str()),
            (Some("reach"), Some("cec.origin"))
        );
        assert!(row["found"].as_str().unwrap().contains(found), "{row:#}");
        assert!(row["remedy"].as_str().unwrap().contains(remedy), "{row:#}");
    }
}

#[tokio::test]
async fn a_certificate_that_holds_is_no_matter_and_no_tls_is_told() {
    let ca = authority();
    let (at, _) = cec_with(named(NAME), &ca).await;
    let rows = examined(config(at, Some(&ca))).await;
    let reach = rows.iter().find(|row| row["check"] == "reach").unwrap();
    assert_eq!(reach["verdict"], "good", "{rows:#?}");
    // Its answers have no Date header, and are no script.
    let clock = rows.iter().find(|row| row["check"] == "clock").unwrap();
    assert_eq!(clock["verdict"], "warning");
    let plain = crate::proxy::listen(axum::Router::new()).await;
    let rows = examined(config(plain, Some(&ca))).await;
    let reach = rows.iter().find(|row| row["check"] == "reach").unwrap();
    assert!(reach["found"].as_str().unwrap().contains("no TLS this machine speaks"), "{reach:#}");
}
