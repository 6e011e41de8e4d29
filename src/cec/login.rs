//! What vouches for the visitor, as the server gave it.

use calldock_contract::{CecLogin, CecVoucher, Code, redact};
use js_sys::Function;

use crate::error::Failure;
use crate::host;
use crate::page::fields::Fields;
use crate::page::login;
use crate::page::progress::Progress;

/// What a login has, for a message.
const MEMBERS: &str =
    "{mode, token or authorization, thirdUserId, thirdUserName, tenantSpaceId, channelConfigId}";

/// Asks the page for a login and reads it.
///
/// # Errors
/// [`Code::LoginFailed`], naming the member; [`Code::SecretInPage`].
pub async fn ask(ask: &Function, progress: &Progress) -> Result<CecLogin, Failure> {
    let object =
        login::ask(ask, 1, MEMBERS, progress).await.map_err(|unusable| unusable.failure)?;
    let fields = Fields::of("login", Code::LoginFailed, &object);
    let login = read(&fields);
    fields.done()?;
    login.validate()?;
    host::log(
        "login",
        "login.answered",
        &[
            ("mode", login.voucher.mode().into()),
            ("thirdUserId", redact::text(&login.third_user_id).into()),
        ],
    );
    Ok(login)
}

fn read(fields: &Fields) -> CecLogin {
    let mode = fields.optional_word("mode", &["token", "authorization"]);
    let voucher = match mode.unwrap_or_else(|| fields.text("mode")).as_str() {
        "token" => CecVoucher::Token { token: fields.text("token") },
        _ => CecVoucher::Authorization { authorization: fields.text("authorization") },
    };
    CecLogin {
        voucher,
        third_user_id: fields.text("thirdUserId"),
        third_user_name: fields.text("thirdUserName"),
        tenant_space_id: fields.text("tenantSpaceId"),
        channel_config_id: fields.text("channelConfigId"),
    }
}
