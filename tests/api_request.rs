//! Where a bearer token may go, and what goes with it.
#![cfg(not(target_family = "wasm"))]

mod host;

use anthropic_workload_identity::api_request::{Headers, covers};
use anthropic_workload_identity::config::BaseUrl;
use host::{base_url, object};
use serde_json::{Value, json};

#[test]
fn a_token_goes_to_the_base_url_and_below_it_only() {
    let base = base_url("https://a.example/claude/").unwrap();
    for href in [
        "https://a.example/claude",
        "https://a.example/claude/v1/messages",
        "https://a.example/claude?x",
        "https://a.example/claude#x",
    ] {
        assert!(covers(base.as_str(), href), "{href}");
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
        assert!(!covers(base.as_str(), href), "{href}");
    }
    assert!(covers(BaseUrl::DEFAULT, "https://api.anthropic.com/v1/messages"));
    assert!(!covers(BaseUrl::DEFAULT, "https://api.anthropic.com.evil.example/v1/messages"));
}

fn headers(token: &str, beta_flags: &str) -> Value {
    object(&Headers { token, beta_flags })
}

#[test]
fn other_credentials_are_replaced() {
    let expected = json!({
        "authorization": "Bearer t1",
        "anthropic-beta": "oauth-2025-04-20",
        "x-api-key": null,
        "anthropic-workspace-id": null,
    });
    assert_eq!(headers("t1", ""), expected);
}

#[test]
fn every_beta_flag_once_and_whole() {
    for (set, expected) in [
        ("foo-2025-01-01", "foo-2025-01-01,oauth-2025-04-20"),
        ("oauth-2025-04-20, x", "oauth-2025-04-20,x"),
        (" a ,, b,a,", "a,b,oauth-2025-04-20"),
        ("oauth-2025-04-200", "oauth-2025-04-200,oauth-2025-04-20"),
        ("oidc-federation-2026-04-01", "oauth-2025-04-20"),
    ] {
        assert_eq!(headers("t1", set)["anthropic-beta"], expected, "{set:?}");
    }
}

#[test]
fn conformance_cases() {
    let vectors: Value = serde_json::from_str(include_str!("vectors/api_request.json")).unwrap();
    for case in vectors["cases"].as_array().unwrap() {
        let (given, expect) = (&case["given"], &case["expect"]);
        let Some(token) = given["token"].as_str() else { continue }; // what takes an exchange, the suites try
        let set = given["headers"]["anthropic-beta"].as_str().unwrap_or_default();
        let sent = headers(token, set);
        for (name, value) in expect["headers"].as_object().into_iter().flatten() {
            assert_eq!(&sent[name], value, "{}", case["name"]);
        }
        for name in expect["headers_absent"].as_array().into_iter().flatten() {
            assert_eq!(sent[name.as_str().unwrap()], Value::Null, "{}", case["name"]);
        }
        let flags: Vec<_> = sent["anthropic-beta"].as_str().unwrap().split(',').collect();
        if let Some(expected) = expect["anthropic_beta_flags"].as_array() {
            assert_eq!(json!(flags), json!(expected), "{}", case["name"]);
        }
        if let Some(absent) = expect["anthropic_beta_not_contains"].as_str() {
            assert!(!flags.contains(&absent), "{}", case["name"]);
        }
    }
}
