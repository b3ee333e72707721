//! The policy behind the package's `TokenCache`, and what `authenticatedFetch` asks.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use crate::access_token::UnixTime;
use crate::api_request;
use crate::config::given;
use crate::error::{Error, Stage};
use crate::js::error::{Failure, throwable};
use crate::js::options;
use crate::token_cache::{Now, Refresh, Settings, Step, TokenCache};
use crate::value::Value;

/// When to serve a token and when to refresh it. Times are the host's: milliseconds.
#[wasm_bindgen]
pub struct TokenPolicy(RefCell<TokenCache>);

#[wasm_bindgen]
impl TokenPolicy {
    /// Takes `TokenCacheOptions`, the provider, and how long it may take.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, provider: &JsValue, timeout_ms: f64) -> Result<Self, JsValue> {
        let checked = || {
            if !provider.is_function() {
                return Err(Error::option("provider", "be a function or a WorkloadIdentity"));
            }
            options::function(options, "waitUntil")?;
            options::function(options, "onRefreshError")?;
            Settings::new(options, timeout_ms)
        };
        let settings = checked().map_err(throwable)?;
        Ok(Self(RefCell::new(TokenCache::new(settings))))
    }

    /// What to do for a call.
    pub fn step(&self, force: bool, wall: f64, steady: f64) -> u32 {
        encoded(self.0.borrow_mut().step(force, now(wall, steady)))
    }

    /// What to do for a caller that waits no longer.
    #[wasm_bindgen(js_name = giveUp)]
    pub fn give_up(&self, lost: u32, force: bool, wall: f64, steady: f64) -> u32 {
        encoded(self.0.borrow_mut().give_up(Refresh(lost), force, now(wall, steady)))
    }

    /// Whether the provider is to be told to force.
    pub fn forces(&self) -> bool {
        self.0.borrow().forces()
    }

    /// A refresh brought a token.
    pub fn succeed(&self, refresh: u32, token: &JsValue, wall: f64, steady: f64, random: f64) -> Result<bool, JsValue> {
        let expires_at = given(token, "expiresAt").map(|seconds| seconds.number());
        let value = token.text_of("token");
        if value.is_empty() || expires_at == Some(None) {
            return Err(throwable(Error::option("provider", "return a token and its expiresAt")));
        }
        let expires_at = expires_at.flatten().map(|seconds| UnixTime::from_millis(seconds * 1000.0));
        Ok(self.0.borrow_mut().succeed(Refresh(refresh), &value, expires_at, now(wall, steady), random))
    }

    /// A refresh failed.
    pub fn fail(&self, refresh: u32, retry_after: Option<f64>, wall: f64, steady: f64) {
        self.0.borrow_mut().fail(Refresh(refresh), retry_after, now(wall, steady));
    }

    /// The API refused a token.
    pub fn invalidate(&self, rejected: Option<String>) -> bool {
        self.0.borrow_mut().invalidate(rejected.as_deref())
    }
}

fn now(wall: f64, steady: f64) -> Now {
    Now { wall: UnixTime::from_millis(wall), steady: steady / 1000.0 }
}

/// The kind of step in the lowest two bits, the number of the refresh above.
fn encoded(step: Step) -> u32 {
    match step {
        Step::Serve => 0,
        Step::ServeAndRefresh(Refresh(refresh)) => refresh << 2 | 1,
        Step::Join(Refresh(refresh)) => refresh << 2 | 2,
        Step::Lead(Refresh(refresh)) => refresh << 2 | 3,
    }
}

/// An `ERR_ABORTED`.
#[wasm_bindgen]
pub fn aborted(reason: JsValue) -> JsValue {
    throwable(Failure::new(Error::Aborted, reason))
}

/// An `ERR_TIMEOUT`.
#[wasm_bindgen(js_name = timedOut)]
pub fn timed_out() -> JsValue {
    throwable(Box::new(Error::Timeout(Stage::Headers)))
}

/// The `anthropic-beta` header of a call of the API.
#[wasm_bindgen(js_name = betaFlags)]
pub fn beta_flags(set_by_caller: &str) -> String {
    api_request::beta_flags(set_by_caller)
}

/// Whether a URL lies at or below a base URL.
#[wasm_bindgen]
pub fn covers(base_url: JsValue, href: &str) -> Result<bool, JsValue> {
    Ok(options::base_url(Some(base_url)).map_err(throwable)?.covers(href))
}
