//! Huawei Cloud's Customer Engagement Center (CEC guide; `docs/vendor/huawei.md`).
//!
//! * [`chat`]: what the vendor's scripts find on the window, and their text run once.
//! * [`request`]: the requests for the scripts and to the documented REST interface.

pub mod chat;
pub mod request;
