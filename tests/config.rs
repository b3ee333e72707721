//! Which options are taken, and how the others are refused.
#![cfg(not(target_family = "wasm"))]

mod host;

use anthropic_workload_identity::access_token::provided;
use anthropic_workload_identity::error::Error;
use host::{Json, base_url, config, object};
use serde_json::{Value, json};

fn code(error: &Error) -> Value {
    object(error)["code"].clone()
}

fn with(option: &str, value: Value) -> Value {
    let mut options = json!({
        "federationRuleId": "fdrl_01abc",
        "organizationId": "00000000-0000-4000-8000-000000000001",
    });
    options[option] = value;
    options
}

#[test]
fn where_an_assertion_may_be_sent() {
    for (given, expected) in [
        ("https://api.anthropic.com", "https://api.anthropic.com"),
        ("HTTPS://API.Anthropic.com:443", "https://api.anthropic.com"),
        ("https://gateway.example/claude///", "https://gateway.example/claude"),
        ("https://gateway.example:8443/a/b/", "https://gateway.example:8443/a/b"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example"),
        ("http://localhost", "http://localhost"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://127.0.0.1:4010", "http://127.0.0.1:4010"),
        ("http://127.1", "http://127.0.0.1"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ] {
        let accepted = base_url(given).unwrap_or_else(|error| panic!("{given}: {error:?}"));
        assert_eq!(accepted.as_str(), expected);
        assert_eq!(accepted.token_endpoint(), format!("{expected}/v1/oauth/token"));
    }
}

#[test]
fn where_an_assertion_may_not_be_sent() {
    for given in [
        "http://api.anthropic.com",
        "http://10.0.0.1",
        "http://127.0.0.2",
        "http://[::2]",
        "http://[::ffff:127.0.0.1]",
        "http://localhost.example",
        "http://localhost.",
        "http://127.0.0.1.example",
        "http://localhost@evil.example",
        "http://localhost:80@evil.example",
        "https://api.anthropic.com@evil.example",
        "https://user@api.anthropic.com",
        "https://:password@api.anthropic.com",
        "https://api.anthropic.com/?",
        "https://api.anthropic.com?to=evil",
        "https://api.anthropic.com/#fragment",
        "ftp://api.anthropic.com",
        "ws://localhost",
        "file:///etc/passwd",
        "data:text/plain,x",
        "javascript:alert(1)",
    ] {
        let error = base_url(given).expect_err(given);
        assert_eq!(code(&error), "ERR_INSECURE_BASE_URL", "{given}");
        assert!(error.message("").starts_with("baseURL must "), "{error:?}");
    }
    assert_eq!(code(&base_url("api.anthropic.com").unwrap_err()), "ERR_INVALID_OPTIONS");
}

#[test]
fn ids_that_cannot_be_meant() {
    for (option, value, message) in [
        ("federationRuleId", json!(null), "federationRuleId is missing"),
        ("federationRuleId", json!(""), "federationRuleId is missing"),
        ("organizationId", json!(null), "organizationId is missing"),
        ("federationRuleId", json!(5), "federationRuleId must be a string"),
        ("serviceAccountId", json!([]), "serviceAccountId must be a string"),
        ("scope", json!(true), "scope must be a string"),
        ("federationRuleId", json!("svac_01abc"), "federationRuleId holds what belongs into serviceAccountId"),
        ("organizationId", json!("fdrl_01abc"), "organizationId holds what belongs into federationRuleId"),
        ("serviceAccountId", json!("wrkspc_01abc"), "serviceAccountId holds what belongs into workspaceId"),
        ("workspaceId", json!("fdrl_01abc"), "workspaceId holds what belongs into federationRuleId"),
        ("federationRuleId", json!("fdrl_01abc\n"), "federationRuleId must contain no white space"),
        ("workspaceId", json!("wrkspc_01\u{a0}abc"), "workspaceId must contain no white space"),
        ("workspaceId", json!("wrkspc_\0"), "workspaceId must contain no white space and no control characters"),
        ("organizationId", json!("é".repeat(129)), "organizationId must have at most 256 bytes"),
    ] {
        let error = config(with(option, value.clone())).expect_err(message);
        assert_eq!(code(&error), "ERR_INVALID_OPTIONS");
        assert!(error.message("").starts_with(message), "{value}: {error:?}");
    }
}

#[test]
fn what_else_is_the_servers_to_judge() {
    for (option, value) in [
        ("federationRuleId", json!("rule")),
        ("organizationId", json!("é".repeat(128))),
        ("serviceAccountId", json!("")),
        ("serviceAccountId", json!(null)),
        ("workspaceId", json!("default")),
        ("scope", json!("workspace:inference")),
        ("timeoutMs", json!(1)),
        ("timeoutMs", json!(2_147_483_647.0)),
        ("userAgent", json!("example/1.0 (test)")),
        ("unknown", json!({})),
    ] {
        assert!(config(with(option, value.clone())).is_ok(), "{option}: {value}");
    }
}

#[test]
fn other_options_that_cannot_be_meant() {
    for (option, value) in [
        ("timeoutMs", json!(0)),
        ("timeoutMs", json!(-1)),
        ("timeoutMs", json!(2_147_483_648.0)),
        ("timeoutMs", json!("1000")),
        ("userAgent", json!("a\r\nauthorization: b")),
        ("userAgent", json!("é")),
    ] {
        let error = config(with(option, value)).expect_err(option);
        assert_eq!(code(&error), "ERR_INVALID_OPTIONS");
        assert!(error.message("").starts_with(&format!("{option} must be ")), "{error:?}");
    }
}

#[test]
fn an_access_token_of_another_provider_has_an_expiry_or_null() {
    for (given, expiry) in [
        (json!({ "token": "t", "expiresAt": 1_795_525_757 }), Some(1_795_525_757.0)),
        (json!({ "token": "t", "expiresAt": 1_795_525_757.9 }), Some(1_795_525_757.9)),
        (json!({ "token": "t", "expiresAt": 0, "more": 1 }), Some(0.0)),
        (json!({ "token": "t", "expiresAt": null }), None),
    ] {
        let (token, expires_at) = provided(&Json(given.clone())).unwrap();
        assert_eq!((token.as_str(), expires_at.map(|at| at.seconds())), ("t", expiry), "{given}");
    }
}

#[test]
fn whatever_is_no_access_token_is_refused() {
    for given in [
        json!(null),
        json!("t"),
        json!({}),
        json!({ "token": "t" }),
        json!({ "token": "t", "expiresAt": "soon" }),
        json!({ "token": "t", "expiresAt": -1 }),
        json!({ "token": "t", "expiresAt": 1_795_525_757_000_u64 }),
        json!({ "token": "", "expiresAt": null }),
        json!({ "token": 5, "expiresAt": null }),
        json!({ "token": "a b", "expiresAt": null }),
        json!({ "token": "a\r\nx-api-key: b", "expiresAt": null }),
        json!({ "access_token": "t", "expires_in": 600 }),
    ] {
        let error = provided(&Json(given.clone())).unwrap_err();
        assert!(error.message("").starts_with("provider must return { token, expiresAt }"), "{given}: {error:?}");
    }
}
