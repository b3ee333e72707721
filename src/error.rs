//! Everything that can go wrong: one variant, one stable code, one way to mend it.

use std::fmt;

use serde::Serialize;

use crate::redaction::Redaction;
use crate::token_response::{ErrorBody, ErrorResponse};

/// Why there is no access token. Holds no secret.
pub enum Error {
    /// An option without which nothing works.
    MissingOption {
        /// Its JavaScript name.
        option: &'static str,
    },
    /// An option that cannot be meant.
    InvalidOption {
        /// Its JavaScript name.
        option: &'static str,
        /// What it must be or do.
        must: &'static str,
    },
    /// An id that belongs into another option.
    SwappedId {
        /// Where it is.
        option: &'static str,
        /// Where it belongs.
        owner: &'static str,
    },
    /// A base URL to which no assertion may be sent.
    InsecureBaseUrl {
        /// What it must be or do.
        must: &'static str,
    },
    /// The identity token provider threw.
    IdentityTokenProvider {
        /// What it said, redacted.
        said: String,
    },
    /// The provider returned something that cannot be an identity token.
    InvalidIdentityToken(IdentityTokenProblem),
    /// There was no response, or it broke off.
    Network {
        /// What the host said, redacted.
        said: String,
    },
    /// The deadline passed.
    Timeout {
        /// What was being waited for.
        waited_for: Stage,
        /// The whole exchange's limit.
        timeout_ms: u32,
    },
    /// The caller did not want to wait any longer.
    Aborted,
    /// The token endpoint refused (RFC 6749 §5.2).
    Refused(Box<ErrorResponse>),
    /// A success that is none (RFC 6749 §5.1).
    InvalidResponse {
        /// The HTTP status.
        status: u16,
        /// For the vendor's support.
        request_id: Option<String>,
        /// What its body is or has.
        problem: &'static str,
    },
}

/// Why something is no identity token. It is never shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum IdentityTokenProblem {
    /// Not a string, or a promise of something else.
    NotAString,
    /// Nothing but white space.
    Empty,
    /// More than [`Assertion::MAX_BYTES`](crate::assertion::Assertion::MAX_BYTES).
    TooLarge,
    /// White space, control characters or non-ASCII inside.
    NotVisibleAscii,
}

/// What an exchange waits for, in this order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stage {
    /// The identity token provider.
    IdentityToken,
    /// The status and headers of the token endpoint.
    Headers,
    /// The body of the response.
    Body,
}

/// What a user sees of an error: the properties of the JavaScript class.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report<'a> {
    /// Stable.
    pub code: &'static str,
    /// For people. Includes the hint.
    pub message: String,
    /// HTTP status, when there was a response.
    pub status_code: Option<u16>,
    /// What the server said, redacted.
    pub body: Option<&'a ErrorBody>,
    /// The server's name for the request.
    pub request_id: Option<&'a str>,
    /// What to do.
    pub hint: Option<&'a str>,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// Seconds.
    pub retry_after: Option<u32>,
}

const MAX_SAID_CHARS: usize = 300;

impl Error {
    /// The provider threw; `said` is what it threw, in words.
    pub fn identity_token_provider(said: &str) -> Self {
        Self::IdentityTokenProvider { said: Redaction::default().scrub(said, MAX_SAID_CHARS) }
    }

    /// The host's fetch failed; `said` is why, in words.
    pub fn network(said: &str, redaction: &Redaction<'_>) -> Self {
        Self::Network { said: redaction.scrub(said, MAX_SAID_CHARS) }
    }

    /// Whether the assertion may have been used up although no access token came back.
    pub fn lost_answer(&self) -> bool {
        match self {
            Self::Network { .. } | Self::Aborted | Self::InvalidResponse { .. } => true,
            Self::Timeout { waited_for, .. } => *waited_for != Stage::IdentityToken,
            Self::Refused(refusal) => refusal.status >= 500,
            _ => false,
        }
    }

