//! Every case of `vectors/exchange.json` against the core, with the host's part played by this file.
#![cfg(not(target_family = "wasm"))]

mod host;

use anthropic_workload_identity::access_token::{AccessToken, UnixTime};
use anthropic_workload_identity::assertion::Assertion;
use anthropic_workload_identity::config::{BaseUrl, Config};
use anthropic_workload_identity::error::{Error, Result, Stage};
use anthropic_workload_identity::sent_assertions::SentAssertions;
use anthropic_workload_identity::token_request::{Headers, TokenRequest};
use anthropic_workload_identity::token_response::{Attempt, ErrorBody, TokenResponse};
use host::{Json, base_url, config, everything_shown_by, object};
use serde_json::{Map, Value, json};

/// What went over the wire, or would have.
#[derive(Default)]
struct Wire {
    url: String,
    headers: Map<String, Value>,
    body: Map<String, Value>,
    requests_sent: u64,
    identity_provider_called: bool,
}

#[test]
fn every_case() {
    let vectors: Value = serde_json::from_str(include_str!("vectors/exchange.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert!(cases.len() >= 54, "only {} cases", cases.len());
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let mut wire = Wire::default();
        let outcome = exchange(case, &mut wire);
        match (case.get("expect"), case.get("expect_error"), &outcome) {
            (Some(expect), None, Ok(token)) => check_success(name, expect, token, &wire),
            (None, Some(expect), Err(error)) => check_failure(name, expect, error, &wire),
            _ => panic!("{name}: unexpected {outcome:?}"),
        }
    }
}

fn exchange(case: &Value, wire: &mut Wire) -> Result<AccessToken> {
    let (base_url, config) = options(&case["config"])?;
    wire.identity_provider_called = true;
    let assertion = Assertion::new(identity_token(&case["identity_token"]).as_deref())?;

    let request = TokenRequest { base_url: &base_url, config: &config, assertion: &assertion };
    wire.url = base_url.token_endpoint();
    wire.headers = object(&Headers { config: &config }).as_object().unwrap().clone();
    wire.body = object(&request).as_object().unwrap().clone();
    wire.requests_sent += 1;

    let requested_at = UnixTime::from_millis(case["now"].as_f64().unwrap() * 1000.0);
    let attempt = Attempt { request: &request, sent_before: &SentAssertions::default(), requested_at };
    response(&case["server_response"])?.access_token::<Json>(&attempt)
}

fn options(given: &Value) -> Result<(BaseUrl, Config)> {
    let mut options = json!({});
    let mut url = String::from(BaseUrl::default().as_str());
    for (name, value) in given.as_object().unwrap() {
        let option = match name.as_str() {
            "base_url" => {
                url = value.as_str().unwrap().to_owned();
                continue;
            }
            "federation_rule_id" => "federationRuleId",
            "organization_id" => "organizationId",
            "service_account_id" => "serviceAccountId",
            "workspace_id" => "workspaceId",
            "scope" => "scope",
            "timeout_ms" => "timeoutMs",
            "user_agent" => "userAgent",
            _ => panic!("unknown option {name}"),
        };
        options[option] = value.clone();
    }
    Ok((base_url(&url)?, config(options)?))
}

fn identity_token(given: &Value) -> Option<String> {
    match given {
        Value::Object(made) if made.contains_key("async") => identity_token(&made["async"]),
        Value::Object(made) => {
            let unit = made["repeat"].as_str().unwrap();
            let times = made.get("chars").or(made.get("bytes")).unwrap().as_u64().unwrap();
            let token = unit.repeat(times.try_into().unwrap());
            assert_eq!(token.len() as u64, made["bytes"].as_u64().unwrap());
            Some(token)
        }
        other => other.as_str().map(str::to_owned),
    }
}

fn response(given: &Value) -> Result<TokenResponse> {
    assert!(!given.is_null(), "a request was sent");
    if given.get("network_error").is_some() {
        return Err(Box::new(Error::Network));
    }
    if given.get("never").is_some() {
        return Err(Box::new(Error::Timeout(Stage::Headers)));
    }
    let mut response = TokenResponse { status: given["status"].as_u64().unwrap() as u16, ..Default::default() };
    for (name, value) in given["headers"].as_object().unwrap() {
        match name.to_lowercase().as_str() {
            "request-id" => response.request_id = value.as_str().unwrap().to_owned(),
            "retry-after" => response.retry_after = value.as_str().unwrap().to_owned(),
            _ => {}
        }
    }
    let body = match (given.get("body"), given.get("body_text"), given.get("body_text_repeat")) {
        (Some(json), None, None) => json.to_string(),
        (None, Some(text), None) => text.as_str().unwrap().to_owned(),
        (None, None, Some(made)) => {
            made["char"].as_str().unwrap().repeat(made["count"].as_u64().unwrap().try_into().unwrap())
        }
        _ => panic!("one body, please: {given}"),
    };
    if response.body.admits(body.len().try_into().unwrap()) {
        response.body.push(&body);
    }
    Ok(response)
}

fn check_success(name: &str, expect: &Value, token: &AccessToken, wire: &Wire) {
    for (key, value) in expect.as_object().unwrap() {
        match key.as_str() {
            "request" => check_request(name, value, wire),
            "result" => {
                let result = object(token);
                for (key, value) in value.as_object().unwrap() {
                    let ours = match key.as_str() {
                        "expires_at" => "expiresAt",
                        "token" | "scope" => key,
                        _ => panic!("{name}: unknown expectation {key}"),
                    };
                    let (ours, theirs) = (&result[ours], value);
                    let equal = ours == theirs || ours.as_f64().is_some() && ours.as_f64() == theirs.as_f64();
                    assert!(equal, "{name}: {key} is {ours}");
                }
            }
            _ => panic!("{name}: unknown expectation {key}"),
        }
    }
}

fn check_request(name: &str, expect: &Value, wire: &Wire) {
    for (key, value) in expect.as_object().unwrap() {
        match key.as_str() {
            "method" => assert_eq!(value, "POST", "{name}"),
            "path" => assert!(wire.url.ends_with(value.as_str().unwrap()), "{name}: {}", wire.url),
            "headers" => value.as_object().unwrap().iter().for_each(|(header, value)| {
                assert_eq!(&wire.headers[header], value, "{name}: {header}");
            }),
            "headers_absent" => value.as_array().unwrap().iter().for_each(|header| {
                assert!(!wire.headers.contains_key(header.as_str().unwrap()), "{name}: {header}");
            }),
            "body" => assert_eq!(&Value::Object(wire.body.clone()), value, "{name}"),
            "body_absent_keys" => value.as_array().unwrap().iter().for_each(|key| {
                assert!(!wire.body.contains_key(key.as_str().unwrap()), "{name}: {key}");
            }),
            _ => panic!("{name}: unknown expectation {key}"),
        }
    }
}

fn check_failure(name: &str, expect: &Value, error: &Error, wire: &Wire) {
    let shown = object(error);
    let message = error.message("");
    let body = match error {
        Error::Refused(refusal) => &refusal.body,
        _ => &ErrorBody::Text(String::new()),
    };
    let strings = |value: &Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    for (key, value) in expect.as_object().unwrap() {
        match key.as_str() {
            "code" => assert_eq!(shown["code"], code(value.as_str().unwrap()), "{name}"),
            "status" => assert_eq!(shown["statusCode"].as_f64(), value.as_f64(), "{name}"),
            "request_id" => assert_eq!(&shown["requestId"], value, "{name}"),
            "retryable" => assert_eq!(&shown["retryable"], value, "{name}"),
            "retry_after_ms" => {
                assert_eq!(shown["retryAfter"].as_f64().map(|s| s * 1000.0), value.as_f64(), "{name}");
            }
            "error_type" => assert_eq!(&object(body)["type"], value, "{name}"),
            "error_message" => assert_eq!(&object(body)["message"], value, "{name}"),
            "oauth_error" => assert_eq!(&object(body)["error"], value, "{name}"),
            "message_contains" => {
                strings(value).iter().for_each(|text| assert!(message.contains(text), "{name}: {message}"))
            }
            "message_not_contains" => {
                strings(value).iter().for_each(|text| assert!(!message.contains(text), "{name}: {message}"));
            }
            "must_not_contain" => {
                let everything = everything_shown_by(error);
                strings(value).iter().for_each(|text| assert!(!everything.contains(text), "{name}: {everything}"));
            }
            "message_max_chars" => assert!(message.chars().count() as u64 <= value.as_u64().unwrap(), "{name}"),
            "requests_sent" => assert_eq!(wire.requests_sent, value.as_u64().unwrap(), "{name}"),
            "identity_provider_called" => assert_eq!(wire.identity_provider_called, value.as_bool().unwrap(), "{name}"),
            "recommended_extra_hint" => {}
            "cause_preserved" => {} // a matter of the boundary: the runtimes' suite checks it
            _ => panic!("{name}: unknown expectation {key}"),
        }
    }
}

/// Our code for the vectors' name of a kind of failure.
fn code(kind: &str) -> &'static str {
    match kind {
        "assertion_too_large" | "identity_token_empty" | "identity_token_invalid" => "ERR_INVALID_IDENTITY_TOKEN",
        "insecure_base_url" => "ERR_INSECURE_BASE_URL",
        "invalid_options" => "ERR_INVALID_OPTIONS",
        "invalid_response" => "ERR_INVALID_TOKEN_RESPONSE",
        "exchange_failed" => "ERR_EXCHANGE_REFUSED",
        "network_error" => "ERR_NETWORK",
        "timeout" => "ERR_TIMEOUT",
        _ => panic!("unknown kind of failure {kind}"),
    }
}
