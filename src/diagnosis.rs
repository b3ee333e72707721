//! Why the token endpoint probably refused. It answers every denial with the same words, so the hint comes from what
//! can be seen from here: the configuration, and the claims of the assertion, which nobody has verified.

use crate::append::{append, append_number};
use crate::assertion::UnverifiedJwt;
use crate::redaction::Redaction;
use crate::token_response::{Attempt, ErrorBody};
use crate::value::Value;

/// The audience of a federation rule unless it names another.
const AUDIENCE: &str = "https://api.anthropic.com";
/// Seconds that the server allows clocks to differ.
const LEEWAY: f64 = 30.0;
/// Seconds that a JWT may be valid unless its issuer's settings in the console say otherwise.
const MAX_LIFETIME: f64 = 3600.0;
const MAX_CLAIM_CHARS: usize = 200;

/// What most likely went wrong and what to do: sentences, each with a space after it.
pub fn hint<V: Value>(status: u16, body: &ErrorBody, attempt: &Attempt<'_>) -> String {
    let mut hint = String::new();
    match status {
        400 | 401 => {
            for id in attempt.request.config.unusual_ids() {
                append!(hint, id.unusual, " ");
            }
            let jwt = attempt.request.assertion.unverified::<V>();
            explain_assertion(jwt.as_ref(), attempt, &mut hint);
            if status == 401 || body.is("invalid_grant") {
                explain_denial(jwt.as_ref(), attempt, &mut hint);
            }
        }
        0 | 300..=399 => append!(hint, "Redirects are not followed: set baseURL to the final address. "),
        404 | 405 => {
            append!(hint, attempt.request.base_url.as_str(), " does not exchange identity tokens: check baseURL. ");
        }
        408 | 429 | 500.. => append!(hint, "This may pass: call again later, with a new identity token. "),
        _ => {}
    }
    hint
}

fn explain_assertion<V: Value>(jwt: Option<&UnverifiedJwt<V>>, attempt: &Attempt<'_>, hint: &mut String) {
    if let Some(resent) = attempt.sent_before.find::<V>(attempt.request.assertion) {
        append!(
            hint,
            if resent.other_jwt { "An identity token with this jti" } else { "This identity token" },
            if resent.answered { " was already exchanged" } else { " was already sent" },
            " by this instance, and a jti is accepted once (jti_reused): ",
            "identityTokenProvider must return a new identity token for every call. "
        );
    }
    let Some(jwt) = jwt else {
        append!(hint, "The identity token is not a JWT. ");
        return;
    };
    explain_header(jwt, hint);
    explain_times(jwt, attempt.requested_at.seconds(), hint);
    if jwt.claims.text_of("sub").is_empty() {
        missing("sub", hint);
    }
    if !audiences(&jwt.claims).split_ascii_whitespace().any(|audience| audience == AUDIENCE) {
        append!(hint, "Its audience is not ", AUDIENCE, ": right only if the federation rule names another. ");
    }
}

fn explain_header<V: Value>(jwt: &UnverifiedJwt<V>, hint: &mut String) {
    if jwt.header.text_of("kid").is_empty() {
        missing("kid", hint);
    }
    let alg = jwt.header.text_of("alg");
    let (family, bits) = alg.split_at_checked(2).unwrap_or_default();
    if !matches!(family, "RS" | "PS" | "ES") || !matches!(bits, "256" | "384" | "512") {
        append!(hint, "Its alg");
        if matches!(alg.len(), 1..=7) {
            append!(hint, " ", &alg); // a name; anything longer may be what was put there by mistake
        }
        append!(hint, " is not accepted: use RS, PS or ES with 256, 384 or 512. ");
    }
}

fn explain_times<V: Value>(jwt: &UnverifiedJwt<V>, now: f64, hint: &mut String) {
    let mut time = |claim| {
        let time = jwt.claims.member(claim).and_then(|time| time.number());
        if time.is_none() {
            missing(claim, hint);
        }
        time
    };
    let (iat, exp) = (time("iat"), time("exp"));
    if let Some(exp) = exp
        && now > exp + LEEWAY
    {
        append!(hint, "It expired ");
        append_duration(hint, now - exp);
        append!(hint, " ago. ");
    }
    if let Some(iat) = iat {
        if iat > now + LEEWAY {
            append!(hint, "It was issued ");
            append_duration(hint, iat - now);
            append!(hint, " in the future: is a clock wrong? ");
        }
        if let Some(exp) = exp
            && exp - iat > MAX_LIFETIME
        {
            append!(hint, "It is valid for ");
            append_duration(hint, exp - iat);
            append!(hint, ", but an issuer's default limit is 3600 s. ");
        }
    }
}

fn explain_denial<V: Value>(jwt: Option<&UnverifiedJwt<V>>, attempt: &Attempt<'_>, hint: &mut String) {
    append!(hint, "Ensure your federation rule matches your identity token to the letter");
    if let Some(jwt) = jwt {
        let redaction = Redaction::of(attempt.request.assertion);
        let mut say = |name, claim: &str| append!(hint, name, &redaction.scrub(claim.trim_ascii(), MAX_CLAIM_CHARS));
        say(" (iss: ", &jwt.claims.text_of("iss"));
        say(", sub: ", &jwt.claims.text_of("sub"));
        say(", aud: ", &audiences(&jwt.claims));
        append!(hint, ")");
    }
    append!(hint, ". ");
    if !attempt.request.config.names_workspace() {
        append!(hint, "If it covers several workspaces, name one: workspaceId (ANTHROPIC_WORKSPACE_ID). ");
    }
    append!(
        hint,
        "The authentication events in the Claude Console show the reason; without an event, federationRuleId is unknown. "
    );
}

fn missing(what: &str, hint: &mut String) {
    append!(hint, "The identity token has no ", what, ". ");
}

/// `aud` is a string or an array of strings (RFC 7519 §4.1.3), of which the first few will do.
fn audiences<V: Value>(claims: &V) -> String {
    let mut audiences = claims.text_of("aud");
    if let Some(aud) = claims.member("aud") {
        for index in ["0", "1", "2", "3"] {
            append!(audiences, " ", &aud.text_of(index));
        }
    }
    audiences
}

/// A number of seconds, in the largest unit of which there are several.
fn append_duration(hint: &mut String, seconds: f64) {
    let (unit, name) = match seconds {
        ..120.0 => (1.0, " s"),
        ..7_200.0 => (60.0, " min"),
        ..172_800.0 => (3_600.0, " h"),
        _ => (86_400.0, " days"),
    };
    append_number(hint, (seconds / unit) as u32);
    append!(hint, name);
}