    /// The facts for the user.
    pub fn report(&self) -> Report<'_> {
        let refusal = match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        };
        let (status_code, request_id) = match self {
            Self::Refused(refusal) => (Some(refusal.status), refusal.request_id.as_deref()),
            Self::InvalidResponse { status, request_id, .. } => (Some(*status), request_id.as_deref()),
            _ => (None, None),
        };
        let hint = self.hint();
        let mut message = self.summary();
        if let Some(id) = request_id {
            message.push_str(&[" (request-id ", id, ")"].concat());
        }
        message.push('.');
        if let Some(hint) = hint {
            message.push(' ');
            message.push_str(hint);
        }
        Report {
            code: self.code(),
            message,
            status_code,
            body: refusal.map(|refusal| &refusal.body),
            request_id,
            hint,
            retryable: self.retryable(),
            retry_after: refusal.and_then(|refusal| refusal.retry_after),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::MissingOption { .. } | Self::InvalidOption { .. } | Self::SwappedId { .. } => "ERR_INVALID_OPTIONS",
            Self::InsecureBaseUrl { .. } => "ERR_INSECURE_BASE_URL",
            Self::IdentityTokenProvider { .. } => "ERR_IDENTITY_TOKEN_PROVIDER",
            Self::InvalidIdentityToken(_) => "ERR_INVALID_IDENTITY_TOKEN",
            Self::Network { .. } => "ERR_NETWORK",
            Self::Timeout { .. } => "ERR_TIMEOUT",
            Self::Aborted => "ERR_ABORTED",
            Self::Refused(_) => "ERR_EXCHANGE_REFUSED",
            Self::InvalidResponse { .. } => "ERR_INVALID_TOKEN_RESPONSE",
        }
    }

    fn summary(&self) -> String {
        match self {
            Self::MissingOption { option } => [option, " is missing"].concat(),
            Self::InvalidOption { option, must } => [option, " must ", must].concat(),
            Self::SwappedId { option, owner } => ["The value of ", option, " belongs into ", owner].concat(),
            Self::InsecureBaseUrl { must } => ["baseURL must ", must].concat(),
            Self::IdentityTokenProvider { said } => ["The identity token provider failed: ", said].concat(),
            Self::InvalidIdentityToken(problem) => ["The identity token ", problem.words()].concat(),
            Self::Network { said } => ["The token endpoint could not be reached: ", said].concat(),
            Self::Timeout { waited_for, timeout_ms } => {
                let limit = timeout_ms.to_string();
                ["The exchange took longer than ", &limit, " ms, waiting for ", waited_for.words()].concat()
            }
            Self::Aborted => "The caller aborted the exchange".to_owned(),
            Self::Refused(refusal) => refusal.summary(),
            Self::InvalidResponse { problem, .. } => ["The body of the token response ", problem].concat(),
        }
    }

    fn hint(&self) -> Option<&str> {
        Some(match self {
            Self::MissingOption { option: "identityTokenProvider" } => {
                "Pass an async function that returns an OIDC identity token (a JWT)."
            }
            Self::MissingOption { .. } => "The Claude Console shows it.",
            Self::InvalidOption { .. } => return None,
            Self::SwappedId { .. } => "Swap the two options.",
            Self::InsecureBaseUrl { .. } => "Identity tokens are sent there, so it must be encrypted and unambiguous.",
            Self::IdentityTokenProvider { .. } => "See cause. Nothing was sent to the token endpoint.",
            Self::InvalidIdentityToken(problem) => problem.hint(),
            Self::Network { .. } => "See cause. Check baseURL, DNS, proxies and firewalls.",
            Self::Timeout { waited_for: Stage::IdentityToken, .. } => {
                "See why identityTokenProvider is slow, have it honour its signal, or raise timeoutMs."
            }
            Self::Timeout { .. } => "Call again later, with a new identity token, or raise timeoutMs.",
            Self::Aborted => return None,
            Self::Refused(refusal) => return refusal.hint.as_deref(),
            Self::InvalidResponse { .. } => "Does baseURL lead to the Claude API, or did a proxy answer?",
        })
    }

    fn retryable(&self) -> bool {
        match self {
            Self::Network { .. } | Self::Timeout { .. } => true,
            Self::Refused(refusal) => matches!(refusal.status, 408 | 429 | 500..=599),
            _ => false,
        }
    }
}

impl ErrorResponse {
    fn summary(&self) -> String {
        let status = self.status.to_string();
        let mut summary = ["The token endpoint refused the exchange: HTTP ", &status].concat();
        for part in [self.body.kind(), self.body.message()].into_iter().flatten() {
            summary.push_str(": ");
            summary.push_str(part);
        }
        summary
    }
}

impl IdentityTokenProblem {
    fn words(self) -> &'static str {
        match self {
            Self::NotAString => "is not a string",
            Self::Empty => "is empty",
            Self::TooLarge => "is larger than 16384 bytes",
            Self::NotVisibleAscii => "is not one line of visible ASCII",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::NotAString => "identityTokenProvider must return the JWT itself, or a promise of it.",
            Self::Empty => "Has the platform issued one yet? Is its file or variable the right one?",
            Self::TooLarge => "Have the platform put fewer claims into it.",
            Self::NotVisibleAscii => "Return the bare JWT, without \"Bearer\", quotes or JSON around it.",
        }
    }
}

impl Stage {
    fn words(self) -> &'static str {
        match self {
            Self::IdentityToken => "the identity token provider",
            Self::Headers => "the token endpoint",
            Self::Body => "the rest of the token response",
        }
    }
}

impl From<IdentityTokenProblem> for Error {
    fn from(problem: IdentityTokenProblem) -> Self {
        Self::InvalidIdentityToken(problem)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report().message)
    }
}
