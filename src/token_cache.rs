//! When to serve a token, when to refresh it, and who does: a state machine over what happened and what time it is.
//!
//! What holds after every step, whatever calls, completions, failures, losses, invalidations and clocks do:
//!
//! 1. **An expired token is never served**, nor one that was invalidated.
//! 2. **At most one refresh is live per generation.** An invalidation begins a new generation; a refresh that was not
//!    heard of for [`Settings::timeout`] is no longer live.
//! 3. **Nobody waits for nothing:** [`Step::Join`] is only said while a refresh is live.
//! 4. **An older result never replaces a newer one**, and none of an older generation is kept.
//! 5. **After the last fault, the next call succeeds.** A failure leaves nothing behind but a pause of background
//!    refreshes, and that ends by itself or with the token.
//!
//! It waits for nothing and holds no promise: the host does what a [`Step`] says, and tells what came of it.

use crate::access_token::UnixTime;
use crate::config::{self, number};
use crate::error::Result;
use crate::value::Value;

/// Seconds between background refreshes after one has failed, unless the server asks for more.
const BACKOFF: f64 = 5.0;
/// Seconds for which a token counts as new, so that a storm of forced calls costs one exchange.
const NEW: f64 = 5.0;
const SECONDS: (f64, f64) = (0.0, f64::MAX);
/// Seconds by which a wall clock may go back without being noticed. Time is set in small steps all the time.
const SLACK: f64 = 2.0;

/// Seconds. A provider keeps its own limit and then says more than we could, so it is waited for a little longer.
const GRACE: f64 = 0.5;
/// Timers may fire a moment before their time.
const EARLY: f64 = 0.99;

/// What the clocks of the host say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Now {
    /// The wall clock, which may be set in either direction.
    pub wall: UnixTime,
    /// Seconds of a clock that never goes back, from any beginning. It may stand still while a machine sleeps.
    pub steady: f64,
}

/// How tokens are refreshed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Seconds before expiry from which a refresh starts behind the caller's back. By default a fifth of the lifetime,
    /// at most 120.
    pub advisory: Option<f64>,
    /// Seconds before expiry from which callers wait. By default a tenth of the lifetime, at most 30.
    pub mandatory: Option<f64>,
    /// The share of the time between both over which the start of background refreshes is spread, 0 to 1.
    pub jitter: f64,
    /// Seconds after which a refresh that was not heard of is lost.
    pub timeout: f64,
    /// Seconds that the provider allows itself.
    pub limit: f64,
}

impl Settings {
    /// Reads the options by their JavaScript names; `limit_ms` is the provider's, if it has one.
    pub fn new<V: Value>(options: &V, limit_ms: Option<f64>) -> Result<Self> {
        let limit_ms = limit_ms.unwrap_or(config::DEFAULT_TIMEOUT_MS);
        Ok(Self {
            advisory: number(options, "advisoryRefresh", SECONDS, "be seconds")?,
            mandatory: number(options, "mandatoryRefresh", SECONDS, "be seconds")?,
            jitter: number(options, "jitter", (0.0, 1.0), "be from 0 to 1")?.unwrap_or(0.25),
            timeout: config::timeout_ms(options)?.unwrap_or(limit_ms) / 1000.0,
            limit: limit_ms / 1000.0,
        })
    }
}

/// A refresh under way. Later ones have larger numbers.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Refresh(pub u32);

/// What to do for a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Answer with the token that was kept.
    Serve,
    /// Answer with the token that was kept, and refresh it in the background.
    ServeAndRefresh(Refresh),
    /// Wait for the refresh that is under way.
    Join(Refresh),
    /// Refresh, and answer with the outcome.
    Lead(Refresh),
    /// Answer that it takes too long.
    TimeOut,
}

/// The state.
#[derive(Debug)]
pub struct TokenCache {
    settings: Settings,
    kept: Option<Kept>,
    live: Option<Live>,
    last: Refresh,
    /// What was begun up to here is of an older generation.
    invalidated: Refresh,
    /// Whether the next refresh must not be answered from a cache behind the provider.
    force: bool,
    /// No background refresh before this, by the steady clock.
    pause_until: f64,
}

#[derive(Debug)]
struct Kept {
    token: String,
    by: Refresh,
    /// By the steady clock.
    since: f64,
    /// By the wall clock. When that was set back the token's age cannot be told by it, and the steady one may have slept.
    good_from: f64,
    /// From then on it is to be refreshed in the background.
    fresh_until: Limit,
    /// From then on it is not served.
    good_until: Limit,
}

/// A moment, by whichever of the two clocks comes there first.
#[derive(Clone, Copy, Debug)]
struct Limit {
    wall: f64,
    steady: f64,
}

#[derive(Clone, Copy, Debug)]
struct Live {
    refresh: Refresh,
    since: f64,
}

impl TokenCache {
    /// An empty cache.
    pub fn new(settings: Settings) -> Self {
        let none = Refresh(0);
        Self { settings, kept: None, live: None, last: none, invalidated: none, force: false, pause_until: f64::MIN }
    }

