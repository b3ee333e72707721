//! What the token endpoint answered (RFC 6749 §5).

use serde::Serialize;

use crate::access_token::{AccessToken, UnixTime};
use crate::assertion::{Assertion, is_visible_ascii};
use crate::config::Config;
use crate::diagnosis;
use crate::error::Error;
use crate::redaction::Redaction;
use crate::sent_assertions::SentAssertions;
use crate::value::Value;

/// A response of which the body was read to its end, or to its limit.
pub struct TokenResponse {
    /// The HTTP status; 0 for a redirect that the host hides.
    pub status: u16,
    /// The `request-id` header.
    pub request_id: Option<String>,
    /// The `retry-after` header.
    pub retry_after: Option<RetryAfter>,
    /// What was sent.
    pub body: Body,
}

/// A `Retry-After` header (RFC 9110 §10.2.3).
pub struct RetryAfter {
    /// As it was sent.
    pub header: String,
    /// What the host's parser of dates makes of it, in milliseconds, or NaN.
    pub date_millis: f64,
}

/// What was sent, and to whom the answer matters.
pub struct Attempt<'a> {
    /// The configuration of the exchange.
    pub config: &'a Config,
    /// What was to be exchanged.
    pub assertion: &'a Assertion,
    /// What this instance had sent before.
    pub sent_before: &'a SentAssertions,
    /// When the request was sent. Lifetimes count from here: the server's clock started later.
    pub requested_at: UnixTime,
}

/// A response body while it is being read.
#[derive(Default)]
pub struct Body {
    bytes: Vec<u8>,
    too_large: bool,
}

impl Body {
    /// The most bytes that are read, of a success and of an error alike.
    pub const MAX_BYTES: usize = 1_048_576;

    /// Whether a chunk of that many bytes may be [pushed](Self::push). After a `false` nothing more needs to be read.
    pub fn admits(&mut self, bytes: usize) -> bool {
        self.too_large |= bytes > Self::MAX_BYTES.saturating_sub(self.bytes.len());
        !self.too_large
    }

    /// Takes a chunk that was admitted.
    pub fn push(&mut self, chunk: &[u8]) {
        self.bytes.extend_from_slice(chunk);
    }

    /// The whole text; `None` when it is too large or not UTF-8.
    fn text(&self) -> Option<&str> {
        let text = str::from_utf8(&self.bytes).ok().filter(|_| !self.too_large)?;
        Some(text.strip_prefix('\u{feff}').unwrap_or(text)) // a byte order mark
    }
}

/// A response other than 2xx.
pub struct ErrorResponse {
    /// The HTTP status.
    pub status: u16,
    /// What the server said, redacted.
    pub body: ErrorBody,
    /// For the vendor's support.
    pub request_id: Option<String>,
    /// Seconds.
    pub retry_after: Option<u32>,
    /// What most likely went wrong and what to do.
    pub hint: Option<String>,
}

/// The two documented shapes of an error, or the text that stood in their place. Nothing else of a body is kept,
/// because any member may echo a secret.
#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ErrorBody {
    /// The API's own: the members of `error`.
    Api {
        #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
        /// Such as `authentication_error`.
        kind: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        /// For people.
        message: Option<String>,
    },
    /// RFC 6749 §5.2.
    OAuth {
        /// Such as `invalid_grant`.
        error: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        /// For people.
        error_description: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        /// Of a page about the error.
        error_uri: Option<String>,
    },
    /// The beginning of a body that is not JSON.
    Text(String),
    /// Nothing that may be shown.
    Nothing,
}

/// Ten years. A lifetime beyond it is a mistake, not a token to keep.
const MAX_EXPIRES_IN: f64 = 315_360_000.0;

const MAX_KIND_CHARS: usize = 100;
const MAX_MESSAGE_CHARS: usize = 1000;

