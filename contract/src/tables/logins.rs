//! What a page's login source responds with, for each vendor (`docs/vendor/field.md` F1, F7, F15).
//!
//! Members that are not listed are ignored: a backend may respond with more.

use super::shape::{Form, Rule, Shape, needed, optional};

/// Nothing reads it: backends that write it as a text or a date lose no login for it.
const EXPIRES_AT: super::shape::Member =
    optional("expiresAt", Form::Any("number"), "When it ends, in seconds since 1970; informative.");

/// What starts the agent script: the address alone, or the address with a token.
pub const SDK_LOGIN: Shape = Shape::new(
    "SdkLogin",
    "What the agent script is started with: the response of `CreateSDKLoginToken` (agent SDK guide, step 3). \
     The address alone is enough, since it has the token in its query; with `token` the script gets \
     the dataset of the older guides. It works once and for ten minutes.",
    &[
        needed("sdkUrl", Form::TextTo(4096), "Where the vendor's script is loaded from, this once. The cloud API's `SdkURL` is accepted too.")
            .or(&["sdkURL", "SdkURL"]),
        optional("token", Form::TextTo(4096), "The login token; needs `sdkAppId` and `userId`."),
        optional("sdkAppId", Form::Id, "The TCCC application."),
        optional("userId", Form::TextTo(4096), "The agent: the mail address the agent has in TCCC."),
        EXPIRES_AT,
    ],
)
.rule(Rule::Together("token", &["sdkAppId", "userId"]))
.open();

/// What a TCCC chat is opened with: signed, or a channel alone.
pub const CHAT_LOGIN: Shape = Shape::new(
    "ChatLogin",
    "What a chat is opened with: the response of your server (chat guide, steps 3 and 4).",
    &[
        needed("webAppId", Form::Text, "The web channel: 32 hexadecimal digits."),
        optional("clientData", Form::TextTo(8192), "The customer's data exactly as it was signed: a JSON text with `peerSource`, `nickName`, `uid`. Absent in an unsigned chat."),
        optional("userSig", Form::TextTo(8192), "The vendor's signature over it."),
        EXPIRES_AT,
    ],
)
.rule(Rule::AllOrNone(&["clientData", "userSig"]))
.open();

/// The proof of a CEC visitor's identity: a token or a signature.
pub const CEC_LOGIN: Shape = Shape::new(
    "CecLogin",
    "What the chat is opened with: the response of your server. The page sends exactly these members, \
     because the server has signed exactly these (`docs/vendor/huawei.md` §1).",
    &[
        needed("mode", Form::Words(&["token", "authorization"]), "Which kind of proof it is."),
        optional("token", Form::TextTo(4096), "Token mode: an opaque token, which CEC has your server validate."),
        optional("authorization", Form::TextTo(4096), "Authorization mode: a signature over the other four members."),
        needed("thirdUserId", Form::TextTo(4096), "The visitor's id in the company's own system."),
        needed("thirdUserName", Form::TextTo(4096), "The visitor's name, as the agent reads it."),
        needed("tenantSpaceId", Form::TextTo(4096), "The company's tenant space at the vendor."),
        needed("channelConfigId", Form::TextTo(4096), "The web channel the chat arrives at."),
        EXPIRES_AT,
    ],
)
.rule(Rule::NamedBy("mode"))
.open();

/// Every login.
pub const LOGINS: [&Shape; 3] = [&SDK_LOGIN, &CHAT_LOGIN, &CEC_LOGIN];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::shape::Unlisted;
    use crate::tables::{SECRET_NAMES, shape};

    #[test]
    fn the_shapes_are_well_formed_and_have_no_secret() {
        for login in LOGINS {
            shape::check(login);
            assert_eq!(login.unlisted, Unlisted::Ignored, "a backend may respond with more");
            assert!(!matches!(login.rule, Rule::None), "{}: its rule", login.name);
            for secret in SECRET_NAMES {
                assert!(login.member(secret).is_none(), "{secret}");
            }
        }
    }
}
