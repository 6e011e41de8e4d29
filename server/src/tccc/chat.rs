//! `CreateUserSig`: the vendor's signature over what agents are to see of a visitor (chat guide, step 3).

use calldock_contract::ChatLogin;
use calldock_service::since_1970;
use calldock_signing::{Members, UserSig};
use serde::Deserialize;
use serde_json::json;

use super::api::CREATE_USER_SIG;
use super::{Api, ChatSettings, Failure};
use crate::identity::Visitor;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Signature {
    user_sig: String,
}

impl Api {
    /// A chat that was signed before over the same text, if it is still good for long: no call is made.
    pub fn cached_chat(
        &self,
        chat: &ChatSettings,
        visitor: &Visitor,
        fields: &[(String, String)],
    ) -> Option<ChatLogin> {
        let client_data = client_data(chat, visitor, fields);
        self.signatures.get(self.sdk_app_id().0, &visitor.id, &client_data, since_1970().as_secs())
    }

    /// A chat for one visitor; `fields` are what its page may add. The text that is signed is the text
    /// that is handed out.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn chat(
        &self,
        chat: &ChatSettings,
        visitor: &Visitor,
        fields: &[(String, String)],
    ) -> Result<ChatLogin, Failure> {
        let client_data = client_data(chat, visitor, fields);
        let asked_at = since_1970().as_secs();
        let body = json!({
            "SdkAppId": self.sdk_app_id(),
            "Uid": visitor.id,
            "ClientData": client_data,
            "ExpiredTime": chat.expires_in.as_secs(),
        });
        let found = "no UserSig of the right type in it";
        let read = |Signature { user_sig }: Signature| {
            // What the signature says of itself is nearer to the truth than our own clock.
            let expires_at = UserSig::decode(&user_sig)
                .map_or(asked_at + chat.expires_in.as_secs(), |sig| sig.expires_at());
            let web_app_id = chat.web_app_id.clone();
            let login = ChatLogin { web_app_id, client_data, user_sig, expires_at };
            let plain = login.user_sig.bytes().all(|byte| byte.is_ascii_graphic());
            if login.validate().is_err() || !plain {
                return Err(Failure::Unusable(
                    "UserSig is empty, over-long or not of plain letters",
                ));
            }
            if self.leaks(&login.user_sig) {
                return Err(Failure::Unusable("it repeats this server's credentials"));
            }
            Ok(login)
        };
        let login = self.request(CREATE_USER_SIG, body.to_string(), found, read).await?;
        self.signatures.put(self.sdk_app_id().0, &visitor.id, &login, asked_at);
        Ok(login)
    }
}

/// The JSON text, with the fixed fields in the guide's order.
fn client_data(chat: &ChatSettings, visitor: &Visitor, fields: &[(String, String)]) -> String {
    let fixed =
        [("peerSource", &chat.peer_source), ("nickName", &visitor.name), ("uid", &visitor.id)];
    let extra = chat.extra.iter().chain(fields).map(|(name, value)| (name.as_str(), value));
    let members = fixed.into_iter().chain(extra);
    members.map(|(name, value)| (name, value.as_str())).collect::<Members>().json()
}
