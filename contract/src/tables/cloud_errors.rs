//! The error codes of TCCC's cloud API that have a fix of their own (`docs/vendor/tccc.md` §4, and `errorcodes.py` of
//! the vendor's public client). For the server and the operator's commands; no page has them.

/// A fix in both languages.
#[derive(Clone, Copy)]
pub struct Fix {
    /// English.
    pub en: &'static str,
    /// Chinese.
    pub zh: &'static str,
}

/// An error code of the vendor's that has a fix of its own.
pub struct Known {
    /// The code, which stands for all that only add to it after a dot.
    pub code: &'static str,
    /// The HTTP status a page gets.
    pub status: u16,
    /// What it means, in a few words.
    pub meaning: &'static str,
    /// What to do about it.
    pub fix: Fix,
    /// Seconds after which it may be otherwise.
    pub retry_after: Option<u32>,
}

/// Finds the entry for a code: for the code itself before one for what it begins with.
pub fn find(code: &str) -> Option<&'static Known> {
    let begins =
        |known: &&Known| code.strip_prefix(known.code).is_some_and(|rest| rest.starts_with('.'));
    let exactly = |known: &&Known| known.code == code;
    KNOWN.iter().find(exactly).or_else(|| KNOWN.iter().find(begins))
}

const fn known(code: &'static str, meaning: &'static str, fix: Fix) -> Known {
    Known { code, status: 502, meaning, fix, retry_after: None }
}

const KNOWN: &[Known] = &[
    known(
        "AuthFailure.SignatureExpire",
        "the signature's time is more than 5 minutes away from the vendor's clock",
        CLOCK,
    ),
    known(
        "AuthFailure.SignatureFailure",
        "the signature does not fit the key",
        Fix {
            en: "Check that tccc.secret_key belongs to tccc.secret_id and holds no stray character, and that no proxy changes the Host header on the way to tccc.endpoint.",
            zh: "请确认 tccc.secret_key 与 tccc.secret_id 配套且没有多余字符，并确认没有代理改写发往 tccc.endpoint 的 Host 请求头。",
        },
    ),
    known(
        "AuthFailure.SecretIdNotFound",
        "the key is not known, or is disabled",
        Fix {
            en: "Check tccc.secret_id; create or enable the key in the vendor's console.",
            zh: "请检查 tccc.secret_id，并在厂商控制台创建或启用该密钥。",
        },
    ),
    known(
        "AuthFailure.InvalidSecretId",
        "this is no key of the cloud API",
        Fix {
            en: "Check tccc.secret_id: expected a key of the cloud API itself, from the vendor's console.",
            zh: "请检查 tccc.secret_id：应为厂商控制台中的云 API 密钥。",
        },
    ),
    known("AuthFailure.InvalidAuthorization", "the Authorization header has another form", CHANGED),
    known("AuthFailure.UnauthorizedOperation", "the key may not do this", PERMISSION),
    known("UnauthorizedOperation", "the key may not do this", PERMISSION),
    known(
        "AuthFailure.TokenFailure",
        "the session token of the temporary credentials is not valid",
        Fix {
            en: "Fetch new temporary credentials, or remove tccc.token if the key is a permanent one.",
            zh: "请重新获取临时密钥；若使用永久密钥，请删除 tccc.token。",
        },
    ),
    Known {
        status: 403,
        ..known(
            "InvalidParameterValue.AccountNotExist",
            "the agent does not exist in this contact centre",
            Fix {
                en: "Add the agent to the contact centre with the same mail address, or correct the identity this server maps the visitor to.",
                zh: "请在呼叫中心以相同邮箱添加该坐席，或修正本服务为该用户映射的身份。",
            },
        )
    },
    known("InvalidParameterValue.InstanceNotExist", "the application does not exist", INSTANCE),
    known("InvalidParameter.InstanceNotExist", "the application does not exist", INSTANCE),
    known(
        "UnsupportedRegion",
        "the region is not one of this site's",
        Fix {
            en: "Check tccc.region: none for the China site, ap-singapore for the international one.",
            zh: "请检查 tccc.region：国内站无需填写，国际站为 ap-singapore。",
        },
    ),
    known("FailedOperation.PermissionDenied", "the key may not do this", PERMISSION),
    known(
        "FailedOperation.DuplicatedAccount",
        "an agent with this account exists already",
        Fix {
            en: "Nothing to do if it is the same person; otherwise give the agent another mail address or user id.",
            zh: "若为同一人则无需处理；否则请为该坐席更换邮箱或用户 ID。",
        },
    ),
    known(
        "InvalidParameterValue.PhoneNumInvalid",
        "the telephone number is not one the vendor takes",
        Fix {
            en: "Write the number with 00 and the country code, like 008613800000000.",
            zh: "请按 00 加国家码的格式填写号码，例如 008613800000000。",
        },
    ),
    known(
        "InvalidParameterValue.PhoneNumIsBoundOtherAccount",
        "the telephone number belongs to another agent",
        Fix {
            en: "Give the agent another number, or take it from the other agent in the vendor's console.",
            zh: "请为该坐席更换号码，或在厂商控制台解除该号码与其他坐席的绑定。",
        },
    ),
    known(
        "InvalidParameterValue.SkillGroupError",
        "a skill group does not exist, or is of another kind",
        Fix {
            en: "Create the skill group in the vendor's console first, and write its name exactly as it is there.",
            zh: "请先在厂商控制台创建该技能组，并确保名称完全一致。",
        },
    ),
    known(
        "InvalidParameterValue.ExperienceAccount",
        "a trial account cannot do this",
        Fix {
            en: "Upgrade the trial account in the vendor's console.",
            zh: "请在厂商控制台将体验账号升级为正式账号。",
        },
    ),
    known("OperationDenied.NotInWhiteList", "the account is not let in to this action", PERMISSION),
    known(
        "OperationDenied.UinDisabled",
        "the vendor's account is disabled",
        Fix {
            en: "Check the account's state and bills in the vendor's console.",
            zh: "请在厂商控制台检查账号状态与费用。",
        },
    ),
    known(
        "LimitExceeded.InsufficientLicense",
        "there are not enough licences",
        Fix {
            en: "Buy more agent licences, or take one from an agent who no longer needs it.",
            zh: "请增购坐席许可，或收回不再使用的坐席许可。",
        },
    ),
    known(
        "LimitExceeded.BasePackageExpired",
        "the contact centre's package has expired",
        Fix {
            en: "Renew the contact centre's package in the vendor's console.",
            zh: "请在厂商控制台续费呼叫中心套餐。",
        },
    ),
    known("LimitExceeded.OutOfCountLimit", "there are more of them than the vendor takes", QUOTA),
    known("LimitExceeded.OutOfQuotaMaxCount", "the account's quota is used up", QUOTA),
    known("LimitExceeded", "a limit of the account is reached", QUOTA),
    known("InvalidAction", "the address is not this product's", PRODUCT),
    known("NoSuchVersion", "the address does not know this product's version", PRODUCT),
    known("UnsupportedProtocol", "the request arrived in another form", CHANGED),
    known("InternalError", "the vendor's own failure", AGAIN),
    known("ResourceUnavailable", "the vendor's own failure", AGAIN),
    known("ServiceUnavailable", "the vendor's own failure", AGAIN),
    Known {
        status: 503,
        // The limit is 20 requests per second (docs/vendor/tccc.md §4): the next second has room.
        retry_after: Some(1),
        ..known(
            "RequestLimitExceeded",
            "too many requests within one second",
            Fix {
                en: "Try again in a second; the vendor takes 20 requests a second.",
                zh: "请一秒后重试；厂商限制每秒 20 次请求。",
            },
        )
    },
];

