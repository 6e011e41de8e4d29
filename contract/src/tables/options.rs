//! The options of the package's functions.
//!
//! A new option is one entry here and a run of `cargo xtask generate`.

use super::cec::{FIRST_SCRIPT, LOCALES, MAP_SERVICES, SECOND_SCRIPT};
use super::shape::{Form, Member, Shape, needed, optional};

const SIGNAL: Member = optional("signal", Form::Any("AbortSignal"), "Stops it.");
const NONCE: Member = optional(
    "nonce",
    Form::Text,
    "The nonce of the page's Content-Security-Policy.\n\n@defaultValue the nonce of the page's own scripts",
);
const TIMEOUT_15: Member =
    optional("timeoutMs", Form::Number, "How long it may take, in ms.\n\n@defaultValue 15_000");
const ON_QUEUED: Member = optional(
    "onQueued",
    Form::Function("(waitSeconds: number) => void"),
    "Is called where the login server queues the login, with the expected wait in seconds.",
);
const WINDOW: Member = optional(
    "window",
    Form::Any("Window"),
    "The window to act in, for micro-frontends.\n\n@defaultValue the window this module runs in",
);
const CONTEXT_PATH: Member = needed(
    "contextPath",
    Form::Text,
    "Where CEC responds: a path on the page's own origin, behind a proxy, is the deployment that works, because browsers keep the vendor's cookie nowhere else. Must have `/service-cloud` in it.",
);

/// Who may receive a message.
const ALLOW_PARENTS: Member = optional(
    "allowParents",
    Form::Texts,
    "Origins that may embed this page, besides the vendor's: `https://crm.example.com`.",
);
const TARGET_ORIGIN: Member = optional(
    "targetOrigin",
    Form::Text,
    "Exactly this origin instead of the list; `'*'` lets any page that embeds this one read the message.",
);
const UNLISTED: Member = optional(
    "unlisted",
    Form::Flag,
    "Sends members that the vendor has not documented too, at your own risk.\n\n@defaultValue false",
);

const UNLISTED_LINK: Member = optional(
    "unlisted",
    Form::Flag,
    "Puts other members into the address too, as parameters of their names, at your own risk.\n\n@defaultValue false",
);

const RESPONSE_TIMEOUT: Member = optional(
    "timeoutMs",
    Form::Number,
    "How long a host page may take to respond, in ms.\n\n@defaultValue 45_000",
);

const AGENT_CALL: Member = optional(
    "call",
    Form::Any("string | Readonly<Record<string, string>> | Iterable<readonly [string, unknown]>"),
    "The call, where the workbench posts it as a form: your server reads the form and hands its body, or its members, to the page. The members may be an object, a `FormData`, a `URLSearchParams`, a `Map` or a list of pairs.\n\n@defaultValue the page's query",
);
const AGENT_ON_ERROR: Member = optional(
    "onError",
    Form::Function("(error: CalldockError) => void"),
    "Is called with the errors of calls that cannot be read.\n\n@defaultValue they are reported as uncaught errors",
);
const AGENT_ORIGIN: Member = optional(
    "origin",
    Form::Text,
    "The origin of the workbench this page is in, where neither the browser nor the page's address has it.\n\n@defaultValue the top window's, else the parameter `origin`",
);
const ALLOW_ORIGINS: Member = needed(
    "allowOrigins",
    Form::Texts,
    "The origins of your workbenches: `https://cec.example.com`. The page's address names one of them, and anyone can write an address.",
);

