//! The proof of a visitor's identity for the configured channel: a token or a signature (CEC guide, chapters 1 and 2).

use axum::http::StatusCode;
use calldock_contract::{CecCredential, CecLogin, Code};
use calldock_service::since_1970;
use calldock_signing::auth_v2::{SignError, Signer, User};

use super::Channel;
use super::token::{Holder, Tokens};
use crate::identity::Visitor;
use crate::problem::Refusal;

/// The logins of one channel in one of the guide's modes.
#[derive(Clone)]
pub struct Login {
    channel: Channel,
    mode: Mode,
}

#[derive(Clone)]
enum Mode {
    Token(Tokens),
    Authorization(Box<Signer>),
}

impl Login {
    /// Chapter 1: a token, which CEC asks about.
    pub fn token(channel: Channel, tokens: Tokens) -> Self {
        Self { channel, mode: Mode::Token(tokens) }
    }

    /// Chapter 2: a signature.
    pub fn authorization(channel: Channel, signer: Signer) -> Self {
        Self { channel, mode: Mode::Authorization(Box::new(signer)) }
    }

    /// A login for this page view: exactly the four members that are confirmed.
    ///
    /// # Errors
    /// A [`Refusal`], 500: this machine's clock is wrong.
    pub fn issue(&self, visitor: &Visitor) -> Result<CecLogin, Refusal> {
        Ok(CecLogin {
            credential: self.credential(visitor).map_err(unsigned)?,
            third_user_id: visitor.id.clone(),
            third_user_name: visitor.name.clone(),
            tenant_space_id: self.channel.tenant.clone(),
            channel_config_id: self.channel.id.clone(),
        })
    }

    fn credential(&self, visitor: &Visitor) -> Result<CecCredential, SignError> {
        let Channel { tenant, id } = &self.channel;
        Ok(match &self.mode {
            Mode::Token(tokens) => {
                let holder = Holder { user_id: &visitor.id, user_name: &visitor.name, tenant };
                CecCredential::Token { token: tokens.mint(holder) }
            }
            Mode::Authorization(signer) => {
                let millis = i64::try_from(since_1970().as_millis()).unwrap_or(i64::MAX);
                let user = User {
                    name: &visitor.name,
                    id: &visitor.id,
                    tenant_space_id: tenant,
                    channel_config_id: id,
                };
                CecCredential::Authorization {
                    authorization: signer.sign(millis, &user)?.authorization,
                }
            }
        })
    }
}

fn unsigned(error: SignError) -> Refusal {
    tracing::error!(%error, "the login of a visitor could not be made");
    let detail = format!("The login could not be made: {error}.");
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, detail)
}
