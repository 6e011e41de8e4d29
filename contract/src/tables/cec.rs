//! What the CEC chat client accepts and publishes (`docs/vendor/huawei.md` §2).

/// The languages of the chat client.
pub const LOCALES: [&str; 6] = ["zh", "en", "ar", "es", "pt", "fr"];

/// The map services of the chat client; the first is the vendor's default.
pub const MAP_SERVICES: [&str; 2] = ["tencent", "google"];

/// A user id longer than this, in characters, causes a warning: the guide gives no limit, the vendor's
/// queue interface (queryQueueInfo) takes 1 to 32.
pub const USER_ID_ADVICE: usize = 32;

/// The first script of Token mode.
pub const FIRST_SCRIPT: &str = "thirdPartyClient.js";

/// The script of Authorization mode, and the second of Token mode.
pub const SECOND_SCRIPT: &str = "newThirdPartyClient.js";

/// What AICCSupport.js reports to a page in the agent workbench (`docs/vendor/field.md` F12).
pub const SUPPORT_EVENTS: [&str; 5] = ["Init", "Ringing", "Talking", "Release", "Switch"];

/// Where the scripts are, beneath the context path.
pub const SCRIPTS: &str = "/webclient/chat_client/js/";

/// Where the documented REST interface is, beneath the context path.
pub const REST: &str = "/rest/webadapter/v1/webadapterfacade/";

/// The cobrowsing script, beneath the context path.
pub const COBROWSE: &str = "/resource.root/cobrowse/sdk/cobrowse.js";

/// The script that a chat page loads with [`COBROWSE`], beneath the context path.
pub const COBROWSE_COMMON: &str = "/webclient/chat_client/js/cobrowseCommon.js";

/// The content type the guide's samples send: it needs no preflight.
pub const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";
