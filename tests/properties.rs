//! What holds for any input.
#![cfg(not(target_family = "wasm"))]

mod host;

use anthropic_workload_identity::access_token::UnixTime;
use anthropic_workload_identity::assertion::{Assertion, is_visible_ascii};
use anthropic_workload_identity::config::Config;
use anthropic_workload_identity::redaction::Redaction;
use anthropic_workload_identity::sent_assertions::SentAssertions;
use anthropic_workload_identity::token_request::TokenRequest;
use anthropic_workload_identity::token_response::{Attempt, TokenResponse};
use host::{Json, base_url, config, everything_shown_by, jwt};
use proptest::prelude::*;
use serde_json::{Value, json};

const NOW: f64 = 1_700_000_000.0;
const IDS: &str = r#"{"federationRuleId": "fdrl_01abc", "organizationId": "00000000-0000-4000-8000-000000000001"}"#;

fn configured() -> Config {
    config(serde_json::from_str(IDS).unwrap()).unwrap()
}

/// Any JSON, a few levels deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(any_key(), inner, 0..6).prop_map(Value::from_iter),
        ]
    })
}

/// A name that the core looks for, or any other.
fn any_key() -> impl Strategy<Value = String> {
    let known = [
        "access_token",
        "token_type",
        "expires_in",
        "scope",
        "error",
        "error_description",
        "error_uri",
        "type",
        "message",
        "request_id",
        "alg",
        "kid",
        "iss",
        "sub",
        "aud",
        "iat",
        "exp",
        "jti",
    ];
    prop_oneof![3 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => ".{0,8}"]
}

fn answer(status: u16, body: &str, assertion: &Assertion) -> Result<(String, f64), String> {
    let (config, base_url) = (configured(), base_url("https://api.anthropic.com").unwrap());
    let request = TokenRequest { config: &config, base_url: &base_url, assertion };
    let mut response = TokenResponse { status, ..Default::default() };
    response.body.push(body);
    let mut sent_before = SentAssertions::default();
    sent_before.note(assertion, None);
    let requested_at = UnixTime::from_millis(NOW * 1000.0);
    match response.access_token::<Json>(&Attempt { request: &request, sent_before: &sent_before, requested_at }) {
        Ok(token) => Ok((token.token, token.expires_at.seconds())),
        Err(error) => Err(everything_shown_by(&error)),
    }
}

/// Whether any sixteen characters in a row of the secret are in the text.
fn leaks(text: &str, secret: &str) -> bool {
    text.contains(secret) || secret.as_bytes().windows(16).any(|w| text.contains(str::from_utf8(w).unwrap()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn an_accepted_identity_token_is_one_visible_line(token in "\\PC{0,40}|[ -~\\s]{0,40}|[!-~]{0,17000}") {
        if let Ok(assertion) = Assertion::new(Some(&token)) {
            prop_assert!(is_visible_ascii(assertion.expose()));
            prop_assert!((1..=Assertion::MAX_BYTES).contains(&assertion.expose().len()));
            prop_assert_eq!(assertion.expose(), token.trim());
        }
    }

    #[test]
    fn options_of_any_kind_are_read_or_refused(options in any_json()) {
        let _ = config(options);
    }

    #[test]
    fn no_piece_of_the_assertion_is_shown(
        claims in any_json(),
        before in ".{0,40}",
        cut in 0_usize..60,
        after in ".{0,40}",
        place in 0_usize..5,
        status in prop::sample::select(vec![200_u16, 302, 400, 401, 403, 429, 500]),
    ) {
        let assertion = jwt(&json!({"alg": "ES256", "kid": "k", "typ": "JWT"}), &claims);
        let echo = format!("{before}{}{after}", &assertion.expose()[cut..]);
        let body = match place {
            0 => echo,
            1 => json!({"error": {"type": echo, "message": echo}}).to_string(),
            2 => json!({"error": echo, "error_description": echo, "error_uri": echo}).to_string(),
            3 => json!({"assertion": echo, "error": {"assertion": echo}, "request_id": echo}).to_string(),
            _ => json!([echo]).to_string(),
        };
        if let Err(shown) = answer(status, &body, &assertion) {
            prop_assert!(!leaks(&shown, assertion.expose()), "{}", shown);
        }
    }

    #[test]
    fn no_key_of_the_vendor_is_shown(before in ".{0,20}", key in "sk-ant-[a-z0-9]{1,8}-[A-Za-z0-9_-]{1,80}", after in "[^A-Za-z0-9_.-].{0,20}") {
        let clean = Redaction::default().scrub(&format!("{before}{key}{after}"), 500);
        prop_assert!(!clean.contains(&key), "{}", clean);
        prop_assert!(!clean.chars().any(char::is_control));
    }

    #[test]
    fn a_token_response_is_a_usable_token_or_refused(body in any_json(), status in 200_u16..600) {
        let assertion = jwt(&json!({}), &json!({}));
        if let Ok((token, expires_at)) = answer(status, &body.to_string(), &assertion) {
            prop_assert!((200..300).contains(&status));
            prop_assert!(!token.is_empty() && is_visible_ascii(&token));
            prop_assert!(expires_at > NOW && expires_at <= NOW + 315_360_000.0);
            prop_assert_eq!(expires_at, expires_at.trunc());
        }
    }

    #[test]
    fn claims_of_any_kind_are_explained(header in any_json(), claims in any_json()) {
        let assertion = jwt(&header, &claims);
        let shown = answer(401, "", &assertion).unwrap_err();
        prop_assert!(shown.contains("Ensure your federation rule matches your identity token"));
    }
}