/// Every shape of options. The comments of the types come from here.
pub const OPTIONS: &[Shape] = &[
    Shape::new(
        "CommandOptions",
        "How to call one of the workbench's methods.",
        &[
            optional(
                "timeoutMs",
                Form::Number,
                "How long the vendor may take to respond, in ms.\n\n@defaultValue 30_000",
            ),
            SIGNAL,
            UNLISTED,
        ],
    ),
    Shape::new(
        "WorkbenchOptions",
        "How to open the workbench.",
        &[
            optional(
                "login",
                Form::Any("LoginSource<SdkLogin>"),
                "Where the login comes from: an endpoint, a function, or a literal for a first trial. With `attach` it is only requested once the token has expired.",
            ),
            optional(
                "attach",
                Form::Flag,
                "Uses the vendor's global that a script tag of the page registers; no script is loaded.\n\n@defaultValue false",
            ),
            optional(
                "showWorkbenchAtFirstLogin",
                Form::Flag,
                "Whether the workbench shows itself after the login.\n\n@defaultValue the vendor's: true",
            ),
            optional(
                "renderDomId",
                Form::Text,
                "The id of the node to draw it into, at least 760 × 480 px.",
            ),
            optional(
                "dataset",
                Form::Json,
                "Members of the vendor's script's dataset that its documents do not name, at your own risk.",
            ),
            NONCE,
            TIMEOUT_15,
            optional(
                "attempts",
                Form::Number,
                "How many logins may be requested, beside one for a token that the vendor finds expired.\n\n@defaultValue 3; 1 with a literal login",
            ),
            SIGNAL,
            ON_QUEUED,
            optional(
                "takeOver",
                Form::Flag,
                "Takes the agent over from another tab, which closes the workbench there, instead of refusing with `ALREADY_OPEN`.\n\n@defaultValue false",
            ),
            optional(
                "hideFloatButton",
                Form::Flag,
                "Hides the vendor's floating button as soon as the script has loaded, before it shows.\n\n@defaultValue false",
            ),
            optional(
                "hideWorkbench",
                Form::Flag,
                "Hides the workbench as soon as the script has loaded.\n\n@defaultValue false",
            ),
            WINDOW,
        ],
    ),
    Shape::new(
        "SwitchAgentOptions",
        "How to log another agent in.",
        &[TIMEOUT_15, SIGNAL, ON_QUEUED],
    ),
    Shape::new(
        "MessageOptions",
        "Who may receive a message, and how long to wait.",
        &[ALLOW_PARENTS, TARGET_ORIGIN, UNLISTED, RESPONSE_TIMEOUT, SIGNAL, WINDOW],
    ),
    Shape::new(
        "ScreenPopOptions",
        "How to listen for calls.",
        &[
            optional("signal", Form::Any("AbortSignal"), "Ends the listening."),
            optional(
                "onError",
                Form::Function("(error: CalldockError) => void"),
                "Is called with the errors of hashes that cannot be read.\n\n@defaultValue they are reported as uncaught errors",
            ),
            WINDOW,
        ],
    ),
    Shape::new(
        "ServeOptions",
        "Which frames to serve.",
        &[
            needed(
                "allow",
                Form::Texts,
                "The origins of the business frames: `https://crm.example.com`. No other origin is served.",
            ),
            optional(
                "callsPerMinute",
                Form::Number,
                "How many messages of one origin are served within a minute.\n\n@defaultValue 20",
            ),
            optional(
                "onRefused",
                Form::Function("(refused: RefusedMessage) => void"),
                "Is called with what was not served; it is logged in any case.",
            ),
            SIGNAL,
            WINDOW,
        ],
    ),
    Shape::new(
        "DialTelLinksOptions",
        "How to dial the telephone links of a page.",
        &[
            optional(
                "workbench",
                Form::Any("Pick<Workbench, 'call'>"),
                "The workbench of this page, which calls; for a host page.\n\n@defaultValue the workbench around this page, by `callOut`",
            ),
            optional(
                "selector",
                Form::Text,
                "Which links: a CSS selector.\n\n@defaultValue every link whose address begins with `tel:`",
            ),
            optional(
                "desc",
                Form::Function("(link: Element) => string | undefined"),
                "Returns what the workbench shows in place of the number.\n\n@defaultValue the link's `data-desc`",
            ),
            optional(
                "onResult",
                Form::Function("(result: CallOutResult | StartedCall, link: Element) => void"),
                "Is called with the result of a call.",
            ),
            optional(
                "onError",
                Form::Function("(error: CalldockError, link: Element) => void"),
                "Is called with the error of a call.\n\n@defaultValue it is reported as an uncaught error",
            ),
            optional(
                "announce",
                Form::Flag,
                "Tells screen readers the outcome.\n\n@defaultValue true",
            ),
            ALLOW_PARENTS,
            TARGET_ORIGIN,
            optional(
                "timeoutMs",
                Form::Number,
                "How long a host page or the vendor may take to respond, in ms.\n\n@defaultValue 45_000; 30_000 with `workbench`",
            ),
            optional("signal", Form::Any("AbortSignal"), "Ends the listening."),
            WINDOW,
        ],
    ),
    Shape::new(
        "CallElementOptions",
        "How `<calldock-call>` calls.",
        &[
            optional("tag", Form::Text, "The element's name.\n\n@defaultValue 'calldock-call'"),
            ALLOW_PARENTS,
            TARGET_ORIGIN,
            RESPONSE_TIMEOUT,
            WINDOW,
        ],
    ),
    Shape::new(
        "AttentionOptions",
        "How to bring the agent back to a page in the background.",
        &[
            optional(
                "notification",
                Form::Typed("boolean | ((call: Incoming) => IncomingNotice)"),
                "Shows a notification of the system, if the page may: request the permission on a click of the agent's. A function returns its text; by default it names no customer.\n\n@defaultValue false",
            ),
            optional(
                "title",
                Form::Typed("boolean | string"),
                "Flashes the page's title; a text replaces the default one.\n\n@defaultValue true",
            ),
            optional("signal", Form::Any("AbortSignal"), "Ends it."),
            WINDOW,
        ],
    ),
    Shape::new(
        "ChatLinkOptions",
        "What the chat page is to look like.",
        &[
            optional("title", Form::TextTo(200), "The title of the chat."),
            optional(
                "mobile",
                Form::Flag,
                "Links to the page for phones (`#/H5chat`).\n\n@defaultValue false",
            ),
            optional(
                "hideHeader",
                Form::Flag,
                "Hides the header of the chat page.\n\n@defaultValue false",
            ),
            optional(
                "chatPage",
                Form::Text,
                "The vendor's chat page.\n\n@defaultValue the vendor's public one",
            ),
            UNLISTED_LINK,
        ],
    ),
    Shape::new(
        "ChatOptions",
        "How to open a TCCC chat.",
        &[
            needed(
                "login",
                Form::Any("LoginSource<ChatLogin>"),
                "Where the login comes from: an endpoint, a function, or a literal.",
            ),
            optional("title", Form::TextTo(200), "The title of the chat."),
            optional(
                "mobile",
                Form::Flag,
                "Opens the page for phones (`#/H5chat`).\n\n@defaultValue false",
            ),
            optional(
                "hideHeader",
                Form::Flag,
                "Hides the header of the chat page.\n\n@defaultValue false",
            ),
            optional(
                "chatPage",
                Form::Text,
                "The vendor's chat page.\n\n@defaultValue the vendor's public one",
            ),
            UNLISTED_LINK,
            TIMEOUT_15,
            SIGNAL,
            ON_QUEUED,
            WINDOW,
        ],
    ),
    Shape::new(
        "ChatWidgetOptions",
        "The vendor's chat widget (`imPublish.js`; `docs/vendor/tccc.md` §3).",
        &[
            needed("webAppId", Form::Text, "The web channel: 32 hexadecimal digits."),
            optional(
                "scriptUrl",
                Form::Text,
                "The vendor's script. The channel is added to its query, unless it is there.\n\n@defaultValue the vendor's public one",
            ),
            UNLISTED_LINK,
            NONCE,
            TIMEOUT_15,
            SIGNAL,
            WINDOW,
        ],
    ),
    Shape::new(
        "OpenChatOptions",
        "How to open the CEC chat.",
        &[
            needed(
                "login",
                Form::Any("LoginSource<CecLogin>"),
                "Where the login comes from: an endpoint, a function, or a literal.",
            ),
            CONTEXT_PATH,
            needed("locale", Form::Words(&LOCALES), "The language of the chat."),
            optional(
                "mapService",
                Form::Words(&MAP_SERVICES),
                "The map service.\n\n@defaultValue the vendor's: 'tencent'",
            ),
            optional(
                "cobrowse",
                Form::Flag,
                "Loads the cobrowsing scripts too, so that a visitor can start it from the chat.\n\n@defaultValue false",
            ),
            NONCE,
            optional(
                "contentType",
                Form::Words(&["form", "json"]),
                "The content type of the requests for the scripts; `form` needs no preflight.\n\n@defaultValue 'form', as the guide's samples send",
            ),
            optional(
                "scripts",
                Form::WordList(&[FIRST_SCRIPT, SECOND_SCRIPT]),
                "What Authorization mode requests.\n\n@defaultValue ['newThirdPartyClient.js'], as in the guide's samples",
            ),
            optional(
                "contextPathSlash",
                Form::Flag,
                "Whether `$aicc_ContextPath` ends in a slash.\n\n@defaultValue true",
            ),
            optional(
                "globals",
                Form::Typed("Readonly<Record<string, unknown>>"),
                "Assigned to the window first, for tenants whose scripts need them: `{ jQuery, $, axios }`.",
            ),
            optional(
                "refusePhones",
                Form::Flag,
                "Refuses phones, which the vendor's chat does not support; otherwise there is a warning.\n\n@defaultValue false",
            ),
            TIMEOUT_15,
            SIGNAL,
            ON_QUEUED,
            WINDOW,
        ],
    ),
    Shape::new(
        "ChannelOptions",
        "How to send a command to CEC.",
        &[
            optional(
                "timeoutMs",
                Form::Number,
                "How long CEC may take to respond, in ms.\n\n@defaultValue 30_000",
            ),
            SIGNAL,
        ],
    ),
    Shape::new(
        "AgentScreenPopOptions",
        "How a page inside CEC's agent workbench listens for calls.",
        &[
            AGENT_CALL,
            optional("signal", Form::Any("AbortSignal"), "Ends the listening."),
            AGENT_ON_ERROR,
            WINDOW,
        ],
    ),
    Shape::new(
        "AgentCallOut",
        "A number to call from CEC's agent workbench.",
        &[
            needed(
                "phoneNumber",
                Form::Phone,
                "`13800000000`, `0086…`, `+86…`, `0755-…` or an extension.",
            ),
            optional(
                "mediaType",
                Form::Text,
                "`audio` or `video`; another one with `unlisted`.\n\n@defaultValue audio",
            ),
        ],
    ),
    Shape::new(
        "AgentCallOutOptions",
        "Which workbench may receive a number, and how long to wait.",
        &[ALLOW_ORIGINS, AGENT_ORIGIN, UNLISTED, TIMEOUT_15, SIGNAL, WINDOW],
    ),
    Shape::new(
        "AnyScreenPopOptions",
        "How a page listens for calls in the workbenches of both vendors.",
        &[
            AGENT_CALL,
            optional("signal", Form::Any("AbortSignal"), "Ends the listening."),
            AGENT_ON_ERROR,
            WINDOW,
        ],
    ),
    Shape::new(
        "AnyCallOutOptions",
        "Which workbench of either vendor may receive a number, and how long to wait.",
        &[
            ALLOW_ORIGINS,
            AGENT_ORIGIN,
            AGENT_CALL,
            ALLOW_PARENTS,
            optional(
                "timeoutMs",
                Form::Number,
                "How long it may take, in ms.\n\n@defaultValue 15_000 in CEC's workbench, 45_000 in TCCC's",
            ),
            SIGNAL,
            WINDOW,
        ],
    ),
    Shape::new(
        "StartCobrowseOptions",
        "How to start cobrowsing.",
        &[CONTEXT_PATH, NONCE, TIMEOUT_15, SIGNAL, WINDOW],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::shape;

    #[test]
    fn the_shapes_are_well_formed() {
        for (index, options) in OPTIONS.iter().enumerate() {
            shape::check(options);
            assert!(OPTIONS[index + 1..].iter().all(|other| other.name != options.name));
        }
    }
}
