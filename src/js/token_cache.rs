//! The policy behind the package's `TokenCache`.

use js_sys::Math;
use wasm_bindgen::prelude::*;

use crate::access_token::{UnixTime, provided};
use crate::error::{Error, Stage};
use crate::js::error::{Failure, throwable};
use crate::js::options;
use crate::token_cache::{Now, Refresh, Settings, Step, TokenCache};
use crate::value::Value;

/// When to serve a token and when to refresh it. Times are the host's milliseconds, by its wall clock and by one that never goes
/// back; they are handed in, because a call from here to the host costs more than two arguments.
#[wasm_bindgen]
pub struct TokenPolicy(TokenCache);

#[wasm_bindgen]
impl TokenPolicy {
    /// Takes `TokenCacheOptions`, whether there is something that provides tokens, and its own limit if it has one.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, provides: bool, limit_ms: Option<f64>) -> Result<Self, JsValue> {
        let checked = || {
            if !provides {
                return Err(Error::option("provider", "be a function or a WorkloadIdentity"));
            }
            options::function(options, "waitUntil")?;
            options::function(options, "onRefreshError")?;
            Settings::new(options, limit_ms)
        };
        checked().map(TokenCache::new).map(Self).map_err(throwable)
    }

    /// What to do for a call: the kind of step in the lowest three bits, whether the provider is told to force in the next, the
    /// number of the refresh above. `force` is a number, because a boolean takes long to get here in some hosts. `lost` is the
    /// refresh for which the call has waited in vain, and `waited` how long it has waited in all, in milliseconds.
    pub fn step(&mut self, force: u32, lost: u32, waited: f64, wall: f64, steady: f64) -> u32 {
        let step = self.0.give_up(Refresh(lost), force != 0, waited / 1000.0, now(wall, steady));
        let (kind, Refresh(refresh)) = match step {
            Step::Serve => return 0,
            Step::ServeAndRefresh(refresh) => (1, refresh),
            Step::Join(refresh) => (2, refresh),
            Step::Lead(refresh) => (3, refresh),
            Step::TimeOut => return 4,
        };
        refresh << 4 | u32::from(self.0.forces()) << 3 | kind
    }

    /// For how many milliseconds a call waits that joins, or that leads.
    #[wasm_bindgen(js_name = patienceMs)]
    pub fn patience_ms(&self, joins: bool) -> f64 {
        let step = if joins { Step::Join } else { Step::Lead };
        1000.0 * self.0.patience(step(Refresh(0)))
    }

    /// What came of a refresh: an object with a `token`, or with an `error`, or with neither. Returns whether the token is kept,
    /// or what is wrong with it.
    pub fn settle(&mut self, refresh: u32, outcome: &JsValue, wall: f64, steady: f64) -> JsValue {
        let (refresh, now) = (Refresh(refresh), now(wall, steady));
        let problem = match outcome.member("token").map(|token| provided(&token)) {
            Some(Ok((token, expires_at))) => {
                return self.0.succeed(refresh, &token, expires_at, now, Math::random()).into();
            }
            Some(Err(problem)) => throwable(problem),
            None => JsValue::FALSE,
        };
        let retry_after = outcome.member("error").and_then(|error| error.member("retryAfter")?.number());
        self.0.fail(refresh, retry_after, now);
        problem
    }

    /// The API refused a token: this one, or whichever is kept. Returns whether the kept token is dropped.
    pub fn invalidate(&mut self, rejected: &JsValue) -> bool {
        self.0.invalidate(rejected.text().as_deref())
    }
}

fn now(wall: f64, steady: f64) -> Now {
    Now { wall: UnixTime::from_millis(wall), steady: steady / 1000.0 }
}

/// An `ERR_ABORTED`.
#[wasm_bindgen]
pub fn aborted(reason: JsValue) -> JsValue {
    throwable(Failure::new(Error::Aborted, reason))
}

/// An `ERR_INVALID_OPTIONS`.
#[wasm_bindgen(js_name = noSignal)]
pub fn no_signal() -> JsValue {
    throwable(Error::option("signal", "be an AbortSignal"))
}

/// An `ERR_TIMEOUT`.
#[wasm_bindgen(js_name = timedOut)]
pub fn timed_out() -> JsValue {
    throwable(Box::new(Error::Timeout(Stage::Headers)))
}
