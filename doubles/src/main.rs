//! Stand-ins for the vendors' clouds, for the playground and the tests only.
//!
//! Everything is kept in memory and nothing here is ever linked into the server.
#![forbid(unsafe_code)]

/// All vendors under one address.
mod app;
/// Huawei Cloud Customer Engagement Center: its web chat, co-browsing, the web channel's REST.
mod cec;
/// Conversations with visitors: an agent who joins, echoes and leaves, for both vendors.
mod chats;
/// Tells the doubles to forget or to fail, and tells what they saw.
mod control;
/// The process's end, and waiting that never outlasts it.
mod ending;
/// What the doubles saw, for tests and the inspector; never a token.
mod log;
/// Faults that are planned for a number of uses.
mod plan;
/// Makes one classic script out of readable modules.
mod script;
/// Listens, says where, and ends cleanly with every stream open.
mod serve;
/// The playground's site: its files, and a router to the programs under test.
mod site;
/// Tencent Cloud Contact Center: its cloud API, agent script, workbench and online chat.
mod tccc;
/// Doubles without a socket, as the tests of both vendors use them.
#[cfg(test)]
mod testing;
/// Time and chance.
mod when;

use std::path::PathBuf;

use clap::Parser;

/// Stand-ins for the vendors' clouds: for the playground and the tests only.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8701")]
    listen: String,
    /// The site that may frame the workbench [default: the served site, or http://localhost:8700]
    #[arg(long, value_name = "ORIGIN")]
    site_origin: Option<String>,
    /// The integrator's route that CEC asks whether a visitor's token is good [default: below the served site]
    #[arg(long, value_name = "URL")]
    cec_callback: Option<String>,
    /// Behave as the agent script and the workbench of this report of `workbench.compatibility()` or
    /// `screenPopCompatibility()`, or of an export of the inspector
    #[arg(long, value_name = "REPORT.json")]
    like: Option<PathBuf>,
    /// A folder to serve as the playground's site, with a router to the programs that
    /// POST /control/upstreams names
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
    /// Where to serve the site
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8700", requires = "site")]
    site_listen: String,
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let Arguments { listen, site_origin, cec_callback, like, site, site_listen } =
        Arguments::parse();
    let site = site.map(|folder| (folder, site_listen));
    match serve::serve(&listen, site_origin, cec_callback, like, site).await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("calldock-doubles: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}
