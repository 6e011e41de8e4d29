//! Addresses of the vendor's (`docs/vendor/tccc.md` §1 to §3; `docs/vendor/field.md` F6).

/// The origins of the vendor's workbench: China, international, and the desk where agents log in too.
pub const VENDOR_ORIGINS: [&str; 3] =
    ["https://tccc.qcloud.com", "https://connect.tencentcloud.com", "https://desk.qcloud.com"];

/// The vendor's chat page.
pub const CHAT_PAGE: &str = "https://tccc.qcloud.com/web/im/index.html";

/// The vendor's chat widget.
pub const CHAT_WIDGET: &str = "https://tccc.qcloud.com/web/im/imPublish.js";

/// The chat widget's one global: `customerServiceIframe(event, listener)` (`docs/vendor/tccc.md` §3).
pub const WIDGET_GLOBAL: &str = "customerServiceIframe";

/// The chat widget's events: our names with the vendor's.
pub const WIDGET_EVENTS: [(&str, &str); 2] =
    [("agentJoined", "seatJoin"), ("agentLeft", "seatLeave")];
