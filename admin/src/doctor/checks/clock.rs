//! This machine's clock against the `Date` of the vendors' responses: TCCC refuses signatures that are more
//! than 5 minutes off (`docs/vendor/tccc.md` §4).

use super::Running;
use crate::doctor::Context;
use crate::doctor::finding::{Finding, Text, text};

/// TCCC refuses a difference of more seconds.
const REFUSED: u64 = 300;
/// A synchronised clock differs less.
const LOOSE: u64 = 30;

/// Reports a row for each vendor.
pub fn run(context: &Context) -> Running<'_> {
    Box::pin(async move {
        let rows = context.contacts.iter().map(|contact| match &contact.response {
            Err(_) => Finding::after(contact.key, "reach"),
            Ok(response) => judge(contact.key, response.clock_ahead()),
        });
        rows.collect()
    })
}

fn judge(of: &'static str, ahead: Option<i64>) -> Finding {
    let Some(ahead) = ahead else {
        return Finding::warning(
            of,
            text!("its response has no readable Date header", "其响应没有可读的 Date 响应头"),
            text!(
                "Compare this machine's clock by other means, such as timedatectl.",
                "请以其他方式核对本机时钟，例如 timedatectl。"
            ),
        );
    };
    let off = ahead.unsigned_abs();
    let found = match ahead {
        _ if off <= LOOSE => {
            return Finding::good(
                of,
                text!("within {LOOSE} s of the vendor's", "与厂商相差不超过 {LOOSE} 秒"),
            );
        }
        1.. => text!(
            "this machine's clock is {off} s ahead of the vendor's",
            "本机时钟比厂商快 {off} 秒"
        ),
        _ => text!(
            "this machine's clock is {off} s behind the vendor's",
            "本机时钟比厂商慢 {off} 秒"
        ),
    };
    if off > REFUSED {
        Finding::failed(of, found, remedy(ahead))
    } else {
        Finding::warning(of, found, remedy(ahead))
    }
}

fn remedy(ahead: i64) -> Text {
    let (en, zh) = if ahead > 0 { ("back", "回拨") } else { ("forward", "前拨") };
    text!(
        "Set this machine's clock {en}, best by NTP (timedatectl set-ntp true); signatures carry its time, and more than 5 minutes off are refused.",
        "请将本机时钟{zh}，最好启用 NTP（timedatectl set-ntp true）；签名带有本机时间，偏差超过 5 分钟会被拒绝。"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::Verdict;

    #[test]
    fn half_a_minute_is_good_five_minutes_a_warning_and_more_a_failure() {
        for (ahead, verdict, word) in [
            (0, Verdict::Good, ""),
            (-30, Verdict::Good, ""),
            (31, Verdict::Warning, "31 s ahead"),
            (-300, Verdict::Warning, "300 s behind"),
            (301, Verdict::Failed, "301 s ahead"),
            (-86_400, Verdict::Failed, "86400 s behind"),
            (i64::MIN, Verdict::Failed, "behind"),
        ] {
            let finding = judge("tccc.endpoint", Some(ahead));
            assert_eq!(finding.verdict, verdict, "{ahead}");
            assert!(finding.found.en.contains(word), "{finding:?}");
            let direction = if ahead > 0 { "back" } else { "forward" };
            assert!(finding.remedy.is_none_or(|remedy| remedy.en.contains(direction)));
        }
        assert_eq!(judge("cec.origin", None).verdict, Verdict::Warning);
    }
}
