//! Everything that can go wrong: one variant, one stable code, one way to mend it.

use std::fmt;

use crate::append::{append, append_number};
use crate::token_response::{ErrorBody, ErrorResponse};
use crate::value::{Members, Object};

/// Errors are boxed: every `?` on their way moves them.
pub type Result<T> = core::result::Result<T, Box<Error>>;

/// Why there is no access token. Holds no secret.
pub enum Error {
    /// An option without which nothing works, by its JavaScript name.
    MissingOption(&'static str),
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
    /// A base URL to which no assertion may be sent: what it must be or do.
    InsecureBaseUrl(&'static str),
    /// The identity token provider threw.
    IdentityTokenProvider,
    /// The provider returned something that cannot be an identity token.
    InvalidIdentityToken(IdentityTokenProblem),
    /// There was no response, or it broke off.
    Network,
    /// The deadline passed.
    Timeout(Stage),
    /// The caller did not want to wait any longer.
    Aborted,
    /// The token endpoint refused (RFC 6749 §5.2).
    Refused(ErrorResponse),
    /// A success that is none (RFC 6749 §5.1).
    InvalidResponse {
        /// The HTTP status.
        status: u16,
        /// For the vendor's support, or nothing.
        request_id: String,
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

impl Error {
    /// An option without which nothing works.
    pub fn missing(option: &'static str) -> Box<Self> {
        Box::new(Self::MissingOption(option))
    }

    /// An option that cannot be meant.
    pub fn option(option: &'static str, must: &'static str) -> Box<Self> {
        Box::new(Self::InvalidOption { option, must })
    }

    /// Whether the assertion may have been used up although no access token came back.
    pub fn lost_answer(&self) -> bool {
        match self {
            Self::Network | Self::Aborted | Self::Timeout(_) | Self::InvalidResponse { .. } => true,
            Self::Refused(refusal) => refusal.status >= 500,
            _ => false,
        }
    }

    /// For people. `said` is what somebody's code threw, redacted, or nothing. Includes the [hint](Self::hint).
    pub fn message(&self, said: &str) -> String {
        let (subject, object) = match self {
            Self::MissingOption(option) => (*option, ""),
            Self::InvalidOption { option, must } => (*option, *must),
            Self::SwappedId { option, owner } => (*option, *owner),
            Self::InsecureBaseUrl(must) => ("", *must),
            Self::InvalidResponse { problem, .. } => ("", *problem),
            _ => ("", ""),
        };
        let mut message = String::from(subject);
        append!(message, self.text().summary, object);
        if !said.is_empty() {
            append!(message, ": ", said);
        }
        if let Self::Refused(refusal) = self {
            append_number(&mut message, refusal.status.into());
            refusal.body.append_to(&mut message);
        }
        if !self.request_id().is_empty() {
            append!(message, " (request-id ", self.request_id(), ")");
        }
        append!(message, ".");
        if !self.hint().is_empty() {
            append!(message, " ", self.hint());
        }
        message
    }

    /// What to do, or nothing.
    pub fn hint(&self) -> &str {
        match self {
            Self::Refused(refusal) => refusal.hint.trim_ascii_end(),
            _ => self.text().hint,
        }
    }

    fn text(&self) -> &'static Text {
        match self {
            Self::MissingOption(_) => &Text {
                code: "ERR_INVALID_OPTIONS",
                summary: " is missing",
                hint: "See the Claude Console for ids; identityTokenProvider is a function that returns a JWT.",
            },
            Self::InvalidOption { .. } => &Text { code: "ERR_INVALID_OPTIONS", summary: " must ", hint: "" },
            Self::SwappedId { .. } => {
                &Text { code: "ERR_INVALID_OPTIONS", summary: " holds what belongs into ", hint: "Swap the two." }
            }
            Self::InsecureBaseUrl(_) => &Text {
                code: "ERR_INSECURE_BASE_URL",
                summary: "baseURL must ",
                hint: "Identity tokens are sent there.",
            },
            Self::IdentityTokenProvider => &Text {
                code: "ERR_IDENTITY_TOKEN_PROVIDER",
                summary: "The identity token provider failed",
                hint: "See cause. Nothing was sent.",
            },
            Self::InvalidIdentityToken(problem) => problem.text(),
            Self::Network => &Text {
                code: "ERR_NETWORK",
                summary: "The token endpoint could not be reached",
                hint: "See cause. Check baseURL, DNS, proxies and firewalls.",
            },
            Self::Timeout(stage) => stage.text(),
            Self::Aborted => &Text { code: "ERR_ABORTED", summary: "The caller aborted", hint: "" },
            Self::Refused(_) => {
                &Text { code: "ERR_EXCHANGE_REFUSED", summary: "The token endpoint refused with HTTP ", hint: "" }
            }
            Self::InvalidResponse { .. } => &Text {
                code: "ERR_INVALID_TOKEN_RESPONSE",
                summary: "The body of the token response ",
                hint: "Does baseURL lead to the Claude API, or did a proxy answer?",
            },
        }
    }

    fn request_id(&self) -> &str {
        match self {
            Self::Refused(ErrorResponse { request_id, .. }) | Self::InvalidResponse { request_id, .. } => request_id,
            _ => "",
        }
    }
}

/// The properties of the JavaScript class besides `message`, `body` and `cause`.
impl Members for Error {
    fn put_into(&self, object: &mut impl Object) {
        let (status, retry_after) = match self {
            Self::Refused(refusal) => (Some(refusal.status), refusal.retry_after),
            Self::InvalidResponse { status, .. } => (Some(*status), None),
            _ => (None, None),
        };
        let retryable = match status {
            Some(status) => matches!(status, 408 | 429 | 500..),
            None => matches!(self, Self::Network | Self::Timeout(_)),
        };
        object.put("code", self.text().code);
        object.put("statusCode", &status.map(f64::from));
        object.put_or_null("requestId", self.request_id());
        object.put_or_null("hint", self.hint());
        object.put("retryable", &retryable);
        object.put("retryAfter", &retry_after.map(f64::from));
    }
}

impl Members for ErrorBody {
    fn put_into(&self, object: &mut impl Object) {
        if let Self::Members(members) = self {
            members.iter().for_each(|(name, value)| object.put(name, value.as_str()));
        }
    }
}

impl ErrorBody {
    fn append_to(&self, message: &mut String) {
        match self {
            Self::Members(members) => members.iter().for_each(|(_, value)| append!(message, ": ", value)),
            Self::Text(text) if text.is_empty() => {}
            Self::Text(text) => append!(message, ": ", text),
        }
    }
}

/// What is fixed about a kind of error.
struct Text {
    /// Stable, for programs.
    code: &'static str,
    /// What happened.
    summary: &'static str,
    /// What to do, or nothing.
    hint: &'static str,
}

impl IdentityTokenProblem {
    fn text(self) -> &'static Text {
        const CODE: &str = "ERR_INVALID_IDENTITY_TOKEN";
        match self {
            Self::NotAString => &Text {
                code: CODE,
                summary: "The identity token is not a string",
                hint: "identityTokenProvider must return the JWT, or a promise of it.",
            },
            Self::Empty => &Text {
                code: CODE,
                summary: "The identity token is empty",
                hint: "Is its file or variable the right one?",
            },
            Self::TooLarge => &Text {
                code: CODE,
                summary: "The identity token is larger than 16384 bytes",
                hint: "Have the platform put fewer claims into it.",
            },
            Self::NotVisibleAscii => &Text {
                code: CODE,
                summary: "The identity token is not one line of visible ASCII",
                hint: "Return the bare JWT, without Bearer, quotes or JSON around it.",
            },
        }
    }
}

impl Stage {
    fn text(self) -> &'static Text {
        const CODE: &str = "ERR_TIMEOUT";
        match self {
            Self::IdentityToken => &Text {
                code: CODE,
                summary: "timeoutMs passed before the identity token provider returned",
                hint: "Speed it up, or raise timeoutMs.",
            },
            Self::Headers => &Text {
                code: CODE,
                summary: "timeoutMs passed before the token endpoint answered",
                hint: "Call again later, with a new identity token, or raise timeoutMs.",
            },
            Self::Body => &Text {
                code: CODE,
                summary: "timeoutMs passed before the token response was complete",
                hint: "Call again later, with a new identity token, or raise timeoutMs.",
            },
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(""))
    }
}
