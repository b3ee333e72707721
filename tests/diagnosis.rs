//! One refusal for each thing that can be wrong with an assertion, and the sentence that says so.
#![cfg(not(target_family = "wasm"))]

mod host;

use anthropic_workload_identity::access_token::UnixTime;
use anthropic_workload_identity::assertion::Assertion;
use anthropic_workload_identity::error::Error;
use anthropic_workload_identity::sent_assertions::SentAssertions;
use anthropic_workload_identity::token_request::TokenRequest;
use anthropic_workload_identity::token_response::{Attempt, TokenResponse};
use host::{Json, base_url, config, everything_shown_by, jwt};
use serde_json::{Value, json};

const NOW: f64 = 1_700_000_000.0;
const AUDIENCE: &str = "https://api.anthropic.com";

struct Refusal {
    options: Value,
    status: u16,
    body: Value,
    sent_before: SentAssertions,
}

impl Default for Refusal {
    fn default() -> Self {
        Self {
            options: json!({
                "federationRuleId": "fdrl_01abc",
                "organizationId": "00000000-0000-4000-8000-000000000001",
                "workspaceId": "wrkspc_01abc",
            }),
            status: 401,
            body: json!({"error": {"type": "authentication_error", "message": "Authentication failed"}}),
            sent_before: SentAssertions::default(),
        }
    }
}

impl Refusal {
    fn error(&self, assertion: &Assertion) -> Error {
        let (config, base_url) = (config(self.options.clone()).unwrap(), base_url(AUDIENCE).unwrap());
        let request = TokenRequest { config: &config, base_url: &base_url, assertion };
        let mut response = TokenResponse { status: self.status, ..Default::default() };
        response.body.push(&self.body.to_string());
        let requested_at = UnixTime::from_millis(NOW * 1000.0);
        let attempt = Attempt { request: &request, sent_before: &self.sent_before, requested_at };
        *response.access_token::<Json>(&attempt).unwrap_err()
    }

    fn hint(&self, assertion: &Assertion) -> String {
        self.error(assertion).hint().to_owned()
    }
}

fn good_header() -> Value {
    json!({"alg": "ES256", "kid": "k1", "typ": "JWT"})
}

