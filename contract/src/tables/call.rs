//! The parameters of a screen pop: TCCC's in the hash (screen-pop guide, "业务系统获取通信相关参数"), CEC's in the
//! query or a form (`docs/vendor/field.md` F12).

/// One parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The vendor's name, which is ours too.
    pub name: &'static str,
    /// The vendor's words and ours, where it has a known set; others become `other:<word>`.
    pub words: &'static [(&'static str, &'static str)],
    /// Whether pages and routers use the name too: behind a route it does not make a call by itself.
    pub common: bool,
    /// What it means.
    pub doc: &'static str,
}

/// What is for documents alone: no page downloads it.
const fn documented(doc: &'static str) -> &'static str {
    if cfg!(target_family = "wasm") { "" } else { doc }
}

const fn common(name: &'static str, doc: &'static str) -> Parameter {
    Parameter { name, words: &[], common: true, doc: documented(doc) }
}

const fn text(name: &'static str, doc: &'static str) -> Parameter {
    Parameter { name, words: &[], common: false, doc: documented(doc) }
}

/// The parameters TCCC documents.
pub const PARAMETERS: [Parameter; 11] = [
    Parameter {
        name: "status",
        words: &[("100", "ringing"), ("200", "connected"), ("400", "ended")],
        common: true,
        doc: documented("Where the call stands."),
    },
    Parameter {
        name: "type",
        words: &[("phone", "phone"), ("im", "im"), ("om", "audio"), ("oim", "audioAndIm")],
        common: true,
        doc: documented(
            "What kind of service it is: `om` of the vendor's is `audio`, `oim` is `audioAndIm`.",
        ),
    },
    text("mobile", "The customer's number, or its id where number mapping is on."),
    common("userId", "The customer: an id of the telephone or web channel, or a WeChat openID."),
    common("nickName", "The customer's WeChat nickname."),
    common("avatar", "The address of the customer's picture."),
    text("agentEmail", "The agent's mail address."),
    text("agentMobile", "The agent's number."),
    text("agentNickName", "The agent's nickname."),
    text("agentRoleId", "The agent's role; its values are not documented."),
    common("sdkAppId", "The TCCC application."),
];

/// The parameters that CEC's agent workbench gives a page (guide, cec_05_1700 to 1824).
pub const AGENT_PARAMETERS: [Parameter; 10] = [
    text("callerNum", "The calling number."),
    text("calledNum", "The called number."),
    text("callid", "The call."),
    common("mediaType", "What kind of call it is; its values are not documented."),
    common("callType", "Whether the call came in or went out; its values are not documented."),
    common("workNo", "The agent's work number."),
    text("callskill", "The skill queue."),
    text("callskillid", "The id of the skill queue."),
    common("agentName", "The agent's name."),
    common(
        "origin",
        "The origin of the workbench, as the page's address has it. Anyone can write an address: it is only used where `allowOrigins` has it too.",
    ),
];

/// What can be dialled in CEC's agent workbench.
pub const AGENT_MEDIA: [&str; 2] = ["audio", "video"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_says_what_it_means() {
        for Parameter { name, doc, .. } in PARAMETERS.iter().chain(&AGENT_PARAMETERS) {
            assert!(doc.len() > name.len() && doc.ends_with('.'), "{name}: {doc}");
        }
    }
}
