//! The result of an exchange.

use std::fmt;

use serde::Serialize;

/// Whole seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize)]
pub struct UnixTime(f64); // a JavaScript number: no 64-bit integer conversions in the module

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

/// A short-lived bearer token (RFC 6750), in the shape in which JavaScript gets it.
#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessToken {
    /// The bearer value: visible ASCII.
    pub token: String,
    /// When it expires, counted from the moment at which it was asked for.
    pub expires_at: UnixTime,
    /// The scope that was granted, when the server said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken([redacted])")
    }
}