const CHANGED: Fix = Fix {
    en: "Check that no proxy on the way to tccc.endpoint changes the request's headers or its body.",
    zh: "请确认发往 tccc.endpoint 的途中没有代理改写请求头或请求体。",
};

const PERMISSION: Fix = Fix {
    en: "Give the key's account the right to call CreateSDKLoginToken, CreateUserSig, DescribeStaffInfoList and CreateStaff for this application, as far as they are used.",
    zh: "请为该密钥所属账号授予对此应用调用 CreateSDKLoginToken、CreateUserSig、DescribeStaffInfoList 与 CreateStaff 的权限（按实际使用授予）。",
};

const INSTANCE: Fix = Fix {
    en: "Check tccc.sdk_app_id, and that tccc.endpoint and tccc.region are of the site (China or international) the application was made on.",
    zh: "请检查 tccc.sdk_app_id，并确认 tccc.endpoint 与 tccc.region 属于创建该应用的站点（国内或国际）。",
};

const QUOTA: Fix = Fix {
    en: "Look at the account's quotas in the vendor's console, and ask the vendor for more.",
    zh: "请在厂商控制台查看账号配额，并向厂商申请提高。",
};

const PRODUCT: Fix = Fix {
    en: "Check that tccc.endpoint is the contact centre's, like https://ccc.tencentcloudapi.com/.",
    zh: "请确认 tccc.endpoint 是云联络中心的地址，例如 https://ccc.tencentcloudapi.com/。",
};

const AGAIN: Fix = Fix {
    en: "Try again; if it keeps happening, give the RequestId to the vendor's support.",
    zh: "请重试；若反复出现，请将 RequestId 提供给厂商技术支持。",
};

/// Also for a clock that is beyond all signing.
pub const CLOCK: Fix = Fix {
    en: "Set the clock of the machine calldock-server runs on, for example by NTP; it is off by more than 5 minutes.",
    zh: "请校准运行 calldock-server 的机器的时钟（例如使用 NTP），其误差已超过 5 分钟。",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_by_itself_before_what_it_begins_with() {
        let meaning = |code| find(code).map(|known| known.code);
        assert_eq!(
            meaning("LimitExceeded.BasePackageExpired"),
            Some("LimitExceeded.BasePackageExpired")
        );
        assert_eq!(meaning("LimitExceeded.Another"), Some("LimitExceeded"));
        assert_eq!(meaning("InternalError.DBError"), Some("InternalError"));
        assert_eq!(meaning("LimitExceededly"), None);
        assert_eq!(meaning("AuthFailure"), None);
        assert_eq!(meaning(""), None);
    }

    #[test]
    fn a_page_is_told_whose_fault_it_is_and_when_to_come_again() {
        let response = |code| find(code).map(|known| (known.status, known.retry_after));
        assert_eq!(response("InternalError"), Some((502, None)));
        assert_eq!(response("InvalidParameterValue.AccountNotExist"), Some((403, None)));
        assert_eq!(response("RequestLimitExceeded"), Some((503, Some(1))));
    }

    #[test]
    fn no_code_is_listed_twice() {
        for (at, known) in KNOWN.iter().enumerate() {
            assert!(KNOWN[..at].iter().all(|other| other.code != known.code), "{}", known.code);
        }
    }
}
