//! How an access token travels on calls of the API (RFC 6750 §2.1), and on which.

use crate::value::{Members, Object};

const API_BETA: &str = "oauth-2025-04-20";
/// The beta of the token endpoint alone.
const FEDERATION_BETA: &str = "oidc-federation-2026-04-01";

/// Whether a URL, as the host writes it, lies at or below the base URL. Nothing else gets the token.
pub fn covers(base_url: &str, href: &str) -> bool {
    let below = href.strip_prefix(base_url).map(str::as_bytes);
    below.is_some_and(|below| matches!(below, [] | [b'/' | b'?' | b'#', ..]))
}

/// The headers of a call, in place of whatever the caller set; `null` takes one away.
pub struct Headers<'a> {
    /// The bearer value.
    pub token: &'a str,
    /// The `anthropic-beta` header that the caller set, or nothing.
    pub beta_flags: &'a str,
}

impl Members for Headers<'_> {
    fn put_into(&self, object: &mut impl Object) {
        object.put("authorization", ("Bearer ".to_owned() + self.token).as_str());
        object.put("anthropic-beta", beta_flags(self.beta_flags).as_str());
        object.put("x-api-key", &());
        object.put("anthropic-workspace-id", &()); // the workspace is the token's
    }
}

/// The flags that the caller set, and the one that bearer tokens need, each once.
fn beta_flags(set_by_caller: &str) -> String {
    let mut flags = String::new();
    for flag in each(set_by_caller).chain([API_BETA]) {
        if flag.is_empty() || flag == FEDERATION_BETA || each(&flags).any(|known| known == flag) {
            continue;
        }
        if !flags.is_empty() {
            flags.push(',');
        }
        flags.push_str(flag);
    }
    flags
}

/// The elements of a list in a header (RFC 9110 §5.6.1). `str::split` would bring its searchers along.
fn each(list: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(list);
    std::iter::from_fn(move || {
        let list = rest?;
        let end = list.bytes().position(|byte| byte == b',').unwrap_or(list.len());
        rest = list.get(end + 1..);
        list.get(..end).map(str::trim_ascii)
    })
}
