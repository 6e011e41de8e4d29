//! Names of members that only a server's configuration may have (CEC guide and agent SDK guide: never write them
//! into a page).

/// The names. `js/check.ts` compares the ends of names with them, without regard to case, `_` and `-`:
/// `secret_key`, the cloud API's `SecretKey` and `TmpSecretKey` are meant too.
pub const SECRET_NAMES: [&str; 8] = [
    "secretKey",
    "secretId",
    "secret",
    "accessKey",
    "accessKeyId",
    "accessKeySecret",
    "secretAccessKey",
    "appSecret",
];
