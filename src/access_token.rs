//! The result of an exchange.

use std::fmt;

use crate::assertion::is_visible_ascii;
use crate::error::{Error, Result};
use crate::value::{Members, Object, Value};

/// Whole seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct UnixTime(f64); // as JavaScript has it: no 64-bit integers to convert

impl UnixTime {
    /// The second in which a host's millisecond clock stands.
    pub fn from_millis(millis: f64) -> Self {
        Self((millis / 1000.0).floor())
    }

    /// This many seconds later.
    pub fn plus(self, seconds: u32) -> Self {
        Self(self.0 + f64::from(seconds))
    }

    /// Seconds since the epoch.
    pub fn seconds(self) -> f64 {
        self.0
    }
}

/// A short-lived bearer token (RFC 6750).
#[derive(Clone, PartialEq)]
pub struct AccessToken {
    /// The bearer value: visible ASCII.
    pub token: String,
    /// When it expires, counted from the moment at which it was asked for.
    pub expires_at: UnixTime,
    /// The scope that was granted. Empty when the server did not say.
    pub scope: String,
}

impl Members for AccessToken {
    fn put_into(&self, object: &mut impl Object) {
        object.put("token", self.token.as_str());
        object.put("expiresAt", &self.expires_at.seconds());
        if !self.scope.is_empty() {
            object.put("scope", self.scope.as_str());
        }
    }
}

/// What an access token provider of somebody's own returned: the bearer value, and `None` when it never expires.
pub fn provided<V: Value>(given: &V) -> Result<(String, Option<UnixTime>)> {
    let token = given.text_of("token");
    let expires_at = match given.member("expiresAt") {
        Some(never) if never.is_null() => Some(None),
        // Whoever says milliseconds would keep a token for millennia.
        Some(seconds) => seconds.number().filter(|seconds| (0.0..1e11).contains(seconds)).map(|at| Some(UnixTime(at))),
        None => None,
    };
    match expires_at {
        Some(expires_at) if !token.is_empty() && is_visible_ascii(&token) => Ok((token, expires_at)),
        _ => Err(Error::option("provider", "return { token, expiresAt }, expiresAt in Unix seconds or null")),
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken([redacted])")
    }
}
