//! Several instances agree by one Redis.
//!
//! * [`line`]: the one connection, made anew when it breaks.
//!
//! Whatever must be one step is one Lua script, in the files beside this one. Time is Redis' own, so
//! that instances whose clocks differ agree. Where Redis cannot be asked, nothing is assumed.

mod line;

use std::sync::Arc;
use std::time::Duration;

use ::redis::Script;
use governor::Quota;

use super::{Hash, LockOut, Unavailable, Wait};
use crate::config::RedisConfig;
use crate::digest::hex;
use line::Line;

/// One Redis, through one connection. Clones are the same. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Redis(Arc<Inner>);

struct Inner {
    line: Line,
    prefix: String,
    keep: Script,
    spend: Script,
    guess: Script,
    limit: Script,
}

impl Redis {
    /// The configured Redis. It is asked for nothing yet, and need not be there.
    pub fn new(config: &RedisConfig) -> Self {
        // For `rediss:`; whoever was first has installed the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self(Arc::new(Inner {
            line: Line::new(config.client.clone()),
            prefix: config.prefix.clone(),
            keep: Script::new(include_str!("keep.lua")),
            spend: Script::new(include_str!("spend.lua")),
            guess: Script::new(include_str!("guess.lua")),
            limit: Script::new(include_str!("limit.lua")),
        }))
    }

    /// Tokens are of one run of Redis: after a restart, or where a replica takes over, the tokens read
    /// back could be ones that are spent already. Nobody accepts those; a page asks for a new one.
    fn token_key(&self, run: &str, token: &Hash) -> String {
        format!("{}t:{run}:{}", self.0.prefix, hex(token))
    }

    fn key(&self, kind: &str, hash: &Hash) -> String {
        format!("{}{kind}:{}", self.0.prefix, hex(hash))
    }

    pub(super) async fn keep_token(
        &self,
        token: &Hash,
        bound_to: &Hash,
        uses: u8,
        lifetime: Duration,
    ) -> Result<(), Unavailable> {
        let asking = self.0.line.ask(async |mut connected| {
            let key = self.token_key(&connected.run, token);
            let mut script = self.0.keep.key(key);
            script.arg(hex(bound_to)).arg(uses).arg(milliseconds(lifetime));
            script.invoke_async::<u8>(&mut connected.connection).await
        });
        asking.await.map(drop)
    }

    pub(super) async fn spend_token(
        &self,
        token: &Hash,
        bound_to: &Hash,
    ) -> Result<bool, Unavailable> {
        let asking = self.0.line.ask(async |mut connected| {
            let key = self.token_key(&connected.run, token);
            let mut script = self.0.spend.key(key);
            script.arg(hex(bound_to)).invoke_async::<u8>(&mut connected.connection).await
        });
        Ok(asking.await? == 1)
    }

    pub(super) async fn keep_session(
        &self,
        id: &Hash,
        user: &str,
        lifetime: Duration,
    ) -> Result<(), Unavailable> {
        let mut set = redis::cmd("SET");
        set.arg(self.key("s", id)).arg(user).arg("PX").arg(milliseconds(lifetime));
        self.command(set).await
    }

    pub(super) async fn session(&self, id: &Hash) -> Result<Option<String>, Unavailable> {
        let mut get = redis::cmd("GET");
        get.arg(self.key("s", id));
        self.command(get).await
    }

    pub(super) async fn end_session(&self, id: &Hash) -> Result<(), Unavailable> {
        let mut del = redis::cmd("DEL");
        del.arg(self.key("s", id));
        self.command::<u64>(del).await.map(drop)
    }

    pub(super) async fn begin_guess(
        &self,
        who: &Hash,
        rule: &LockOut,
    ) -> Result<Result<(), Wait>, Unavailable> {
        let mut script = self.0.guess.key(self.key("g", who));
        script.arg(rule.free);
        for time in [rule.first, rule.longest, rule.memory] {
            script.arg(milliseconds(time));
        }
        let asking = self
            .0
            .line
            .ask(async |mut connected| script.invoke_async::<u64>(&mut connected.connection).await);
        Ok(waited(Duration::from_millis(asking.await?)))
    }

    pub(super) async fn forget_guesses(&self, who: &Hash) -> Result<(), Unavailable> {
        let mut del = redis::cmd("DEL");
        del.arg(self.key("g", who));
        self.command::<u64>(del).await.map(drop)
    }

    pub(super) async fn take(
        &self,
        name: &str,
        quota: &Quota,
        key: &Hash,
    ) -> Result<Result<(), Wait>, Unavailable> {
        let interval = quota.replenish_interval().as_micros().max(1) as u64;
        let mut script = self.0.limit.key(self.key(&format!("l:{name}"), key));
        script.arg(interval).arg(quota.burst_size().get());
        let asking = self
            .0
            .line
            .ask(async |mut connected| script.invoke_async::<u64>(&mut connected.connection).await);
        Ok(waited(Duration::from_micros(asking.await?)))
    }

    pub(super) async fn ready(&self) -> Result<(), Unavailable> {
        self.command::<String>(redis::cmd("PING")).await.map(drop)
    }

    async fn command<T: redis::FromRedisValue>(
        &self,
        command: redis::Cmd,
    ) -> Result<T, Unavailable> {
        let asking = self
            .0
            .line
            .ask(async |mut connected| command.query_async(&mut connected.connection).await);
        asking.await
    }
}

/// Redis refuses 0, and nothing here lasts longer than a year.
fn milliseconds(duration: Duration) -> u64 {
    const YEAR: u128 = 366 * 24 * 3600 * 1000;
    duration.as_millis().clamp(1, YEAR) as u64
}

fn waited(wait: Duration) -> Result<(), Wait> {
    if wait.is_zero() { Ok(()) } else { Err(Wait(wait)) }
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redis")
    }
}
