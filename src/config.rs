//! Options, parsed once.

use crate::error::{Error, Result};
use crate::value::Value;

/// What an exchange needs to know besides the identity token.
#[derive(Clone, Debug)]
pub struct Config {
    /// In the order of [`IDS`]; one that was not given is empty.
    pub ids: [String; 4],
    /// The `user-agent` header.
    pub user_agent: String,
    /// For one exchange: provider, headers and body together.
    pub timeout_ms: u32,
}

/// An option that names something in the Claude Console.
pub struct IdOption {
    /// Its JavaScript name.
    pub option: &'static str,
    /// What the console's values begin with. Empty for the organization, which is named by a UUID.
    pub prefix: &'static str,
    /// How to say that a value does not look like the console's.
    pub unusual: &'static str,
    required: bool,
}

/// Federation rule, organization, service account and workspace.
pub static IDS: [IdOption; 4] = [
    IdOption {
        option: "federationRuleId",
        prefix: "fdrl_",
        unusual: "federationRuleId does not begin with fdrl_.",
        required: true,
    },
    IdOption { option: "organizationId", prefix: "", unusual: "organizationId is not a UUID.", required: true },
    IdOption {
        option: "serviceAccountId",
        prefix: "svac_",
        unusual: "serviceAccountId does not begin with svac_.",
        required: false,
    },
    IdOption {
        option: "workspaceId",
        prefix: "wrkspc_",
        unusual: "workspaceId does not begin with wrkspc_.",
        required: false,
    },
];

const MAX_ID_BYTES: usize = 256;
/// Of an exchange, and of a provider that does not say.
pub const DEFAULT_TIMEOUT_MS: f64 = 30_000.0;
/// What a host's 32-bit timer can wait for; a longer one would fire at once.
const MAX_TIMEOUT_MS: f64 = 2_147_483_647.0;
const DEFAULT_USER_AGENT: &str = concat!("anthropic-workload-identity/", env!("CARGO_PKG_VERSION"));

impl Config {
    /// Reads the options by their JavaScript names. `null` and `""` count as absent.
    pub fn new<V: Value>(options: &V) -> Result<Self> {
        text(options, "scope")?; // informational: the server derives the scope from the federation rule
        let mut config = Self {
            ids: Default::default(),
            user_agent: text(options, "userAgent")?,
            timeout_ms: timeout_ms(options)?.unwrap_or(DEFAULT_TIMEOUT_MS) as u32,
        };
        if config.user_agent.is_empty() {
            config.user_agent.push_str(DEFAULT_USER_AGENT);
        }
        if !config.user_agent.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
            return Err(Error::option("userAgent", "be one line of ASCII"));
        }
        for (id, expected) in config.ids.iter_mut().zip(&IDS) {
            *id = text(options, expected.option)?;
            expected.check(id)?;
        }
        Ok(config)
    }

    /// Whether the token request names a workspace.
    pub fn names_workspace(&self) -> bool {
        let [.., workspace] = &self.ids;
        !workspace.is_empty()
    }

    /// The ids that do not look like what the console shows. Whether they are right is the server's to judge.
    pub fn unusual_ids(&self) -> impl Iterator<Item = &'static IdOption> {
        let ids = IDS.iter().zip(&self.ids);
        ids.filter(|(expected, id)| !id.is_empty() && !expected.is_usual(id)).map(|(expected, _)| expected)
    }
}

impl IdOption {
    fn check(&self, id: &str) -> Result<()> {
        let owner = IDS.iter().find(|owner| !owner.prefix.is_empty() && id.starts_with(owner.prefix));
        if id.is_empty() && self.required {
            Err(Error::missing(self.option))
        } else if id.len() > MAX_ID_BYTES {
            Err(Error::option(self.option, "have at most 256 bytes"))
        } else if id.chars().any(|c| c.is_whitespace() || c.is_control()) {
            Err(Error::option(self.option, "contain no white space and no control characters"))
        } else if let Some(owner) = owner.filter(|owner| owner.option != self.option) {
            Err(Box::new(Error::SwappedId { option: self.option, owner: owner.option }))
        } else {
            Ok(())
        }
    }

    fn is_usual(&self, id: &str) -> bool {
        match self.prefix {
            "" => is_uuid(id),
            prefix => id.starts_with(prefix) || self.option == "workspaceId" && id == "default",
        }
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// How long an exchange may take, or may be waited for.
pub fn timeout_ms<V: Value>(options: &V) -> Result<Option<f64>> {
    number(options, "timeoutMs", (1.0, MAX_TIMEOUT_MS), "be milliseconds from 1 to 2147483647")
}

/// An option that is a number from the one to the other.
pub fn number<V: Value>(
    options: &V,
    option: &'static str,
    (least, most): (f64, f64),
    must: &'static str,
) -> Result<Option<f64>> {
    match given(options, option).map(|value| value.number()) {
        None => Ok(None),
        Some(Some(number)) if number >= least && number <= most => Ok(Some(number)),
        Some(_) => Err(Error::option(option, must)),
    }
}

/// An option that is a string. Empty when it is absent.
fn text<V: Value>(options: &V, option: &'static str) -> Result<String> {
    match given(options, option) {
        Some(value) => value.text().ok_or_else(|| Error::option(option, "be a string")),
        None => Ok(String::new()),
    }
}

/// An option that is neither absent nor `null`.
pub fn given<V: Value>(options: &V, option: &str) -> Option<V> {
    options.member(option).filter(|value| !value.is_null())
}

/// The API's base URL, without a trailing slash: a place to which an assertion may be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Where the API is unless an option says otherwise.
    pub const DEFAULT: &str = "https://api.anthropic.com";

    /// Takes what the host's WHATWG parser made of a URL. Refuses whatever would send the assertion in clear text over a
    /// network, or somewhere odd.
    pub fn new<V: Value>(url: &V) -> Result<Self> {
        let origin = url.text_of("origin");
        let mut href = url.text_of("href");
        let must = if !origin.starts_with("https://") && !is_loopback(&origin) {
            "begin with https:, or be http: on localhost, 127.0.0.1 or [::1]"
        } else if !href.strip_prefix(&origin).is_some_and(|path| path.starts_with('/')) {
            "have no user name and no password"
        } else if href.bytes().any(|byte| matches!(byte, b'?' | b'#')) {
            "have no query and no fragment"
        } else {
            while href.ends_with('/') {
                href.pop();
            }
            return Ok(Self(href));
        };
        Err(Box::new(Error::InsecureBaseUrl(must)))
    }

    /// The URL as the host wrote it, less trailing slashes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where assertions are exchanged.
    pub fn token_endpoint(&self) -> String {
        self.0.clone() + "/v1/oauth/token"
    }
}

impl Default for BaseUrl {
    fn default() -> Self {
        Self(Self::DEFAULT.to_owned())
    }
}

/// Whether an origin is this machine by plain `http:`, on any port.
fn is_loopback(origin: &str) -> bool {
    let hosts = ["http://localhost", "http://127.0.0.1", "http://[::1]"];
    let mut ports = hosts.iter().filter_map(|host| origin.strip_prefix(host));
    ports.any(|port| port.is_empty() || port.starts_with(':'))
}
