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
        let mut excess = (self.last.len() + 1).saturating_sub(Self::KEPT);
        self.last.retain(|sent| {
            let oldest = excess > 0;
            excess -= usize::from(oldest);
            !oldest && sent.signing_input != signing_input
        });
        self.last.push(Sent { signing_input: signing_input.to_owned(), answered: failure.is_none() });
    }

    /// Whether this very JWT was sent before. Its claims are not looked at.
    pub fn contains(&self, assertion: &Assertion) -> bool {
        assertion.signing_input().is_some_and(|input| self.last.iter().any(|sent| sent.signing_input == input))
    }

    /// Whether `assertion`, or one with its `jti`, was sent before.
    pub fn find<V: Value>(&self, assertion: &Assertion) -> Option<Resent> {
        let signing_input = assertion.signing_input()?;
        if let Some(sent) = self.last.iter().find(|sent| sent.signing_input == signing_input) {
            return Some(Resent { other_jwt: false, answered: sent.answered });
        }
        let id = unique_id::<V>(signing_input)?;
        let sent =
            self.last.iter().find(|sent| unique_id::<V>(&sent.signing_input).is_some_and(|other| other == id))?;
        Some(Resent { other_jwt: true, answered: sent.answered })
    }
}

/// What makes an assertion unique (RFC 7519 §4.1.7): its `iss` and `jti`. `None` without a `jti`.
fn unique_id<V: Value>(signing_input: &str) -> Option<String> {
    let claims = decode::<V>(signing_input)?.claims;
    let jti = claims.text_of("jti");
    (!jti.is_empty()).then(|| claims.text_of("iss") + " " + &jti)
}
