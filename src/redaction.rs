//! Keeps secrets out of everything that a server, a proxy or somebody's code has said.

use crate::assertion::Assertion;

/// Knows what must not be shown: an assertion, the vendor's keys and tokens (`sk-ant-…`), and any JWT (`eyJ…`).
#[derive(Default)]
pub struct Redaction<'a> {
    assertion: Option<&'a str>,
    /// A bit for every ASCII character in the assertion, by the character's upper and lower bits.
    alphabet: [u32; 4],
}

const REDACTED: &str = "[redacted]";

/// This many characters in a row that also stand in the assertion are no coincidence. A JWT's segments are longer,
/// and a piece of one is found as well as the whole.
const WINDOW: usize = 16;

impl<'a> Redaction<'a> {
    /// Redacts this assertion besides whatever looks like a credential.
    pub fn of(assertion: &'a Assertion) -> Self {
        let assertion = assertion.expose();
        let mut alphabet = [0; 4];
        for byte in assertion.bytes() {
            if let Some(characters) = alphabet.get_mut(usize::from(byte >> 5)) {
                *characters |= 1 << (byte & 31);
            }
        }
        Self { assertion: Some(assertion), alphabet }
    }

    /// One line of at most about `max_chars` characters without secrets or control characters.
    pub fn scrub(&self, text: &str, max_chars: usize) -> String {
        let mut clean = String::new();
        let mut rest = text; // all of it: a cut could leave a piece of a secret that is too short to be recognised
        let mut chars = 0;
        while let Some(next) = rest.chars().next() {
            if chars >= max_chars {
                clean.push('…');
                break;
            }
            let secret = self.secret_at(rest);
            if secret > 0 {
                clean.push_str(REDACTED);
                chars += REDACTED.len();
                rest = rest.get(secret..).unwrap_or_default();
            } else {
                clean.push(if next.is_control() { ' ' } else { next });
                chars += 1;
                rest = rest.get(next.len_utf8()..).unwrap_or_default();
            }
        }
        clean
    }

    /// Whether [`scrub`](Self::scrub) would find a secret.
    pub fn finds_in(&self, text: &str) -> bool {
        text.char_indices().any(|(at, _)| self.secret_at(text.get(at..).unwrap_or_default()) > 0)
    }

    /// How many bytes of a secret `text` begins with.
    fn secret_at(&self, text: &str) -> usize {
        let assertion = self.assertion.map_or(0, |assertion| match text.strip_prefix(assertion) {
            Some(_) => assertion.len(),
            None if self.may_begin_a_piece(text) => common(text, assertion),
            None => 0,
        });
        assertion.max(credential(text))
    }

    /// Most windows of most texts have a character that the assertion lacks, and are passed over without a search.
    fn may_begin_a_piece(&self, text: &str) -> bool {
        let characters = |byte: u8| self.alphabet.get(usize::from(byte >> 5)).copied().unwrap_or_default();
        text.bytes().take(WINDOW).all(|byte| characters(byte) >> (byte & 31) & 1 == 1)
    }
}

/// How long the run at the start of `text` is that stands anywhere in `assertion`, from [`WINDOW`] on.
fn common(text: &str, assertion: &str) -> usize {
    let (text, mut there) = (text.as_bytes(), assertion.as_bytes());
    let mut longest = 0;
    while let Some((_, next)) = there.split_first() {
        longest = there.iter().zip(text).take_while(|(a, b)| a == b).count().max(longest);
        there = next;
    }
    if longest < WINDOW { 0 } else { longest }
}

/// How long the credential of a known kind at the start of `text` is.
fn credential(text: &str) -> usize {
    let begins = |prefix: &str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let run =
        || text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')).count();
    if begins("sk-ant-") {
        run()
    } else if begins("eyJ") {
        Some(run()).filter(|run| *run >= WINDOW).unwrap_or(0) // a shorter one is a word
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JWT: &str = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJyZXBvOmV4YW1wbGUifQ.c2lnbmF0dXJlLW9mLXRoaXMtand0";

    fn scrub(text: &str) -> String {
        let assertion = Assertion::new(Some(JWT)).unwrap();
        Redaction::of(&assertion).scrub(text, 1000)
    }

    #[test]
    fn the_assertion_and_its_pieces() {
        assert_eq!(scrub(&format!("bad {JWT}!")), "bad [redacted]!");
        for segment in JWT.split('.') {
            assert_eq!(scrub(&format!("<{segment}>")), "<[redacted]>");
        }
        assert_eq!(scrub(&format!("cut: {}…", &JWT[60..80])), "cut: [redacted]…");
        assert_eq!(scrub("c2lnbmF0"), "c2lnbmF0", "too short to tell");
    }

    #[test]
    fn a_short_assertion_as_a_whole() {
        let assertion = Assertion::new(Some("h.p.s")).unwrap();
        assert_eq!(Redaction::of(&assertion).scrub("got h.p.s, no", 100), "got [redacted], no");
    }

    #[test]
    fn credentials_of_known_kinds() {
        assert_eq!(scrub("key SK-ant-api03-A_b-9, yes"), "key [redacted], yes");
        assert_eq!(scrub("other eyJhbGciOiJub25lIn0.e30."), "other [redacted]");
        assert_eq!(scrub("eyJ is no token"), "eyJ is no token");
    }

    #[test]
    fn one_short_line() {
        assert_eq!(scrub("a\r\nb\u{1b}[31m"), "a  b [31m");
        assert_eq!(Redaction::default().scrub("ééé", 2), "éé…");
    }

    #[test]
    fn a_cut_leaves_no_piece_behind() {
        let assertion = Assertion::new(Some(JWT)).unwrap();
        let clean = Redaction::of(&assertion).scrub(&format!("{}{JWT}", "-".repeat(9)), 10);
        assert_eq!(clean, "---------[redacted]");
    }
}
