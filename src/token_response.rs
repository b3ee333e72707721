//! What the token endpoint answered (RFC 6749 §5).

use crate::access_token::{AccessToken, UnixTime};
use crate::assertion::is_visible_ascii;
use crate::diagnosis;
use crate::error::{Error, Result};
use crate::redaction::Redaction;
use crate::sent_assertions::SentAssertions;
use crate::token_request::TokenRequest;
use crate::value::Value;

/// A response of which the body was read to its end, or to its limit.
#[derive(Default)]
pub struct TokenResponse {
    /// The HTTP status; 0 for a redirect that the host hides.
    pub status: u16,
    /// The `request-id` header, or nothing.
    pub request_id: String,
    /// The `retry-after` header, or nothing.
    pub retry_after: String,
    /// What was sent.
    pub body: Body,
}

/// What was sent, and what is known of it.
pub struct Attempt<'a> {
    /// What was sent.
    pub request: &'a TokenRequest<'a>,
    /// What this instance had sent before.
    pub sent_before: &'a SentAssertions,
    /// When. Lifetimes count from here: the server's clock started later.
    pub requested_at: UnixTime,
}

/// A response body while it is being read.
#[derive(Default)]
pub struct Body {
    text: String,
    bytes: u32,
}

impl Body {
    /// The most bytes that are read, of a success and of an error alike.
    pub const MAX_BYTES: u32 = 1_048_576;

    /// Whether a chunk of that many bytes may be decoded and [pushed](Self::push). After a `false` nothing more is to be read.
    pub fn admits(&mut self, bytes: u32) -> bool {
        self.bytes = self.bytes.saturating_add(bytes);
        self.bytes <= Self::MAX_BYTES
    }

    /// Takes the text of a chunk that was admitted.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The whole text; `None` when it is too large.
    fn text(&self) -> Option<&str> {
        (self.bytes <= Self::MAX_BYTES).then_some(&self.text)
    }
}

/// A response other than 2xx.
pub struct ErrorResponse {
    /// The HTTP status.
    pub status: u16,
    /// What the server said, redacted.
    pub body: ErrorBody,
    /// For the vendor's support, or nothing.
    pub request_id: String,
    /// Seconds.
    pub retry_after: Option<u32>,
    /// What most likely went wrong and what to do, or nothing.
    pub hint: String,
}

/// What may be shown of a refusal: the members of the two documented shapes, or the text that stood in their place.
/// Nothing else of a body is kept, because any member may echo a secret.
#[derive(Debug, PartialEq)]
pub enum ErrorBody {
    /// `type` and `message` of the API's `error`, or `error`, `error_description` and `error_uri` (RFC 6749 §5.2), as many
    /// of them as there are.
    Members(Vec<(&'static str, String)>),
    /// The beginning of a body that is not JSON. May be empty.
    Text(String),
}

/// Ten years. A lifetime beyond it is a mistake, not a token to keep.
const MAX_EXPIRES_IN: f64 = 315_360_000.0;

const MAX_ID_CHARS: usize = 100;
const MAX_TEXT_CHARS: usize = 1000;

impl TokenResponse {
    /// The access token, or why there is none. Fails closed: whatever RFC 6749 §5.1 does not allow is refused.
    pub fn access_token<V: Value>(&self, attempt: &Attempt<'_>) -> Result<AccessToken> {
        let redaction = Redaction::of(attempt.request.assertion);
        let status = self.status;
        let request_id = redaction.scrub(&self.request_id, MAX_ID_CHARS);
        let text = self.body.text();
        let json = text.and_then(V::parse);
        if !(200..300).contains(&status) {
            let (body, request_id) = match &json {
                Some(json) if request_id.is_empty() => {
                    (ErrorBody::of_json(json, &redaction), redaction.scrub(&json.text_of("request_id"), MAX_ID_CHARS))
                }
                Some(json) => (ErrorBody::of_json(json, &redaction), request_id),
                None => (
                    ErrorBody::Text(redaction.scrub(text.unwrap_or_default().trim_ascii(), MAX_TEXT_CHARS)),
                    request_id,
                ),
            };
            let retry_after = retry_after::<V>(&self.retry_after, attempt.requested_at);
            let hint = diagnosis::hint::<V>(status, &body, attempt);
            return Err(Box::new(Error::Refused(ErrorResponse { status, body, request_id, retry_after, hint })));
        }
        let problem = match json {
            None if text.is_none() => "is larger than 1 MiB",
            None => "is not JSON",
            Some(json) => match success(&json, attempt.requested_at) {
                Ok(token) => return Ok(token),
                Err(problem) => problem,
            },
        };
        Err(Box::new(Error::InvalidResponse { status, request_id, problem }))
    }
}

fn success<V: Value>(json: &V, requested_at: UnixTime) -> core::result::Result<AccessToken, &'static str> {
    let token = json.text_of("access_token");
    if token.is_empty() || !is_visible_ascii(&token) {
        return Err("has no access_token of visible ASCII");
    }
    if json.member("token_type").is_some() && !json.text_of("token_type").eq_ignore_ascii_case("bearer") {
        return Err("has a token_type other than Bearer");
    }
    let lifetime = json.member("expires_in").and_then(|seconds| lifetime(&seconds));
    let expires_at = requested_at.plus(lifetime.ok_or("has no expires_in from 1 second to 10 years")?);
    Ok(AccessToken { token, expires_at, scope: json.text_of("scope") })
}

impl ErrorBody {
    fn of_json<V: Value>(json: &V, redaction: &Redaction<'_>) -> Self {
        let Some(error) = json.member("error") else { return Self::Members(Vec::new()) };
        let (object, names): (_, &[_]) = match error.text() {
            Some(_) => (json, &["error", "error_description", "error_uri"]),
            None => (&error, &["type", "message"]),
        };
        let mut members = Vec::new();
        for name in names {
            let value = redaction.scrub(&object.text_of(name), MAX_TEXT_CHARS);
            if !value.is_empty() {
                members.push((*name, value));
            }
        }
        Self::Members(members)
    }

    /// Whether this is the OAuth error of that name.
    pub fn is(&self, error: &str) -> bool {
        matches!(self, Self::Members(members) if members.iter().any(|(_, value)| value == error))
    }
}

/// The seconds or the date of a `Retry-After` header (RFC 9110 §10.2.3).
fn retry_after<V: Value>(header: &str, now: UnixTime) -> Option<u32> {
    let seconds = V::parse(header).and_then(|seconds| seconds.number()); // first: hosts read "7" as a date too
    let seconds = seconds.unwrap_or_else(|| V::parse_date(header) / 1000.0 - now.seconds());
    (!seconds.is_nan()).then_some(seconds.max(0.0) as u32)
}

/// `expires_in` as a number, or as the string of a number that servers have sent as well.
fn lifetime<V: Value>(expires_in: &V) -> Option<u32> {
    let seconds = expires_in.number().or_else(|| V::parse(&expires_in.text()?)?.number())?;
    (1.0..=MAX_EXPIRES_IN).contains(&seconds).then_some(seconds as u32) // drops a fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_refused_as_soon_as_it_is_too_large() {
        let mut body = Body::default();
        assert!(body.admits(Body::MAX_BYTES));
        body.push("{}");
        assert!(body.admits(0));
        assert_eq!(body.text(), Some("{}"));
        assert!(!body.admits(1));
        assert!(!body.admits(0), "stays refused");
        assert!(body.text().is_none());
    }
}
