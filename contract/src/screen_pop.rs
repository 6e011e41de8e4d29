//! The call a workbench writes into the hash of a screen-pop page (seed 004, "业务系统获取通信相关参数").

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::error::Error;

/// A hash longer than this, in bytes, is nobody's call.
pub const HASH_LIMIT: usize = 16 * 1024;

/// The parameters the vendor documents.
pub const PARAMETERS: [&str; 11] = [
    "status",
    "type",
    "mobile",
    "userId",
    "nickName",
    "avatar",
    "agentEmail",
    "agentMobile",
    "agentNickName",
    "agentRoleId",
    "sdkAppId",
];

/// Declares a word of the vendor's with a known set of values; any other value is kept as it came.
macro_rules! vendor_word {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $wire:literal as $shown:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
            /// A value the vendor has not documented, as it came; shown as `other:<value>`.
            Other(String),
        }

        impl $name {
            fn from_wire(value: &str) -> Self {
                match value { $($wire => Self::$variant,)* other => Self::Other(other.into()) }
            }

            fn to_wire(&self) -> &str {
                match self { $(Self::$variant => $wire,)* Self::Other(other) => other }
            }

            /// Calldock's own word for it; `other` for a value the vendor has not documented.
            pub const fn shown(&self) -> &'static str {
                match self { $(Self::$variant => $shown,)* Self::Other(_) => "other" }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    Self::Other(other) => serializer.serialize_str(&["other:", other].concat()),
                    known => serializer.serialize_str(known.shown()),
                }
            }
        }
    };
}

vendor_word! {
    /// Where a call stands.
    CallStatus {
        /// 呼入中: it rings.
        Ringing = "100" as "ringing",
        /// 已接入: an agent has answered.
        Connected = "200" as "connected",
        /// 已结束: it is over.
        Ended = "400" as "ended",
    }
}

vendor_word! {
    /// What kind of service a call is.
    ServiceType {
        /// 电话: a telephone call.
        Phone = "phone" as "phone",
        /// 微信/网页渠道图文会话: a text chat from WeChat or the web.
        Im = "im" as "im",
        /// 全媒体，仅音频通话: audio only.
        Audio = "om" as "audio",
        /// 音频通话 + 图文会话: audio and text.
        AudioAndIm = "oim" as "audioAndIm",
    }
}

/// The call a screen-pop page is shown for. What the vendor left out or empty is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallContext {
    /// Where the call stands.
    pub status: Option<CallStatus>,
    /// What kind of service it is.
    #[serde(rename = "type")]
    pub service: Option<ServiceType>,
    /// The customer's number.
    pub mobile: Option<String>,
    /// The customer: an id of the telephone or web channel, or a WeChat openID.
    pub user_id: Option<String>,
    /// The customer's WeChat nickname.
    pub nick_name: Option<String>,
    /// The address of the customer's picture.
    pub avatar: Option<String>,
    /// The agent's mail address.
    pub agent_email: Option<String>,
    /// The agent's number.
    pub agent_mobile: Option<String>,
    /// The agent's nickname.
    pub agent_nick_name: Option<String>,
    /// The agent's role: administrator or ordinary agent; its values are not documented.
    pub agent_role_id: Option<String>,
    /// The TCCC application.
    pub sdk_app_id: Option<String>,
    /// Parameters the vendor has not documented, in their order. Of two with one name the first stays,
    /// as `URLSearchParams.get` has it.
    #[serde(serialize_with = "as_map")]
    pub extra: Vec<(String, String)>,
}

fn as_map<S: Serializer>(pairs: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(pairs.len()))?;
    for (name, value) in pairs {
        map.serialize_entry(name, value)?;
    }
    map.end()
}