fn good_claims() -> Value {
    json!({
        "iss": "https://issuer.example", "sub": "repo:a/b", "aud": AUDIENCE,
        "iat": NOW - 10.0, "exp": NOW + 290.0, "jti": "j1", "email": "person@example.com",
    })
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

#[test]
fn nothing_is_said_of_a_good_assertion_but_the_general_advice() {
    let hint = Refusal::default().hint(&jwt(&good_header(), &good_claims()));
    assert_eq!(
        hint,
        "Ensure your federation rule matches your identity token to the letter (iss: https://issuer.example, \
         sub: repo:a/b, aud: https://api.anthropic.com). The authentication events in the Claude Console show the \
         reason; without an event, federationRuleId is unknown."
    );
}

#[test]
fn every_flaw_has_its_sentence() {
    let claims = |name, value| jwt(&good_header(), &with(good_claims(), name, value));
    let header = |name, value| jwt(&with(good_header(), name, value), &good_claims());
    let cases = [
        (claims("exp", json!(NOW - 31.0)), "It expired 31 s ago."),
        (claims("exp", json!(NOW - 600.0)), "It expired 10 min ago."),
        (claims("exp", json!(NOW - 10_800.0)), "It expired 3 h ago."),
        (claims("exp", json!(NOW - 864_000.5)), "It expired 10 days ago."),
        (claims("iat", json!(NOW + 90.0)), "It was issued 90 s in the future"),
        (claims("exp", json!(NOW + 3600.0)), "It is valid for 60 min, but an issuer's default limit is 3600 s."),
        (claims("sub", Value::Null), "The identity token has no sub."),
        (claims("iat", Value::Null), "The identity token has no iat."),
        (claims("exp", json!("tomorrow")), "The identity token has no exp."),
        (header("kid", Value::Null), "The identity token has no kid."),
        (header("kid", json!("")), "The identity token has no kid."),
        (header("alg", json!("HS256")), "Its alg HS256 is not accepted"),
        (header("alg", json!("none")), "Its alg none is not accepted"),
        (header("alg", Value::Null), "Its alg is not accepted"),
        (header("alg", json!("ES257")), "Its alg ES257 is not accepted"),
        (claims("aud", json!("sts.amazonaws.com")), "Its audience is not https://api.anthropic.com"),
        (claims("aud", json!(["a", "b"])), "Its audience is not https://api.anthropic.com"),
        (claims("aud", Value::Null), "Its audience is not https://api.anthropic.com"),
        (Assertion::new(Some("opaque-token")).unwrap(), "The identity token is not a JWT."),
        (Assertion::new(Some("a.b.c")).unwrap(), "The identity token is not a JWT."),
    ];
    let oauth = Refusal { status: 400, body: json!({"error": "invalid_grant"}), ..Default::default() };
    for (assertion, sentence) in cases {
        for refusal in [&Refusal::default(), &oauth] {
            let hint = refusal.hint(&assertion);
            assert!(hint.contains(sentence), "{sentence}\n{hint}");
            assert!(hint.contains("Ensure your federation rule"), "{hint}");
        }
    }
}

#[test]
fn what_is_within_bounds_is_not_blamed() {
    let claims = |name, value| jwt(&good_header(), &with(good_claims(), name, value));
    for (assertion, sentence) in [
        (claims("exp", json!(NOW - 30.0)), "expired"),
        (claims("iat", json!(NOW + 30.0)), "future"),
        (claims("exp", json!(NOW - 10.0 + 3600.0)), "valid for"),
        (claims("aud", json!(["other", AUDIENCE])), "audience"),
        (jwt(&with(good_header(), "alg", json!("PS512")), &good_claims()), "alg"),
    ] {
        let hint = Refusal::default().hint(&assertion);
        assert!(!hint.contains(sentence), "{sentence}\n{hint}");
    }
}

#[test]
fn a_resent_assertion_is_recognised() {
    let assertion = jwt(&good_header(), &good_claims());
    let same_jti = jwt(&good_header(), &with(good_claims(), "exp", json!(NOW + 291.0)));
    let other_issuer = jwt(&good_header(), &with(good_claims(), "iss", json!("https://other.example")));
    let mut refusal = Refusal::default();
    refusal.sent_before.note(&assertion, None);
    assert!(refusal.hint(&assertion).starts_with("This identity token was already exchanged by this instance"));
    assert!(refusal.hint(&same_jti).starts_with("An identity token with this jti was already exchanged"));
    assert!(!refusal.hint(&other_issuer).contains("already"));
}

#[test]
fn a_lost_answer_may_have_used_the_assertion_up_and_a_refusal_has_not() {
    let assertion = jwt(&good_header(), &good_claims());
    let mut refusal = Refusal::default();
    refusal.sent_before.note(&assertion, Some(&Refusal::default().error(&assertion)));
    assert!(!refusal.hint(&assertion).contains("already"));
    refusal.sent_before.note(&assertion, Some(&Error::Network));
    assert!(refusal.hint(&assertion).starts_with("This identity token was already sent by this instance"));
}

#[test]
fn only_the_last_few_are_remembered() {
    let numbered = |n: u32| jwt(&good_header(), &with(good_claims(), "jti", json!(n.to_string())));
    let mut refusal = Refusal::default();
    (0..1000).for_each(|n| refusal.sent_before.note(&numbered(n), None));
    assert!(refusal.hint(&numbered(999)).contains("already exchanged"));
    assert!(refusal.hint(&numbered(992)).contains("already exchanged"));
    assert!(!refusal.hint(&numbered(991)).contains("already exchanged"));
}

#[test]
fn a_missing_workspace_is_named_on_a_denial() {
    let mut refusal = Refusal::default();
    let assertion = jwt(&good_header(), &good_claims());
    assert!(!refusal.hint(&assertion).contains("workspaceId"));
    refusal.options["workspaceId"] = Value::Null;
    assert!(refusal.hint(&assertion).contains("workspaceId (ANTHROPIC_WORKSPACE_ID)"));
    refusal.status = 400;
    assert!(!refusal.hint(&assertion).contains("workspaceId"), "a specific 400 is not about workspaces");
}

#[test]
fn unusual_ids_are_named() {
    let usual = Refusal::default().options;
    let assertion = jwt(&good_header(), &good_claims());
    for (option, value, sentence) in [
        ("federationRuleId", "rule1", Some("federationRuleId does not begin with fdrl_.")),
        ("federationRuleId", "default", Some("federationRuleId does not begin with fdrl_.")),
        ("serviceAccountId", "robot", Some("serviceAccountId does not begin with svac_.")),
        ("workspaceId", "mine", Some("workspaceId does not begin with wrkspc_.")),
        ("workspaceId", "default", None),
        ("organizationId", "acme", Some("organizationId is not a UUID.")),
    ] {
        let options = with(usual.clone(), option, json!(value));
        let body = json!({"error": {"type": "invalid_request_error", "message": "malformed"}});
        let hint = Refusal { status: 400, options, body, ..Default::default() }.hint(&assertion);
        assert_eq!(hint, sentence.unwrap_or_default(), "{option}");
    }
}

#[test]
fn claims_that_may_be_secrets_are_not_shown() {
    let secret = "hunter2-hunter2";
    let claims = with(with(good_claims(), "jti", json!(secret)), "custom", json!({"deep": [secret]}));
    let header = with(good_header(), "alg", json!("hunter2-hunter2"));
    let mut refusal = Refusal::default();
    refusal.sent_before.note(&jwt(&header, &claims), None);
    let shown = everything_shown_by(&refusal.error(&jwt(&header, &claims)));
    for text in [secret, "person@example.com", "k1"] {
        assert!(!shown.contains(text), "{shown}");
    }
}

#[test]
fn other_statuses_get_their_own_advice() {
    let assertion = jwt(&good_header(), &with(good_claims(), "exp", json!(NOW - 600.0)));
    for (status, sentence) in [
        (0, "Redirects are not followed"),
        (307, "Redirects are not followed"),
        (404, "https://api.anthropic.com does not exchange identity tokens: check baseURL."),
        (429, "This may pass"),
        (503, "This may pass"),
    ] {
        let hint = Refusal { status, ..Default::default() }.hint(&assertion);
        assert!(hint.starts_with(sentence) && !hint.contains("expired"), "{status}: {hint}");
    }
    assert_eq!(Refusal { status: 403, ..Default::default() }.hint(&assertion), "");
}
