//! Options, parsed once.

use crate::error::Error;
use crate::value::Value;

/// What an exchange needs to know besides the identity token.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the token endpoint is.
    pub base_url: BaseUrl,
    /// `fdrl_…`
    pub federation_rule_id: String,
    /// The organization's UUID.
    pub organization_id: String,
    /// `svac_…`
    pub service_account_id: Option<String>,
    /// `wrkspc_…` or `default`
    pub workspace_id: Option<String>,
    /// The `user-agent` header.
    pub user_agent: String,
    /// For one exchange: provider, headers and body together.
    pub timeout_ms: u32,
}

const DEFAULT_TIMEOUT_MS: u32 = 30_000;
const DEFAULT_USER_AGENT: &str = concat!("anthropic-workload-identity/", env!("CARGO_PKG_VERSION"));
const MAX_ID_BYTES: usize = 256;

/// The prefix that the console gives to the ids of an option.
const ID_PREFIXES: [(&str, &str); 3] =
    [("federationRuleId", "fdrl_"), ("serviceAccountId", "svac_"), ("workspaceId", "wrkspc_")];

impl Config {
    /// Reads the options by their JavaScript names. `null` and `""` count as absent.
    pub fn new<V: Value>(options: &V, base_url: BaseUrl) -> Result<Self, Error> {
        text(options, "scope")?; // informational: the server derives the scope from the federation rule
        Ok(Self {
            base_url,
            federation_rule_id: required_id(options, "federationRuleId")?,
            organization_id: required_id(options, "organizationId")?,
            service_account_id: id(options, "serviceAccountId")?,
            workspace_id: id(options, "workspaceId")?,
            user_agent: user_agent(options)?,
            timeout_ms: timeout_ms(options)?,
        })
    }

    /// Options whose value does not look like what the console shows, with what is expected instead.
    pub fn unusual_ids(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let values = [
            Some(&self.federation_rule_id),
            self.service_account_id.as_ref(),
            self.workspace_id.as_ref().filter(|id| *id != "default"),
        ];
        let unprefixed = ID_PREFIXES.into_iter().zip(values);
        let unprefixed = unprefixed.filter(|((_, prefix), id)| id.is_some_and(|id| !id.starts_with(prefix)));
        let organization = (!is_uuid(&self.organization_id)).then_some(("organizationId", "a UUID"));
        unprefixed.map(|(option, _)| option).chain(organization)
    }
}

fn required_id<V: Value>(options: &V, option: &'static str) -> Result<String, Error> {
    id(options, option)?.ok_or(Error::MissingOption { option })
}

fn id<V: Value>(options: &V, option: &'static str) -> Result<Option<String>, Error> {
    let Some(id) = text(options, option)? else { return Ok(None) };
    if id.len() > MAX_ID_BYTES {
        return Err(Error::InvalidOption { option, must: "have at most 256 bytes" });
    }
    if id.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Error::InvalidOption { option, must: "contain no white space and no control characters" });
    }
    match ID_PREFIXES.into_iter().find(|(owner, prefix)| *owner != option && id.starts_with(prefix)) {
        Some((owner, _)) => Err(Error::SwappedId { option, owner }),
        None => Ok(Some(id)),
    }
}

fn user_agent<V: Value>(options: &V) -> Result<String, Error> {
    let agent = text(options, "userAgent")?.unwrap_or_else(|| DEFAULT_USER_AGENT.to_owned());
    if agent.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        Ok(agent)
    } else {
        Err(Error::InvalidOption { option: "userAgent", must: "be one line of ASCII" })
    }
}

/// At most what a host's 32-bit timer can wait for; a longer one would fire at once.
fn timeout_ms<V: Value>(options: &V) -> Result<u32, Error> {
    let Some(timeout) = given(options, "timeoutMs") else { return Ok(DEFAULT_TIMEOUT_MS) };
    match timeout.number() {
        Some(millis) if (1.0..=2_147_483_647.0).contains(&millis) => Ok(millis as u32), // drops a fraction
        _ => {
            Err(Error::InvalidOption { option: "timeoutMs", must: "be a number of milliseconds from 1 to 2147483647" })
        }
    }
}

/// An option that is a string.
pub fn text<V: Value>(options: &V, option: &'static str) -> Result<Option<String>, Error> {
    let Some(value) = given(options, option) else { return Ok(None) };
    let text = value.text().ok_or(Error::InvalidOption { option, must: "be a string" })?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

fn given<V: Value>(options: &V, option: &str) -> Option<V> {
    options.member(option).filter(|value| !value.is_null())
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// The components of a URL, as the host's WHATWG parser names them.
pub struct Url {
    /// The whole.
    pub href: String,
    /// With its colon.
    pub protocol: String,
    /// Lower case, IPv6 in brackets, without the port.
    pub hostname: String,
    /// Before the host.
    pub username: String,
    /// Before the host.
    pub password: String,
}

/// The API's base URL, without a trailing slash: a place to which an assertion may be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Where the API is unless an option says otherwise.
    pub const DEFAULT: &'static str = "https://api.anthropic.com";

    /// Refuses whatever would send the assertion in clear text over a network, or somewhere odd.
    pub fn new(url: &Url) -> Result<Self, Error> {
        let loopback = matches!(url.hostname.as_str(), "localhost" | "127.0.0.1" | "[::1]");
        let must = match url.protocol.as_str() {
            "https:" => None,
            "http:" if loopback => None,
            "http:" => Some("begin with https:, because http: is for localhost, 127.0.0.1 and [::1] only"),
            _ => Some("begin with https:"),
        };
        let must = must
            .or((!url.username.is_empty() || !url.password.is_empty()).then_some("have no user name and no password"))
            .or(url.href.bytes().any(|byte| matches!(byte, b'?' | b'#')).then_some("have no query and no fragment"));
        match must {
            Some(must) => Err(Error::InsecureBaseUrl { must }),
            None => Ok(Self(url.href.trim_end_matches('/').to_owned())),
        }
    }

    /// The URL as the host wrote it, less trailing slashes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where assertions are exchanged.
    pub fn token_endpoint(&self) -> String {
        [self.as_str(), "/v1/oauth/token"].concat()
    }
}
