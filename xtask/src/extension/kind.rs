//! Which builds there are, and for which browsers.

/// Where the page's cobrowse.js comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// From inside the package: the stores take no extension that loads code from elsewhere.
    Store,
    /// From the contact centre's domain, as in the vendor's guide.
    SelfHosted,
}

impl Kind {
    /// In the order in which they are made.
    pub const ALL: [Self; 2] = [Self::Store, Self::SelfHosted];

    /// As files and the options page name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Store => "store",
            Self::SelfHosted => "self-hosted",
        }
    }
}

/// Browsers that share one manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Browser {
    /// Chrome, Edge and their kin.
    Chromium,
    /// Firefox, which wants the extension's id.
    Firefox,
}

impl Browser {
    /// In the order in which they are made.
    pub const ALL: [Self; 2] = [Self::Chromium, Self::Firefox];

    /// As files name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }
}