impl TokenResponse {
    /// The access token, or why there is none. Fails closed: whatever RFC 6749 §5.1 does not allow is refused.
    pub fn access_token<V: Value>(&self, attempt: &Attempt<'_>) -> Result<AccessToken, Error> {
        if !(200..300).contains(&self.status) {
            let mut refusal = self.error_response::<V>(attempt);
            refusal.hint = diagnosis::hint::<V>(&refusal, attempt);
            return Err(Error::Refused(Box::new(refusal)));
        }
        let text = self.body.text().ok_or_else(|| self.invalid(attempt, "is larger than 1 MiB, or not text"))?;
        let json = V::parse(text).ok_or_else(|| self.invalid(attempt, "is not JSON"))?;

        let token = json.text_of("access_token").filter(|token| !token.is_empty() && is_visible_ascii(token));
        let token = token.ok_or_else(|| self.invalid(attempt, "has no access_token of visible ASCII"))?;

        if json
            .member("token_type")
            .is_some_and(|kind| !kind.text().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")))
        {
            return Err(self.invalid(attempt, "has a token_type other than Bearer"));
        }
        let lifetime = json.member("expires_in").and_then(|seconds| lifetime(&seconds));
        let lifetime = lifetime.ok_or_else(|| self.invalid(attempt, "has no expires_in from 1 second to 10 years"))?;

        Ok(AccessToken { token, expires_at: attempt.requested_at.plus(lifetime), scope: json.text_of("scope") })
    }

    fn invalid(&self, attempt: &Attempt<'_>, problem: &'static str) -> Error {
        let redaction = Redaction::of(attempt.assertion);
        let request_id = self.request_id.as_ref().map(|id| redaction.scrub(id, MAX_KIND_CHARS));
        Error::InvalidResponse { status: self.status, request_id, problem }
    }

    fn error_response<V: Value>(&self, attempt: &Attempt<'_>) -> ErrorResponse {
        let redaction = Redaction::of(attempt.assertion);
        let text = self.body.text().unwrap_or_default();
        let json = V::parse(text);
        let request_id = self.request_id.clone().or_else(|| json.as_ref()?.text_of("request_id"));
        ErrorResponse {
            status: self.status,
            body: match json {
                Some(json) => ErrorBody::of_json(&json, &redaction),
                None if text.trim().is_empty() => ErrorBody::Nothing,
                None => ErrorBody::Text(redaction.scrub(text.trim(), MAX_MESSAGE_CHARS)),
            },
            request_id: request_id.map(|id| redaction.scrub(&id, MAX_KIND_CHARS)),
            retry_after: self.retry_after.as_ref().and_then(|header| header.seconds(attempt.requested_at)),
            hint: None,
        }
    }
}

impl ErrorBody {
    fn of_json<V: Value>(json: &V, redaction: &Redaction<'_>) -> Self {
        let Some(error) = json.member("error") else { return Self::Nothing };
        let scrubbed = |object: &V, name: &str, limit| Some(redaction.scrub(&object.text_of(name)?, limit));
        if let Some(error) = error.text() {
            return Self::OAuth {
                error: redaction.scrub(&error, MAX_KIND_CHARS),
                error_description: scrubbed(json, "error_description", MAX_MESSAGE_CHARS),
                error_uri: scrubbed(json, "error_uri", MAX_KIND_CHARS),
            };
        }
        match (scrubbed(&error, "type", MAX_KIND_CHARS), scrubbed(&error, "message", MAX_MESSAGE_CHARS)) {
            (None, None) => Self::Nothing,
            (kind, message) => Self::Api { kind, message },
        }
    }

    /// The machine-readable kind of the error.
    pub fn kind(&self) -> Option<&str> {
        match self {
            Self::Api { kind, .. } => kind.as_deref(),
            Self::OAuth { error, .. } => Some(error),
            Self::Text(_) | Self::Nothing => None,
        }
    }

    /// What the server said to people.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Api { message, .. } => message.as_deref(),
            Self::OAuth { error_description, .. } => error_description.as_deref(),
            Self::Text(text) => Some(text),
            Self::Nothing => None,
        }
    }
}

impl RetryAfter {
    fn seconds(&self, now: UnixTime) -> Option<u32> {
        // Digits first: hosts read "7" as a date too.
        let header = self.header.trim();
        if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
            return header.parse().ok();
        }
        let seconds = self.date_millis / 1000.0 - now.seconds();
        (!seconds.is_nan()).then_some(seconds.max(0.0).ceil() as u32) // saturates
    }
}

/// `expires_in` as a number, or as the decimal string that servers have sent as well.
fn lifetime<V: Value>(expires_in: &V) -> Option<u32> {
    let seconds = match expires_in.text() {
        Some(text) => decimal(&text)?,
        None => expires_in.number()?,
    };
    (1.0..=MAX_EXPIRES_IN).contains(&seconds).then_some(seconds as u32) // drops a fraction
}

/// The whole part of an unsigned decimal number. The standard parser of floats would be a fifth of the module.
fn decimal(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if whole.is_empty() || fraction.is_empty() || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    whole.bytes().try_fold(0.0, |value, digit| digit.is_ascii_digit().then(|| value * 10.0 + f64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_strings() {
        for (text, expected) in [("3600", 3600.0), ("0", 0.0), ("60.9", 60.0), ("007", 7.0)] {
            assert_eq!(decimal(text), Some(expected), "{text}");
        }
        for text in ["", ".", "1.", ".5", "-1", "+1", " 1", "1e3", "0x10", "1,5", "١", "Infinity", "NaN", "1.2.3"] {
            assert_eq!(decimal(text), None, "{text:?}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = UnixTime::from_millis(1_000_000.0);
        let seconds = |header: &str, date_millis| RetryAfter { header: header.into(), date_millis }.seconds(now);
        assert_eq!(seconds("7", 994_000_000_000.0), Some(7));
        assert_eq!(seconds(" 0 ", f64::NAN), Some(0));
        assert_eq!(seconds("Thu, 01 Jan 1970 00:17:10 GMT", 1_030_000.0), Some(30));
        assert_eq!(seconds("Thu, 01 Jan 1970 00:00:00 GMT", 0.0), Some(0));
        assert_eq!(seconds("soon", f64::NAN), None);
        assert_eq!(seconds("99999999999", f64::NAN), None);
        assert_eq!(seconds("", f64::NAN), None);
    }

    #[test]
    fn a_body_is_refused_as_soon_as_it_is_too_large() {
        let mut body = Body::default();
        assert!(body.admits(Body::MAX_BYTES));
        body.push(&vec![b' '; Body::MAX_BYTES]);
        assert!(body.admits(0));
        assert!(!body.admits(1));
        assert!(!body.admits(0), "stays refused");
        assert!(body.text().is_none());
    }
}
