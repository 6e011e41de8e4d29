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
/// Tencent Cloud Contact Center: its cloud API, agent script, workbench and online chat.
mod tccc;
/// Doubles without a socket, as the tests of both vendors use them.
#[cfg(test)]
mod testing;
/// Time and chance.
mod when;

use clap::Parser;

/// Stand-ins for the vendors' clouds: for the playground and the tests only.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8701")]
    listen: String,
    /// The site that may frame the workbench and be told what passes through it
    #[arg(long, value_name = "ORIGIN", default_value = "http://localhost:8700")]
    site_origin: String,
    /// The integrator's route that CEC asks whether a visitor's token is good
    #[arg(
        long,
        value_name = "URL",
        default_value = "http://127.0.0.1:8700/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate"
    )]
    cec_callback: String,
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let Arguments { listen, site_origin, cec_callback } = Arguments::parse();
    match serve::serve(&listen, &site_origin, &cec_callback).await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("calldock-doubles: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}
