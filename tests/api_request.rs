//! Where a bearer token may go.
#![cfg(not(target_family = "wasm"))]

mod host;

use host::base_url;

#[test]
fn a_token_goes_to_the_base_url_and_below_it_only() {
    let covers = |base: &str, href: &str| base_url(base).unwrap().covers(href);
    for href in [
        "https://a.example/claude",
        "https://a.example/claude/v1/messages",
        "https://a.example/claude?x",
        "https://a.example/claude#x",
    ] {
        assert!(covers("https://a.example/claude/", href), "{href}");
    }
    for href in [
        "https://a.example/",
        "https://a.example/claude-other/v1/messages",
        "https://a.example:8443/claude/v1/messages",
        "http://a.example/claude/v1/messages",
        "https://a.example.evil/claude/v1/messages",
        "https://evil.example/?https://a.example/claude/",
        "https://a.example@evil.example/claude/",
        "data:,https://a.example/claude/",
    ] {
        assert!(!covers("https://a.example/claude", href), "{href}");
    }
    assert!(covers("https://api.anthropic.com", "https://api.anthropic.com/v1/messages"));
    assert!(!covers("https://api.anthropic.com", "https://api.anthropic.com.evil.example/v1/messages"));
}
