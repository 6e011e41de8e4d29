//! Stand-ins for the vendors' clouds, for the playground and the tests only.
//!
//! Everything is kept in memory and nothing here is ever linked into the server.
#![forbid(unsafe_code)]

/// Listens, says where, and ends cleanly with every stream open.
mod serve;
/// Tencent Cloud Contact Center: its cloud API, agent script and workbench.
mod tccc;

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
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    match serve::serve(&arguments.listen, &arguments.site_origin).await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("calldock-doubles: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}
