//! TCCC accepts the key of `[tccc]`: `DescribeStaffInfoList` only reads.

use std::sync::Arc;

use calldock_server::problem::Refusal;
use calldock_server::tccc::{Api, Failure};

use super::Running;
use crate::doctor::finding::{Finding, Text, text};
use crate::doctor::{Context, Part};
use crate::staff::api;
use crate::staff::sync::has_code;

const OF: &str = "tccc.secret_id";

/// The vendor's codes for a known key that may not list agents: authentication succeeded.
const NOT_ALLOWED: [&str; 4] = [
    "UnauthorizedOperation",
    "AuthFailure.UnauthorizedOperation",
    "FailedOperation.PermissionDenied",
    "OperationDenied",
];

/// Reports one row.
pub fn run(context: &Context) -> Running<'_> {
    Box::pin(async move {
        let Some(api) = api(context) else { return Vec::new() };
        if !is_reached(context) {
            return vec![Finding::after(OF, "reach")];
        }
        vec![judge(api::check_credentials(&api).await)]
    })
}

/// Returns the vendor's API, if it is configured and checked.
pub(super) fn api(context: &Context) -> Option<Api> {
    let tccc = context.config.tccc.as_ref().filter(|_| context.wants(Part::Tccc))?;
    Some(Api::new(tccc.clone(), Arc::clone(&context.transport)))
}

/// Returns whether the vendor's API responded at all.
pub(super) fn is_reached(context: &Context) -> bool {
    context.contact("tccc.endpoint").is_none_or(|contact| contact.response.is_ok())
}

fn judge(outcome: Result<(), Failure>) -> Finding {
    let failure = match outcome {
        Ok(()) => {
            return Finding::good(OF, text!("the vendor accepts the key", "厂商接受该密钥"));
        }
        Err(failure) => failure,
    };
    if let Failure::Rejected(rejection) = &failure {
        let code = rejection.code.as_deref().unwrap_or_default();
        if has_code(&failure, &NOT_ALLOWED) {
            return Finding::warning(
                OF,
                text!(
                    "the vendor knows the key, which may not call DescribeStaffInfoList ({code})",
                    "厂商认可该密钥，但其无权调用 DescribeStaffInfoList（{code}）"
                ),
                text!(
                    "Logins work as long as the key may call CreateSDKLoginToken and CreateUserSig; `staff sync` needs DescribeStaffInfoList and CreateStaff too.",
                    "只要该密钥可调用 CreateSDKLoginToken 与 CreateUserSig，登录即不受影响；`staff sync` 还需要 DescribeStaffInfoList 与 CreateStaff。"
                ),
            );
        }
    }
    failed(OF, failure)
}

/// Reports the server's own texts about a failure.
pub(super) fn failed(of: &'static str, failure: Failure) -> Finding {
    let refusal = Refusal::from(failure);
    let remedy: Text = refusal.remedy().into();
    Finding::failed(of, Text::of(refusal.detail()), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::Verdict;
    use calldock_server::tccc::failure::Rejection;

    #[test]
    fn a_key_that_may_not_list_agents_is_accepted_with_a_warning() {
        let rejected = |code: &str| {
            let rejection = Rejection { code: Some(code.into()), request_id: None };
            judge(Err(Failure::Rejected(rejection)))
        };
        for code in [
            "UnauthorizedOperation",
            "UnauthorizedOperation.CamNoAuth",
            "FailedOperation.PermissionDenied",
        ] {
            assert_eq!(rejected(code).verdict, Verdict::Warning, "{code}");
        }
        for (code, word) in [
            ("AuthFailure.SignatureFailure", "tccc.secret_key"),
            ("AuthFailure.SecretIdNotFound", "tccc.secret_id"),
            ("AuthFailure.SignatureExpire", "clock"),
            ("UnauthorizedOperationElse", "RequestId"),
        ] {
            let finding = rejected(code);
            assert_eq!(finding.verdict, Verdict::Failed, "{code}");
            assert!(finding.remedy.unwrap().en.contains(word), "{code}");
        }
        assert_eq!(judge(Ok(())).verdict, Verdict::Good);
    }
}