impl CallContext {
    /// Reads a page's hash, with or without its `#`, in the forms `#?…` and `#/route?…`.
    ///
    /// `None` where the hash is not a call: it has no query, or none of the eleven parameters. In the
    /// form `#/route?…` `status` and `type` alone do not make a call, for routers use these names too.
    ///
    /// # Errors
    /// [`crate::Code::InvalidOption`] for a hash over [`HASH_LIMIT`] or one that is not UTF-8.
    pub fn from_hash(hash: &str) -> Result<Option<Self>, Error> {
        let hash = hash.strip_prefix('#').unwrap_or(hash);
        if hash.len() > HASH_LIMIT {
            let found = [&hash.len().to_string(), " bytes"].concat();
            return Err(Error::invalid("the page's hash", "at most 16384 bytes", &found));
        }
        let Some((route, query)) = hash.split_once('?') else { return Ok(None) };
        let mut call = Self::default();
        let mut named = false;
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            // The decoder replaces what is not UTF-8; a sender's own U+FFFD is not that.
            if [&name, &value].iter().any(|part| part.contains('\u{fffd}')) && !says_fffd(query) {
                return Err(Error::invalid(
                    "the page's hash",
                    "percent-encoded UTF-8",
                    "bytes of another encoding",
                ));
            }
            let common = matches!(&*name, "status" | "type") && !route.is_empty();
            named |= call.put(&name, &value) && !common && !value.is_empty();
        }
        Ok(named.then_some(call))
    }

    /// Keeps one parameter; says whether it is one of the eleven. The first of a name stays.
    fn put(&mut self, name: &str, value: &str) -> bool {
        match name {
            "status" => {
                if self.status.is_none() && !value.is_empty() {
                    self.status = Some(CallStatus::from_wire(value));
                }
            }
            "type" => {
                if self.service.is_none() && !value.is_empty() {
                    self.service = Some(ServiceType::from_wire(value));
                }
            }
            _ => {
                if let Some((_, place)) = self.texts_mut().into_iter().find(|text| text.0 == name) {
                    if place.is_none() && !value.is_empty() {
                        *place = Some(value.into());
                    }
                    return true;
                }
                if !self.extra.iter().any(|(known, _)| known == name) {
                    self.extra.push((name.into(), value.into()));
                }
                return false;
            }
        }
        true
    }

    /// The parameters that are plain texts, by the vendor's names.
    fn texts(&self) -> [(&'static str, &Option<String>); 9] {
        [
            ("mobile", &self.mobile),
            ("userId", &self.user_id),
            ("nickName", &self.nick_name),
            ("avatar", &self.avatar),
            ("agentEmail", &self.agent_email),
            ("agentMobile", &self.agent_mobile),
            ("agentNickName", &self.agent_nick_name),
            ("agentRoleId", &self.agent_role_id),
            ("sdkAppId", &self.sdk_app_id),
        ]
    }

    fn texts_mut(&mut self) -> [(&'static str, &mut Option<String>); 9] {
        [
            ("mobile", &mut self.mobile),
            ("userId", &mut self.user_id),
            ("nickName", &mut self.nick_name),
            ("avatar", &mut self.avatar),
            ("agentEmail", &mut self.agent_email),
            ("agentMobile", &mut self.agent_mobile),
            ("agentNickName", &mut self.agent_nick_name),
            ("agentRoleId", &mut self.agent_role_id),
            ("sdkAppId", &mut self.sdk_app_id),
        ]
    }

    /// The hash that reads back as this call, in the vendor's form `#?…`.
    pub fn to_hash(&self) -> String {
        let mut query = form_urlencoded::Serializer::for_suffix(String::from("#?"), 2);
        for (name, value) in self.texts() {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        let status = self.status.as_ref().map(|status| ("status", status.to_wire()));
        let service = self.service.as_ref().map(|service| ("type", service.to_wire()));
        query.extend_pairs(status.into_iter().chain(service));
        query.extend_pairs(&self.extra);
        query.finish()
    }

    /// The names of the parameters that differ from `last`'s, the documented ones first; every one that
    /// is there, if there is no last call.
    pub fn changed_since(&self, last: Option<&Self>) -> Vec<String> {
        let none = Self::default();
        let last = last.unwrap_or(&none);
        let mut changed = Vec::new();
        if self.status != last.status {
            changed.push("status".into());
        }
        if self.service != last.service {
            changed.push("type".into());
        }
        for ((name, now), (_, before)) in self.texts().into_iter().zip(last.texts()) {
            if now != before {
                changed.push(name.into());
            }
        }
        let differs = |pair: &&(String, String), other: &Self| !other.extra.contains(pair);
        for (name, _) in self.extra.iter().filter(|pair| differs(pair, last)) {
            changed.push(name.clone());
        }
        for (name, _) in last.extra.iter().filter(|pair| differs(pair, self)) {
            if !changed.contains(name) {
                changed.push(name.clone());
            }
        }
        changed
    }
}

/// Whether the sender itself wrote U+FFFD, plain or percent-encoded.
fn says_fffd(query: &str) -> bool {
    let encoded = b"%EF%BF%BD";
    let mut windows = query.as_bytes().windows(encoded.len());
    query.contains('\u{fffd}') || windows.any(|window| window.eq_ignore_ascii_case(encoded))
}

#[cfg(test)]
#[path = "screen_pop_tests.rs"]
mod tests;
