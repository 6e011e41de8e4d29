//! The signed payload: which members it has, their order, and what Content-Length counts.

use super::reading::{ContentLength, PayloadMembers, PayloadOrder, Reading};
use super::{BODY_MEMBER, canonical};
use crate::members::Members;

/// The four signed fields, in the guide's order (CEC guide, chapter 2.5.1, step 5).
pub const FOUR: [&str; 4] = ["thirdUserName", "thirdUserId", "tenantSpaceId", "channelConfigId"];

/// Writes the payload that a reading signs, from the members of the posted body.
pub fn payload(posted: &Members, reading: &Reading) -> String {
    let signed = |name: &str| match reading.payload_members {
        PayloadMembers::Four => FOUR.contains(&name),
        PayloadMembers::All => name != BODY_MEMBER,
    };
    let members = posted.0.iter().filter(|(name, _)| signed(name)).cloned().collect();
    ordered(members, reading.payload_order).json()
}

/// Writes the value of Content-Length that a reading signs.
pub fn content_length(
    payload: &str,
    posted: &Members,
    reading: &Reading,
    access_key: &str,
    timestamp: &str,
) -> String {
    let length = match reading.content_length {
        ContentLength::Payload => payload.len(),
        ContentLength::Characters => payload.encode_utf16().count(),
        ContentLength::Body => {
            let rest = posted.0.iter().filter(|(name, _)| name != BODY_MEMBER).cloned();
            let body: Members = rest.chain([(BODY_MEMBER.to_owned(), "".into())]).collect();
            body.json().len() + canonical::authorization_length(access_key, timestamp)
        }
    };
    length.to_string()
}

fn ordered(mut members: Members, order: PayloadOrder) -> Members {
    match order {
        PayloadOrder::Given => {}
        PayloadOrder::Documented => members.0.sort_by_key(|(name, _)| documented(name)),
        PayloadOrder::Alphabetical => members.0.sort_by(|(a, _), (b, _)| a.cmp(b)),
        PayloadOrder::HashMap => {
            let mask = buckets(members.0.len()) - 1;
            // Within a bucket members keep the order of insertion, which is the guide's.
            members.0.sort_by_key(|(name, _)| (spread(name) & mask, documented(name)));
        }
    }
    members
}

/// The place in the guide's order; members that it does not name come last.
fn documented(name: &str) -> usize {
    FOUR.iter().position(|known| *known == name).unwrap_or(FOUR.len())
}

/// The number of buckets of a `java.util.HashMap` that was filled one member at a time: at most three quarters
/// of them are taken.
fn buckets(members: usize) -> usize {
    (members * 4).div_ceil(3).next_power_of_two().max(16)
}

/// The spread of `String.hashCode` in `java.util.HashMap`.
fn spread(name: &str) -> usize {
    let hash = name
        .encode_utf16()
        .fold(0u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
    (hash ^ (hash >> 16)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_java_hash_map_has_twice_the_buckets_beyond_three_quarters() {
        for (members, expected) in [(0, 16), (12, 16), (13, 32), (24, 32), (25, 64), (49, 128)] {
            assert_eq!(buckets(members), expected, "{members}");
        }
    }

    #[test]
    fn each_order_is_what_its_name_says() {
        let text = r#"{"extra":1,"channelConfigId":"4","tenantSpaceId":"3","thirdUserId":"2","thirdUserName":"1"}"#;
        let members: Members = serde_json::from_str(text).unwrap();
        let order = |order| {
            let names = ordered(members.clone(), order).0.into_iter().map(|(name, _)| name);
            names.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(ordered(members.clone(), PayloadOrder::Given).json(), text);
        assert_eq!(
            order(PayloadOrder::Documented),
            "thirdUserName thirdUserId tenantSpaceId channelConfigId extra"
        );
        assert_eq!(
            order(PayloadOrder::Alphabetical),
            "channelConfigId extra tenantSpaceId thirdUserId thirdUserName"
        );
        // As Java 17 prints the key set of such a map.
        assert_eq!(
            order(PayloadOrder::HashMap),
            "thirdUserId tenantSpaceId thirdUserName channelConfigId extra"
        );
    }
}
