//! Everything that can go wrong: one variant, one stable code, one way to mend it.

use std::fmt;

use crate::token_response::{ErrorBody, ErrorResponse};
use crate::value::{Member, Members};

/// Appends strings to a string. `format!` would take more of the module than the strings.
macro_rules! append {
    ($text:expr, $($part:expr),+ $(,)?) => {{ $( $text.push_str($part); )+ }};
}
pub(crate) use append;

/// Appends a number in decimal. The standard conversion brings all of `core::fmt` along.
pub fn append_number(text: &mut String, number: u32) {
    if number > 9 {
        append_number(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

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
    /// A base URL to which no assertion may be sent.
    InsecureBaseUrl {
        /// What it must be or do.
        must: &'static str,
    },
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

    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissingOption(_) | Self::InvalidOption { .. } | Self::SwappedId { .. } => "ERR_INVALID_OPTIONS",
            Self::InsecureBaseUrl { .. } => "ERR_INSECURE_BASE_URL",
            Self::IdentityTokenProvider => "ERR_IDENTITY_TOKEN_PROVIDER",
            Self::InvalidIdentityToken(_) => "ERR_INVALID_IDENTITY_TOKEN",
            Self::Network => "ERR_NETWORK",
            Self::Timeout(_) => "ERR_TIMEOUT",
            Self::Aborted => "ERR_ABORTED",
            Self::Refused(_) => "ERR_EXCHANGE_REFUSED",
            Self::InvalidResponse { .. } => "ERR_INVALID_TOKEN_RESPONSE",
        }
    }

    /// For people. `said` is what somebody's code threw, redacted, or nothing. Includes the [hint](Self::hint).
    pub fn message(&self, said: &str) -> String {
        let mut message = String::new();
        self.summarize(&mut message);
        if !said.is_empty() {
            append!(message, ": ", said);
        }
        if !self.request_id().is_empty() {
            append!(message, " (request-id ", self.request_id(), ")");
        }
        append!(message, ". ", self.hint());
        message.truncate(message.trim_ascii_end().len());
        message
    }

    fn summarize(&self, text: &mut String) {
        match self {
            Self::MissingOption(option) => append!(text, option, " is missing"),
            Self::InvalidOption { option, must } => append!(text, option, " must ", must),
            Self::SwappedId { option, owner } => append!(text, option, " holds what belongs into ", owner),
            Self::InsecureBaseUrl { must } => append!(text, "baseURL must ", must),
            Self::IdentityTokenProvider => append!(text, "The identity token provider failed"),
            Self::InvalidIdentityToken(problem) => append!(text, "The identity token ", problem.words()),
            Self::Network => append!(text, "The token endpoint could not be reached"),
            Self::Timeout(stage) => append!(text, "timeoutMs passed while waiting for ", stage.words()),
            Self::Aborted => append!(text, "The caller aborted the exchange"),
            Self::Refused(refusal) => {
                append!(text, "The token endpoint refused the exchange with HTTP ");
                append_number(text, refusal.status.into());
                match &refusal.body {
                    ErrorBody::Members(members) => members.iter().for_each(|(_, value)| append!(text, ": ", value)),
                    ErrorBody::Text(body) if body.is_empty() => {}
                    ErrorBody::Text(body) => append!(text, ": ", body),
                }
            }
            Self::InvalidResponse { problem, .. } => append!(text, "The body of the token response ", problem),
        }
    }

    /// What to do, or nothing.
    pub fn hint(&self) -> &str {
        match self {
            Self::MissingOption("identityTokenProvider") => "Pass a function that returns an OIDC token.",
            Self::MissingOption(_) => "The Claude Console shows it.",
            Self::SwappedId { .. } => "Swap the two options.",
            Self::InsecureBaseUrl { .. } => "Identity tokens are sent there.",
            Self::IdentityTokenProvider => "See cause. Nothing was sent to the token endpoint.",
            Self::InvalidIdentityToken(problem) => problem.hint(),
            Self::Network => "See cause. Check baseURL, DNS, proxies and firewalls.",
            Self::Timeout(Stage::IdentityToken) => "Speed up identityTokenProvider, or raise timeoutMs.",
            Self::Timeout(_) => "Call again later, with a new identity token, or raise timeoutMs.",
            Self::Refused(refusal) => refusal.hint.trim_ascii_end(),
            Self::InvalidResponse { .. } => "Does baseURL lead to the Claude API, or did a proxy answer?",
            Self::InvalidOption { .. } | Self::Aborted => "",
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
    fn each(&self, put: &mut dyn FnMut(&'static str, Member<'_>)) {
        let (status, retry_after) = match self {
            Self::Refused(refusal) => (refusal.status, refusal.retry_after),
            Self::InvalidResponse { status, .. } => (*status, None),
            _ => (0, None),
        };
        let answered = matches!(self, Self::Refused(_) | Self::InvalidResponse { .. });
        let lost = matches!(self, Self::Network | Self::Timeout(_));
        put("code", Member::Text(self.code()));
        put("statusCode", if answered { Member::Number(status.into()) } else { Member::Nothing });
        put("requestId", Member::text_or_nothing(self.request_id()));
        put("hint", Member::text_or_nothing(self.hint()));
        put("retryable", Member::Flag(lost || matches!(status, 408 | 429 | 500..)));
        put("retryAfter", retry_after.map_or(Member::Nothing, |seconds| Member::Number(seconds.into())));
    }
}

impl Members for ErrorBody {
    fn each(&self, put: &mut dyn FnMut(&'static str, Member<'_>)) {
        if let Self::Members(members) = self {
            members.iter().for_each(|(name, value)| put(name, Member::Text(value)));
        }
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
            Self::NotAString => "identityTokenProvider must return the JWT, or a promise of it.",
            Self::Empty => "Is its file or variable the right one?",
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

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(""))
    }
}
