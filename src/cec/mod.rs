//! Huawei Cloud's Customer Engagement Center (seed 001; `vendor/huawei.md`).
//!
//! * [`chat`]: the web chat, in Token and Authorization mode.
//! * [`cobrowse`]: the page that was shared.
//! * [`globals`]: what the vendor's scripts find on the window.
//! * [`login`]: what vouches for the visitor.
//! * [`options`]: what a chat was asked with.
//! * [`report`]: what was seen of an open chat.
//! * [`scripts`]: the vendor's scripts, fetched and run once.
//! * [`web_channel`]: the documented REST of an open chat.

pub mod chat;
pub mod cobrowse;
pub mod globals;
pub mod login;
pub mod options;
pub mod report;
pub mod scripts;
pub mod web_channel;
