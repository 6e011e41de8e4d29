//! The parameters of a screen pop (screen-pop guide, "业务系统获取通信相关参数").

/// One parameter of the hash.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// The vendor's name, which is ours too.
    pub name: &'static str,
    /// The vendor's words and ours, where it has a known set; others become `other:<word>`.
    pub words: &'static [(&'static str, &'static str)],
    /// What it means.
    pub doc: &'static str,
}

const fn text(name: &'static str, doc: &'static str) -> Parameter {
    Parameter { name, words: &[], doc }
}

/// The parameters the vendor documents.
pub const PARAMETERS: [Parameter; 11] = [
    Parameter {
        name: "status",
        words: &[("100", "ringing"), ("200", "connected"), ("400", "ended")],
        doc: "Where the call stands.",
    },
    Parameter {
        name: "type",
        words: &[("phone", "phone"), ("im", "im"), ("om", "audio"), ("oim", "audioAndIm")],
        doc: "What kind of service it is: `om` of the vendor's is `audio`, `oim` is `audioAndIm`.",
    },
    text("mobile", "The customer's number, or its id where number mapping is on."),
    text("userId", "The customer: an id of the telephone or web channel, or a WeChat openID."),
    text("nickName", "The customer's WeChat nickname."),
    text("avatar", "The address of the customer's picture."),
    text("agentEmail", "The agent's mail address."),
    text("agentMobile", "The agent's number."),
    text("agentNickName", "The agent's nickname."),
    text("agentRoleId", "The agent's role; its values are not documented."),
    text("sdkAppId", "The TCCC application."),
];
