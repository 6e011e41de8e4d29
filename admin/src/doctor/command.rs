//! The command line of `doctor`.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

use calldock_server::address::{self, PlainHttp};
use calldock_server::config::Config;
use calldock_server::identity::{AgentId, Visitor};
use calldock_server::problem::Language;
use calldock_service::command;
use clap::Args;
use url::Url;

use super::checks::{self, cookie};
use super::context::signer;
use super::edge::Edge;
use super::readings::{self, PAUSE, Trial};
use super::{Context, Options, Part, Report};
use crate::output::{self, Failed, no_authorities};
use crate::source::Source;

/// What is checked, and how it is reported.
#[derive(Args, Debug)]
pub struct DoctorArgs {
    /// One vendor alone
    #[arg(value_enum)]
    only: Option<Part>,
    #[command(flatten)]
    source: Source,
    /// The configuration of calldock-edge: CEC itself is checked, and the names that the edge refused are
    /// listed
    #[arg(long, value_name = "FILE")]
    edge_config: Option<PathBuf>,
    /// The running site, as pages see it, with the prefix of /service-cloud if there is one: CEC is checked
    /// through the whole gateway
    #[arg(long, value_name = "URL", value_parser = site)]
    url: Option<Url>,
    /// The URL that CEC was given for its questions about tokens
    #[arg(long, value_name = "URL", value_parser = callback)]
    callback_url: Option<Url>,
    /// An agent for whom one login is made, to check the host of its SdkURL
    #[arg(long, value_name = "USER_ID", value_parser = AgentId::parse)]
    agent: Option<AgentId>,
    /// With cec: tries each reading of the signature against the tenant
    #[arg(long)]
    readings: bool,
    /// With --readings: the id of the visitor that is signed in
    #[arg(long, value_name = "ID", requires = "readings", value_parser = Visitor::part, default_value = cookie::USER_ID)]
    user_id: String,
    /// With --readings: the visitor's name; plain letters do not tell all readings apart
    #[arg(long, value_name = "NAME", requires = "readings", value_parser = Visitor::part, default_value = readings::NAME)]
    user_name: String,
    /// With --readings: does not ask for confirmation
    #[arg(long, requires = "readings")]
    yes: bool,
    /// Writes one JSON object instead of tables
    #[arg(long)]
    json: bool,
}

fn site(text: &str) -> Result<Url, &'static str> {
    let url = address::secure_url(text, PlainHttp::OnLoopback)?;
    let bare = url.query().is_none() && url.fragment().is_none();
    let expected =
        "expected an origin such as https://shop.example, with the prefix if there is one";
    bare.then_some(url).ok_or(expected)
}

fn callback(text: &str) -> Result<Url, &'static str> {
    address::secure_url(text, PlainHttp::OnLoopback)
}

/// Runs the checks and reports.
///
/// # Errors
/// [`Failed::Reported`] with 1 if something failed and 2 for a wrong configuration, after the report;
/// [`Failed::Usage`] and [`Failed::Work`] without one.
pub fn run(args: &DoctorArgs) -> Result<(), Failed> {
    if args.readings && args.only != Some(Part::Cec) {
        return Err(Failed::Usage("--readings: expected it after `doctor cec`".into()));
    }
    let config = match args.source.load()? {
        Ok(config) => config,
        Err(errors) => {
            report(&Report::of_mistakes(errors), args)?;
            return Err(Failed::Reported(2));
        }
    };
    let edge = match (&args.edge_config, args.source.demo_vendor()) {
        (Some(file), _) => Some(Edge::load(file).map_err(Failed::Usage)?),
        (None, Some(vendor)) => Some(Edge::demo(vendor).map_err(no_authorities)?),
        (None, None) => None,
    };
    let findings = command::run(check(args, config, edge))?;
    report(&findings, args)?;
    if findings.is_good() { Ok(()) } else { Err(Failed::Reported(1)) }
}

async fn check(args: &DoctorArgs, config: Config, edge: Option<Edge>) -> Result<Report, Failed> {
    if args.readings {
        return try_readings(args, &config, edge).await;
    }
    let options = Options {
        only: args.only,
        site: args.url.clone(),
        callback: args.callback_url.clone(),
        agent: args.agent.clone(),
    };
    let context = Context::new(config, edge, options).await.map_err(no_authorities)?;
    Ok(Report::of_checks(checks::run(&context).await))
}

/// Longer than all readings with their pauses take.
const TRIAL: Duration = Duration::from_secs(120);

async fn try_readings(
    args: &DoctorArgs,
    config: &Config,
    edge: Option<Edge>,
) -> Result<Report, Failed> {
    let signer = config.cec.as_ref().and_then(|cec| Some((&cec.channel, signer(cec)?)));
    let (Some((channel, signer)), Some(edge)) = (signer, edge) else {
        let sentence = "--readings: expected cec.mode \"authorization\" in the configuration (only a signature has readings), and --edge-config with CEC's address";
        return Err(Failed::Usage(sentence.into()));
    };
    let count = readings::candidates(&signer.reading).len() + 1;
    if !args.yes && !confirmed(count, &address::host_header(&edge.origin)) {
        return Err(Failed::Usage("--readings: nothing was sent; type yes, or pass --yes".into()));
    }
    let trial = Trial {
        client: &edge.client,
        origin: &edge.origin,
        channel,
        signer,
        user_id: &args.user_id,
        user_name: &args.user_name,
    };
    let tried = tokio::time::timeout(TRIAL, trial.run()).await;
    let tried = tried.map_err(|_| Failed::Work("the tenant is too slow; stopped".into()))?;
    Ok(Report::of_readings(tried))
}

/// Explains what will be sent to the tenant, and waits for a yes.
fn confirmed(count: usize, place: &str) -> bool {
    let pause = PAUSE.as_millis();
    let question = match language() {
        Language::English => format!(
            "This sends at most {count} requests to {place}, one after the other and {pause} ms apart.\nThe first one has a forged signature; each that is accepted signs a visitor in.\nContinue? [yes/no] "
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

/// The terminal's width, or 100.
fn width() -> u16 {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(100)
}

fn report(report: &Report, args: &DoctorArgs) -> Result<(), Failed> {
    output::write(&if args.json {
        report.json(language()).to_string()
    } else {
        report.table(language(), width())
    })
}
