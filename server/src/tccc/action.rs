//! The actions of the cloud API this server calls, each at the vendor's pace.

use super::pacer::{Pace, Pacer};
use super::shared_pace::SharedPace;
use crate::store::Store;

/// An action; the vendor counts calls of each by themselves (`vendor/tccc.md` §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A login for an agent.
    CreateSdkLoginToken,
    /// A signature for a visitor.
    CreateUserSig,
    /// Who is an agent.
    DescribeStaffInfoList,
    /// New agents.
    CreateStaff,
}

impl Action {
    /// All of them, in the order of their queues.
    const ALL: [Self; 4] = [
        Self::CreateSdkLoginToken,
        Self::CreateUserSig,
        Self::DescribeStaffInfoList,
        Self::CreateStaff,
    ];

    /// `X-TC-Action`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CreateSdkLoginToken => "CreateSDKLoginToken",
            Self::CreateUserSig => "CreateUserSig",
            Self::DescribeStaffInfoList => "DescribeStaffInfoList",
            Self::CreateStaff => "CreateStaff",
        }
    }
}

/// A queue for each action.
pub struct Pacers {
    pace: Pace,
    queues: [Pacer; 4],
}

impl Pacers {
    /// Empty queues, in step with those of the instances that share the store.
    pub fn new(pace: Pace, store: &Store) -> Self {
        let queue = |action| Pacer::new(pace, SharedPace::of(store, pace, action));
        Self { pace, queues: Action::ALL.map(queue) }
    }

    /// How fast they are.
    pub fn pace(&self) -> Pace {
        self.pace
    }

    /// The queue before an action.
    pub fn of(&self, action: Action) -> &Pacer {
        &self.queues[action as usize]
    }
}
