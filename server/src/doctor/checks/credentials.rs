//! The key of `[tccc]`, by a call that only reads: DescribeStaffInfoList with one entry to a page.

use std::sync::Arc;

use super::Running;
use crate::doctor::examination::after;
use crate::doctor::finding::{Finding, Said, said};
use crate::doctor::{Examination, Part};
use crate::problem::Refusal;
use crate::store::Store;
use crate::tccc::{Api, Failure};

const OF: &str = "tccc.secret_id";

/// What the vendor says to a key it knows that may not read the staff: authentication has passed.
const NOT_ALLOWED: [&str; 4] = [
    "UnauthorizedOperation",
    "AuthFailure.UnauthorizedOperation",
    "FailedOperation.PermissionDenied",
    "OperationDenied",
];

/// One row.
pub fn run(exam: &Examination) -> Running<'_> {
    Box::pin(async move {
        let Some(tccc) = exam.config.tccc.as_ref().filter(|_| exam.wants(Part::Tccc)) else {
            return Vec::new();
        };
        if exam.contact("tccc.endpoint").is_some_and(|contact| contact.answer.is_err()) {
            return vec![after(OF, "reach")];
        }
        let api = Api::new(tccc.clone(), Arc::clone(&exam.transport), &Store::memory());
        vec![judge(api.try_credentials().await)]
    })
}

fn judge(outcome: Result<(), Failure>) -> Finding {
    let failure = match outcome {
        Ok(()) => {
            return Finding::good(OF, said!("the vendor takes the key", "厂商接受该密钥"));
        }
        Err(failure) => failure,
    };
    if let Failure::Rejected(rejection) = &failure {
        let code = rejection.code.as_deref().unwrap_or_default();
        let is = |known: &str| {
            code.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if NOT_ALLOWED.into_iter().any(is) {
            return Finding::warning(
                OF,
                said!(
                    "the vendor knows the key, which may not call DescribeStaffInfoList ({code})",
                    "厂商认可该密钥，但其无权调用 DescribeStaffInfoList（{code}）"
                ),
                said!(
                    "Nothing to do for logins, as long as the key may call CreateSDKLoginToken and CreateUserSig; `staff sync` needs DescribeStaffInfoList and CreateStaff too.",
                    "只要该密钥可调用 CreateSDKLoginToken 与 CreateUserSig，登录即不受影响；`staff sync` 还需要 DescribeStaffInfoList 与 CreateStaff。"
                ),
            );
        }
    }
    let refusal = Refusal::from(failure);
    let remedy: Said = refusal.remedy().into();
    Finding::failed(OF, Said::plain(refusal.detail()), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::Verdict;
    use crate::tccc::failure::Rejection;

    #[test]
    fn a_key_that_may_not_read_the_staff_is_known_all_the_same() {
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
