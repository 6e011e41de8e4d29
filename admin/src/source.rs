//! Which configuration a command works with.

use std::net::SocketAddr;
use std::path::PathBuf;

use calldock_server::cec::settings::CecMode;
use calldock_server::config::Config;
use calldock_server::demo;
use calldock_server::settings::values::DEMO_CEC_SECRET_KEY;
use calldock_server::settings::{ConfigErrors, source};
use calldock_signing::auth_v2::Signer;
use clap::Args;
use url::Url;

use crate::output::Failed;

/// The server's configuration, or the demo's.
#[derive(Args, Debug)]
pub struct Source {
    /// The server's configuration, a TOML file; CALLDOCK_… variables override it
    #[arg(long, value_name = "FILE", conflicts_with = "demo")]
    config: Option<PathBuf>,
    /// The demo's configuration
    #[arg(long)]
    demo: bool,
    /// The vendor's stand-in, with --demo
    #[arg(long, value_name = "URL", requires = "demo", default_value = demo::VENDOR, value_parser = calldock_server::cli::serve::vendor)]
    vendor: Url,
}

impl Source {
    /// Loads the configuration; the inner error is a list of mistakes in it.
    ///
    /// # Errors
    /// [`Failed::Usage`].
    pub fn load(&self) -> Result<Result<Config, ConfigErrors>, Failed> {
        if self.demo {
            let listen = SocketAddr::from(([127, 0, 0, 1], 0));
            let mut config = demo::config(listen, &self.vendor)
                .map_err(|sentence| Failed::Usage(sentence.into()))?;
            // The demo has both modes of CEC; a signature can be checked without the running server.
            if let Some(cec) = &mut config.cec {
                let signer = Signer::new(cec.channel.id.clone(), DEMO_CEC_SECRET_KEY.into());
                cec.mode = CecMode::Authorization(Box::new(signer));
            }
            return Ok(Ok(config));
        }
        Ok(Config::load(self.config.as_deref(), source::environment()))
    }

    /// Returns the address of the demo's vendor, with `--demo`.
    pub fn demo_vendor(&self) -> Option<&Url> {
        self.demo.then_some(&self.vendor)
    }
}
