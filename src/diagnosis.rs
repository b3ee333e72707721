//! Why the token endpoint probably refused. It answers every denial with the same words, so the hint comes from what
//! can be seen from here: the configuration, and the claims of the assertion, which nobody has verified.

use crate::access_token::UnixTime;
use crate::assertion::UnverifiedJwt;
use crate::redaction::Redaction;
use crate::sent_assertions::Resent;
use crate::token_response::{Attempt, ErrorResponse};
use crate::value::Value;

/// The audience of a federation rule unless it names another.
const AUDIENCE: &str = "https://api.anthropic.com";
/// Seconds that the server allows clocks to differ.
const LEEWAY: f64 = 30.0;
/// Seconds that a JWT may be valid unless its issuer's settings in the console say otherwise.
const MAX_LIFETIME: f64 = 3600.0;
const MAX_CLAIM_CHARS: usize = 200;

/// What most likely went wrong and what to do.
pub fn hint<V: Value>(refusal: &ErrorResponse, attempt: &Attempt<'_>) -> Option<String> {
    let mut sentences = Vec::new();
    match refusal.status {
        400 | 401 => {
            unusual_ids(attempt, &mut sentences);
            let denied = refusal.status == 401 || refusal.body.kind() == Some("invalid_grant");
            explain_assertion::<V>(attempt, denied, &mut sentences);
            if denied {
                explain_denial(attempt, &mut sentences);
            }
        }
        0 | 300..=399 => sentences.push(
            "Redirects are not followed, so that the identity token stays with one host: set baseURL to the address \
             that they lead to."
                .to_owned(),
        ),
        404 | 405 => sentences
            .push([attempt.config.base_url.as_str(), " does not exchange identity tokens: check baseURL."].concat()),
        408 | 429 | 500..=599 => {
            sentences.push("This passes: call again later, with a new identity token.".to_owned());
        }
        _ => {}
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

fn unusual_ids(attempt: &Attempt<'_>, sentences: &mut Vec<String>) {
    for (option, expected) in attempt.config.unusual_ids() {
        let begins = if expected.ends_with('_') { " does not begin with " } else { " is not " };
        sentences.push([option, begins, expected, "."].concat());
    }
}

fn explain_assertion<V: Value>(attempt: &Attempt<'_>, denied: bool, sentences: &mut Vec<String>) {
    if let Some(resent) = attempt.sent_before.find::<V>(attempt.assertion) {
        sentences.push(explain_resent(resent));
    }
    match attempt.assertion.unverified::<V>() {
        Some(jwt) => {
            explain_header(&jwt, sentences);
            explain_times(&jwt, attempt.requested_at, sentences);
            explain_parties(&jwt, attempt, denied, sentences);
        }
        None => sentences.push("The identity token is not a JWT.".to_owned()),
    }
}

fn explain_resent(resent: Resent) -> String {
    let what = if resent.other_jwt { "An identity token with the same jti" } else { "This identity token" };
    let how = if resent.answered {
        " was already exchanged by this instance"
    } else {
        " was already sent by this instance, in an exchange whose answer was lost"
    };
    let advice =
        ", and a jti is accepted once (jti_reused): identityTokenProvider must return a new one for every call.";
    [what, how, advice].concat()
}

fn explain_header<V: Value>(jwt: &UnverifiedJwt<V>, sentences: &mut Vec<String>) {
    if jwt.header.text_of("kid").is_none_or(|kid| kid.is_empty()) {
        sentences.push(missing("kid in its header"));
    }
    let alg = jwt.header.text_of("alg").unwrap_or_default();
    let accepted = alg
        .split_at_checked(2)
        .is_some_and(|(family, bits)| matches!(family, "RS" | "PS" | "ES") && matches!(bits, "256" | "384" | "512"));
    if !accepted {
        let known = ["none", "HS256", "HS384", "HS512", "EdDSA", "Ed25519", "ES256K"].contains(&alg.as_str());
        let alg = if known { [" ", &alg].concat() } else { String::new() };
        sentences.push(["Its alg", &alg, " is not accepted: sign with RS, PS or ES and 256, 384 or 512."].concat());
    }
}

fn explain_times<V: Value>(jwt: &UnverifiedJwt<V>, now: UnixTime, sentences: &mut Vec<String>) {
    let now = now.seconds();
    let time = |claim| jwt.claims.member(claim).and_then(|time: V| time.number());
    let (iat, exp) = (time("iat"), time("exp"));
    for (claim, value) in [("iat", iat), ("exp", exp)] {
        if value.is_none() {
            sentences.push(missing(claim));
        }
    }
    if let Some(exp) = exp.filter(|exp| now > exp + LEEWAY) {
        sentences.push(["The identity token expired ", &duration(now - exp), " ago."].concat());
    }
    for (claim, does) in [("iat", "was issued "), ("nbf", "is not valid until ")] {
        if let Some(time) = time(claim).filter(|time| *time > now + LEEWAY) {
            let ahead = duration(time - now);
            sentences.push(["The identity token ", does, &ahead, " in the future: is a clock wrong?"].concat());
        }
    }
    if let (Some(iat), Some(exp)) = (iat, exp)
        && exp - iat > MAX_LIFETIME
    {
        let lifetime = duration(exp - iat);
        sentences.push(
            ["It is valid for ", &lifetime, ": more than 1 h needs a higher limit in the issuer's settings."].concat(),
        );
    }
}

fn explain_parties<V: Value>(jwt: &UnverifiedJwt<V>, attempt: &Attempt<'_>, denied: bool, sentences: &mut Vec<String>) {
    let claim = |name| jwt.claims.text_of(name).filter(|value| !value.is_empty());
    if claim("sub").is_none() {
        sentences.push(missing("sub"));
    }
    let audiences = audiences(&jwt.claims);
    if !audiences.iter().any(|audience| audience == AUDIENCE) {
        sentences.push(
            ["Its audience is not ", AUDIENCE, ", which is right only if the rule names that audience."].concat(),
        );
    }
    if denied {
        let redaction = Redaction::of(attempt.assertion);
        let mut says = String::from("It says");
        for (name, value) in [("iss", claim("iss")), ("sub", claim("sub")), ("aud", Some(audiences.join(" ")))] {
            let value = value.map_or_else(|| "nothing".to_owned(), |value| redaction.scrub(&value, MAX_CLAIM_CHARS));
            says.push_str(&[" ", name, " = ", &value, ";"].concat());
        }
        says.pop();
        says.push('.');
        sentences.push(says);
    }
}

fn explain_denial(attempt: &Attempt<'_>, sentences: &mut Vec<String>) {
    sentences.push(
        "Ensure your federation rule matches your identity token: issuer, audience, subject and claims, to the letter."
            .to_owned(),
    );
    if attempt.config.workspace_id.is_none() {
        sentences.push(
            "No workspace is named: if the rule covers several, set workspaceId (ANTHROPIC_WORKSPACE_ID).".to_owned(),
        );
    }
    sentences.push(
        "The reason stands in the authentication events of the Claude Console; if there is no event, \
         federationRuleId is probably unknown."
            .to_owned(),
    );
}

fn missing(what: &str) -> String {
    ["The identity token has no ", what, "."].concat()
}

/// `aud` is a string or an array of strings (RFC 7519 §4.1.3).
fn audiences<V: Value>(claims: &V) -> Vec<String> {
    let Some(aud) = claims.member("aud") else { return Vec::new() };
    match aud.text() {
        Some(audience) => vec![audience],
        None => ["0", "1", "2", "3", "4", "5", "6", "7"].iter().map_while(|index| aud.text_of(index)).collect(),
    }
}

/// A positive number of seconds in words.
fn duration(seconds: f64) -> String {
    let (unit, name) = match seconds {
        ..120.0 => (1.0, " s"),
        ..7_200.0 => (60.0, " min"),
        ..172_800.0 => (3_600.0, " h"),
        _ => (86_400.0, " days"),
    };
    [(seconds / unit) as u32].map(|count| count.to_string()).concat() + name
}
