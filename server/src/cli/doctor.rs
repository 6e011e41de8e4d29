//! `doctor`: says what works, what does not and how to mend it.

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use url::Url;

use super::Failed;
use crate::address::{self, PlainHttp};
use crate::config::{CecConfig, CecMode, Config, ConfigErrors};
use crate::demo;
use crate::doctor::examination::{Asked, client_to_cec};
use crate::doctor::readings::{self, SPACING, Trial};
use crate::doctor::{Examination, Part, Report, checks};
use crate::identity::Visitor;
use crate::problem::Language;

/// What is looked at, and how it is told.
#[derive(Args, Debug)]
pub struct DoctorArgs {
    /// One vendor alone
    #[arg(value_enum)]
    only: Option<Part>,
    /// The configuration, a TOML file; CALLDOCK_… variables override it, or stand in for it
    #[arg(long, value_name = "FILE", conflicts_with = "demo")]
    config: Option<PathBuf>,
    /// The demo's configuration
    #[arg(long)]
    demo: bool,
    /// The vendor's stand-in, with --demo
    #[arg(long, value_name = "URL", requires = "demo", default_value = demo::VENDOR, value_parser = super::serve::vendor)]
    vendor: Url,
    /// The running site, as pages see it: CEC is looked at through its whole gateway
    #[arg(long, value_name = "ORIGIN", value_parser = site)]
    url: Option<Url>,
    /// The address CEC was given for its questions about tokens
    #[arg(long, value_name = "URL", value_parser = callback)]
    callback_url: Option<Url>,
    /// With cec: tries each reading of the signature against the configured tenant
    #[arg(long)]
    readings: bool,
    /// With --readings: the visitor who is signed in
    #[arg(long, value_name = "ID", requires = "readings", value_parser = Visitor::part)]
    user_id: Option<String>,
    /// With --readings: his name; plain letters do not tell all readings apart
    #[arg(long, value_name = "NAME", requires = "readings", value_parser = Visitor::part)]
    user_name: Option<String>,
    /// With --readings: does not ask before it sends
    #[arg(long, requires = "readings")]
    yes: bool,
    /// One JSON object instead of tables
    #[arg(long)]
    json: bool,
}

fn site(text: &str) -> Result<Url, &'static str> {
    let url = address::secure_url(text, PlainHttp::OnLoopback)?;
    if url.path() == "/" && url.query().is_none() && url.fragment().is_none() {
        Ok(url)
    } else {
        Err("expected an origin, like https://shop.example")
    }
}

fn callback(text: &str) -> Result<Url, &'static str> {
    address::secure_url(text, PlainHttp::OnLoopback)
}

/// Looks and tells.
///
/// # Errors
/// [`Failed::Told`] with 1 where something failed and 2 for a wrong configuration, after the report;
/// [`Failed::Usage`] and [`Failed::Work`] where there is none.
pub fn run(args: &DoctorArgs) -> Result<(), Failed> {
    if args.readings && args.only != Some(Part::Cec) {
        return Err(Failed::Usage("--readings: expected it after `doctor cec`".into()));
    }
    let config = match configuration(args)? {
        Ok(config) => config,
        Err(errors) => {
            tell(&Report::of_mistakes(errors), args)?;
            return Err(Failed::Told(2));
        }
    };
    let report = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failed::Work(format!("no runtime can be started ({})", error.kind())))?
        .block_on(examine(args, config))?;
    tell(&report, args)?;
    if report.is_good() { Ok(()) } else { Err(Failed::Told(1)) }
}

fn configuration(args: &DoctorArgs) -> Result<Result<Config, ConfigErrors>, Failed> {
    if args.demo {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let config = demo::config(listen, &args.vendor);
        return config.map(Ok).map_err(|sentence| Failed::Usage(sentence.into()));
    }
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Ok(Config::load(args.config.as_deref(), environment))
}

async fn examine(args: &DoctorArgs, config: Config) -> Result<Report, Failed> {
    if args.readings {
        return try_readings(args, &config).await;
    }
    let asked =
        Asked { only: args.only, site: args.url.clone(), callback: args.callback_url.clone() };
    let exam = Examination::begin(config, asked).await;
    let exam = exam.map_err(|error| Failed::Work(error.to_string()))?;
    Ok(Report::of_checks(exam.run().await))
}

fn no_authorities(_: reqwest::Error) -> Failed {
    let sentence = "no certificate authorities found on this machine; install ca-certificates";
    Failed::Work(sentence.into())
}

/// Longer than all readings with their pauses need.
const TRIAL: Duration = Duration::from_secs(120);

async fn try_readings(args: &DoctorArgs, config: &Config) -> Result<Report, Failed> {
    let wanted = config.cec.as_ref().and_then(|cec| {
        let signer = cec.logins.iter().find_map(|login| match &login.mode {
            CecMode::Authorization(signer) => Some(signer),
            CecMode::Token(_) => None,
        })?;
        Some((cec, signer, cec.proxy.as_ref()?))
    });
    let Some((CecConfig { channel, .. }, signer, proxy)) = wanted else {
        let sentence = "--readings: expected a configuration with cec.origin and with cec.mode \"authorization\": only a signature has readings";
        return Err(Failed::Usage(sentence.into()));
    };
    let doctor = checks::cookie::visitor();
    let visitor = Visitor {
        id: args.user_id.clone().unwrap_or(doctor.id),
        name: args.user_name.clone().unwrap_or_else(|| readings::NAME.into()),
    };
    let count = readings::candidates(&signer.reading).len() + 1;
    let place = address::host_header(&proxy.origin);
    if !args.yes && !confirmed(count, &place) {
        return Err(Failed::Usage("--readings: nothing was sent; say yes, or give --yes".into()));
    }
    let client = client_to_cec(proxy).map_err(no_authorities)?;
    let trial =
        Trial { client: &client, origin: &proxy.origin, channel, signer, visitor: &visitor };
    let tried = tokio::time::timeout(TRIAL, trial.run()).await;
    let tried = tried.map_err(|_| Failed::Work("the tenant is too slow; stopped".into()))?;
    Ok(Report::of_readings(tried))
}

/// Says what is going to happen to the tenant, and waits for a yes.
fn confirmed(count: usize, place: &str) -> bool {
    let pause = SPACING.as_millis();
    let question = match language() {
        Language::English => format!(
            "This sends at most {count} requests to {place}, one after the other and {pause} ms apart.\nThe first one has a forged signature; each that is accepted signs a visitor in.\nGo on? [yes/no] "
        ),
        Language::Chinese => format!(
            "将依次向 {place} 发送至多 {count} 个请求，间隔 {pause} 毫秒。\n第一个请求的签名是伪造的；每个被接受的请求都会登录一位访客。\n是否继续？[yes/no] "
        ),
    };
    let mut answer = String::new();
    let _ = write!(std::io::stderr(), "{question}");
    let read = std::io::stdin().read_line(&mut answer).is_ok();
    if !std::io::stdin().is_terminal() {
        let _ = writeln!(std::io::stderr());
    }
    read && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "是")
}

fn language() -> Language {
    Language::of_terminal(|name| std::env::var(name).ok())
}

/// As wide as the terminal says, or as most are.
fn width() -> u16 {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(100)
}

fn tell(report: &Report, args: &DoctorArgs) -> Result<(), Failed> {
    let text = if args.json {
        report.json(language()).to_string()
    } else {
        report.table(language(), width())
    };
    writeln!(std::io::stdout(), "{text}").map_err(|error| {
        Failed::Work(format!("standard output cannot be written ({})", error.kind()))
    })
}
