//! How an access token travels on calls of the API (RFC 6750 §2.1).

use crate::config::BaseUrl;

const API_BETA: &str = "oauth-2025-04-20";
/// The beta of the token endpoint alone.
const FEDERATION_BETA: &str = "oidc-federation-2026-04-01";

/// What `anthropic-beta` becomes: the flags that the caller set, and the one that bearer tokens need, each once.
pub fn beta_flags(set_by_caller: &str) -> String {
    let mut flags = String::new();
    for flag in set_by_caller.split(',').map(str::trim_ascii).chain([API_BETA]) {
        let known = flags.split(',').any(|known| known == flag);
        if flag.is_empty() || flag == FEDERATION_BETA || known {
            continue;
        }
        if !flags.is_empty() {
            flags.push(',');
        }
        flags.push_str(flag);
    }
    flags
}

impl BaseUrl {
    /// Whether a URL, as the host writes it, lies at or below this one. Nothing else gets the token.
    pub fn covers(&self, href: &str) -> bool {
        let below = href.strip_prefix(self.as_str());
        below.is_some_and(|below| below.is_empty() || below.starts_with(['/', '?', '#']))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_once_and_whole() {
        for (set, expected) in [
            ("", "oauth-2025-04-20"),
            ("foo-2025-01-01", "foo-2025-01-01,oauth-2025-04-20"),
            ("oauth-2025-04-20, x", "oauth-2025-04-20,x"),
            (" a ,, b,a", "a,b,oauth-2025-04-20"),
            ("oauth-2025-04-200", "oauth-2025-04-200,oauth-2025-04-20"),
            ("oidc-federation-2026-04-01", "oauth-2025-04-20"),
        ] {
            assert_eq!(beta_flags(set), expected, "{set:?}");
        }
    }
}
