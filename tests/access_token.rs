//! What access token providers of others may return.
#![cfg(not(target_family = "wasm"))]

mod host;

use anthropic_workload_identity::access_token::provided;
use host::Json;
use serde_json::json;

#[test]
fn a_token_with_its_expiry_or_with_none() {
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
fn nothing_else() {
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
