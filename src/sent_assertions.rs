//! Which assertions an instance has sent lately: most may be exchanged only once.

use crate::assertion::{Assertion, decode};
use crate::error::Error;
use crate::value::Value;

/// Remembers the last few, without their signatures, so that nothing here could be exchanged.
#[derive(Default)]
pub struct SentAssertions {
    last: Vec<Sent>,
}

struct Sent {
    signing_input: String,
    answered: bool,
}

/// How an assertion is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resent {
    /// Not the same JWT, but one with the same `jti` of the same `iss`.
    pub other_jwt: bool,
    /// Whether the earlier exchange is known to have succeeded. Otherwise its answer was lost.
    pub answered: bool,
}

impl SentAssertions {
    const KEPT: usize = 8;

    /// To be called after every exchange. Remembers the assertion if it may have been used up: after a success, and
    /// when the answer was lost.
    pub fn note(&mut self, assertion: &Assertion, failure: Option<&Error>) {
        if failure.is_some_and(|error| !error.lost_answer()) {
            return;
        }
        let Some(signing_input) = assertion.signing_input() else { return };
        self.last.retain(|sent| sent.signing_input != signing_input);
        if self.last.len() >= Self::KEPT {
            self.last.remove(0);
        }
        self.last.push(Sent { signing_input: signing_input.to_owned(), answered: failure.is_none() });
    }

    /// Whether `assertion`, or one with its `jti`, was sent before.
    pub fn find<V: Value>(&self, assertion: &Assertion) -> Option<Resent> {
        let signing_input = assertion.signing_input()?;
        if let Some(sent) = self.last.iter().find(|sent| sent.signing_input == signing_input) {
            return Some(Resent { other_jwt: false, answered: sent.answered });
        }
        let id = unique_id::<V>(signing_input)?;
        let sent = self.last.iter().find(|sent| unique_id::<V>(&sent.signing_input).as_ref() == Some(&id))?;
        Some(Resent { other_jwt: true, answered: sent.answered })
    }
}

/// What makes an assertion unique (RFC 7519 §4.1.7): its `jti`, for one `iss`.
fn unique_id<V: Value>(signing_input: &str) -> Option<(String, Option<String>)> {
    let claims = decode::<V>(signing_input)?.claims;
    Some((claims.text_of("jti")?, claims.text_of("iss")))
}