    /// Decides what to do for a call that comes now; `force`: a token that was kept is not good enough, unless it is new.
    pub fn step(&mut self, force: bool, now: Now) -> Step {
        if let Some(kept) = &self.kept
            && kept.is_good(now)
            && (!force || now.steady - kept.since < NEW)
        {
            if kept.fresh_until.is_after(now) || now.steady < self.pause_until || self.live(now).is_some() {
                return Step::Serve;
            }
            return Step::ServeAndRefresh(self.begin(now));
        }
        if let Some(live) = self.live(now) {
            return Step::Join(live);
        }
        self.force |= force;
        Step::Lead(self.begin(now))
    }

    /// To be called by a caller that has waited for `lost` in vain, and for so many seconds in all. It leads, unless somebody else
    /// has begun since. Of many callers only one can be next, so that each waits for others only for as long as it may take to
    /// join one refresh and to make another.
    pub fn give_up(&mut self, lost: Refresh, force: bool, waited: f64, now: Now) -> Step {
        self.end(lost);
        let enough = EARLY * (self.settings.timeout + self.settings.limit);
        match self.step(force, now) {
            Step::Join(_) if waited >= enough => Step::TimeOut,
            step => step,
        }
    }

    /// For how many seconds a caller waits for what a step has it wait for.
    pub fn patience(&self, step: Step) -> f64 {
        match step {
            Step::Join(_) => self.settings.timeout,
            _ => self.settings.limit + GRACE,
        }
    }

    /// Whether the provider is to be told that a token which it may have kept itself is not good enough.
    pub fn forces(&self) -> bool {
        self.force
    }

    /// A refresh brought a token; `expires_at` is `None` when it never expires, `random` is from 0 to 1. Returns whether the
    /// token is kept, to be served from now on.
    pub fn succeed(
        &mut self,
        refresh: Refresh,
        token: &str,
        expires_at: Option<UnixTime>,
        now: Now,
        random: f64,
    ) -> bool {
        self.end(refresh);
        if refresh <= self.invalidated || self.kept.as_ref().is_some_and(|kept| kept.by > refresh) {
            return false;
        }
        let lifetime = expires_at.map_or(f64::INFINITY, |at| at.seconds() - now.wall.seconds());
        let (advisory, mandatory) = self.settings.windows(lifetime, random);
        let left = |seconds| Limit { wall: now.wall.seconds() + seconds, steady: now.steady + seconds };
        self.kept = Some(Kept {
            token: token.to_owned(),
            by: refresh,
            since: now.steady,
            good_from: if lifetime.is_finite() { now.wall.seconds() - SLACK } else { f64::MIN },
            fresh_until: left(lifetime - advisory),
            good_until: left(lifetime - mandatory),
        });
        self.force = false;
        self.pause_until = f64::MIN;
        true
    }

    /// A refresh failed. The server may have said after how many seconds to try again.
    pub fn fail(&mut self, refresh: Refresh, retry_after: Option<f64>, now: Now) {
        self.end(refresh);
        self.pause_until = now.steady + retry_after.unwrap_or_default().max(BACKOFF);
    }

    /// The API refused a token: this one, or with `None` whichever is kept. Returns whether the kept token is dropped.
    pub fn invalidate(&mut self, rejected: Option<&str>) -> bool {
        if rejected.is_some_and(|rejected| self.kept.as_ref().is_none_or(|kept| kept.token != rejected)) {
            return false; // late news of an older token
        }
        self.kept = None;
        self.invalidated = self.last;
        self.force = true;
        self.pause_until = f64::MIN;
        true
    }

    fn begin(&mut self, now: Now) -> Refresh {
        self.last = Refresh(self.last.0.wrapping_add(1));
        self.live = Some(Live { refresh: self.last, since: now.steady });
        self.last
    }

    fn end(&mut self, refresh: Refresh) {
        self.live = self.live.filter(|live| live.refresh != refresh);
    }

    fn live(&self, now: Now) -> Option<Refresh> {
        let live = self.live.filter(|live| live.refresh > self.invalidated)?;
        (now.steady - live.since < self.settings.timeout).then_some(live.refresh)
    }
}

impl Settings {
    /// Seconds before expiry from which a token of that lifetime is refreshed in the background, and from which it is not served.
    fn windows(&self, lifetime: f64, random: f64) -> (f64, f64) {
        // Windows as long as the lifetime would make every call an exchange.
        let window = |set: Option<f64>, default: f64| set.unwrap_or(default).min(lifetime / 2.0);
        let mandatory = window(self.mandatory, (lifetime / 10.0).min(30.0));
        let advisory = window(self.advisory, (lifetime / 5.0).min(120.0)).max(mandatory);
        (advisory - random * self.jitter * (advisory - mandatory), mandatory)
    }
}

impl Kept {
    /// Whether it may be served.
    fn is_good(&self, now: Now) -> bool {
        now.wall.seconds() >= self.good_from && self.good_until.is_after(now)
    }
}

impl Limit {
    fn is_after(self, now: Now) -> bool {
        now.wall.seconds() < self.wall && now.steady < self.steady
    }
}
