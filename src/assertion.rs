//! The identity token on its way to the token endpoint.

use std::fmt;

use crate::error::{Error, IdentityTokenProblem, Result};
use crate::value::Value;

/// An identity token that may be sent as the `assertion` of a token request (RFC 7521 §4.1): one line of visible ASCII.
///
/// A secret until it has been exchanged or has expired, so its `Debug` says `[redacted]` and it has no `Display`.
#[derive(Clone)]
pub struct Assertion(String);

/// A JWT's header and claims (RFC 7519), decoded **without verifying anything**: good for explaining a refusal only.
pub struct UnverifiedJwt<V> {
    /// The JOSE header.
    pub header: V,
    /// The claims.
    pub claims: V,
}

impl Assertion {
    /// The most bytes that the token endpoint accepts.
    pub const MAX_BYTES: usize = 16_384;

    /// Takes what an identity token provider returned; `None` stands for anything but a string.
    pub fn new(identity_token: Option<&str>) -> Result<Self> {
        let token = identity_token.map(str::trim_ascii);
        let problem = match token {
            None => IdentityTokenProblem::NotAString,
            Some("") => IdentityTokenProblem::Empty,
            Some(token) if token.len() > Self::MAX_BYTES => IdentityTokenProblem::TooLarge,
            Some(token) if !is_visible_ascii(token) => IdentityTokenProblem::NotVisibleAscii,
            Some(token) => return Ok(Self(token.to_owned())),
        };
        Err(Box::new(Error::InvalidIdentityToken(problem)))
    }

    /// The secret itself, for the request body.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Header and claims without the signature, still encoded. `None` unless there are three segments.
    pub fn signing_input(&self) -> Option<&str> {
        let signature = self.0.bytes().rev().position(|byte| byte == b'.')?;
        let input = self.0.get(..self.0.len() - signature - 1)?;
        (input.bytes().filter(|byte| *byte == b'.').count() == 1).then_some(input)
    }

    /// What the JWT says of itself. `None` when it is no JWT.
    pub fn unverified<V: Value>(&self) -> Option<UnverifiedJwt<V>> {
        decode(self.signing_input()?)
    }
}

/// Decodes a [signing input](Assertion::signing_input).
pub fn decode<V: Value>(signing_input: &str) -> Option<UnverifiedJwt<V>> {
    let dot = signing_input.bytes().position(|byte| byte == b'.')?;
    let (header, claims) = (signing_input.get(..dot)?, signing_input.get(dot + 1..)?);
    Some(UnverifiedJwt { header: segment(header)?, claims: segment(claims)? })
}

fn segment<V: Value>(base64url: &str) -> Option<V> {
    V::parse_bytes(&base64url_decode(base64url)?)
}

/// RFC 7515 §2. Written out, because every base64 crate costs the module more than these lines.
fn base64url_decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0_u32);
    for digit in text.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8); // the bits above are older bytes
        }
    }
    Some(bytes)
}

/// Whether a text may stand in an HTTP header as a bearer value: 0x21 to 0x7E only.
pub fn is_visible_ascii(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

impl fmt::Debug for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Assertion([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_shows_itself() {
        let assertion = Assertion::new(Some("header.claims.signature")).unwrap();
        assert_eq!(format!("{assertion:?}"), "Assertion([redacted])");
    }

    #[test]
    fn is_trimmed_at_both_ends_and_nowhere_else() {
        assert_eq!(Assertion::new(Some(" \t a.b.c\r\n")).unwrap().expose(), "a.b.c");
        for refused in ["a.b\n.c", "a b.c.d", "é.b.c", "a.b.c\u{7f}", "a\0"] {
            assert!(Assertion::new(Some(refused)).is_err(), "{refused:?}");
        }
    }

    #[test]
    fn base64url_as_in_rfc_7515() {
        assert_eq!(base64url_decode("A-z_4ME").unwrap(), [3, 236, 255, 224, 193]); // appendix C
        assert_eq!(base64url_decode("").unwrap(), []);
        assert!(base64url_decode("a+b/").is_none());
        assert!(base64url_decode("ab==").is_none());
    }

    #[test]
    fn only_three_segments_are_a_jwt() {
        for (token, expected) in [("a.b.c", Some("a.b")), ("a.b", None), ("a", None), ("a.b.c.d.e", None)] {
            assert_eq!(Assertion::new(Some(token)).unwrap().signing_input(), expected, "{token}");
        }
    }
}
