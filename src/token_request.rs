//! The token request as data (RFC 7523 §2.1, as JSON).

use crate::assertion::Assertion;
use crate::config::{BaseUrl, Config};
use crate::value::{Members, Object};

/// The body of the token request, to be sent as JSON by `POST` to the [token endpoint](crate::config::BaseUrl::token_endpoint).
pub struct TokenRequest<'a> {
    /// Where it is sent to.
    pub base_url: &'a BaseUrl,
    /// The configuration of the exchange.
    pub config: &'a Config,
    /// What is to be exchanged.
    pub assertion: &'a Assertion,
}

/// The headers of a [`TokenRequest`]. There is deliberately no `anthropic-version` and no credential among them.
pub struct Headers<'a> {
    /// The configuration of the exchange.
    pub config: &'a Config,
}

/// What the wire calls [`Config::ids`].
const IDS: [&str; 4] = ["federation_rule_id", "organization_id", "service_account_id", "workspace_id"];

impl Members for TokenRequest<'_> {
    fn put_into(&self, object: &mut impl Object) {
        object.put("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
        object.put("assertion", self.assertion.expose());
        // No empty string goes on the wire, and neither does `scope`: the server derives it from the federation rule.
        for (name, id) in IDS.iter().zip(&self.config.ids) {
            if !id.is_empty() {
                object.put(name, id.as_str());
            }
        }
    }
}

impl Members for Headers<'_> {
    fn put_into(&self, object: &mut impl Object) {
        object.put("content-type", "application/json");
        object.put("anthropic-beta", "oauth-2025-04-20,oidc-federation-2026-04-01");
        object.put("user-agent", self.config.user_agent.as_str());
    }
}
