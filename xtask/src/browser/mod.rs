//! Finds the browsers of the tests with their drivers, or installs them.

/// Chromium and its ChromeDriver.
mod chromium;
/// Firefox and its geckodriver.
mod firefox;
/// WebKitGTK, its driver and the display it draws on.
mod webkit;

pub use chromium::{Browser, FLAGS, ensure};

use anyhow::Result;

/// One program that the tests start: the environment variable that names it, and its path.
pub type Programs = Vec<(&'static str, std::path::PathBuf)>;

/// An engine of the end-to-end tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Blink.
    Chromium,
    /// Gecko.
    Firefox,
    /// WebKitGTK.
    WebKit,
}

impl Engine {
    /// Its name in `CALLDOCK_BROWSERS`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// Makes sure that the engine and its driver are installed.
    pub fn programs(self) -> Result<Programs> {
        match self {
            Self::Chromium => {
                let Browser { chromium, driver } = ensure()?;
                Ok(vec![("CALLDOCK_CHROMIUM", chromium), ("CALLDOCK_CHROMEDRIVER", driver)])
            }
            Self::Firefox => firefox::ensure(),
            Self::WebKit => webkit::ensure(),
        }
    }
}
