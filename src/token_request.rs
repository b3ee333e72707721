//! The token request as data (RFC 7523 §2.1, as JSON).

use serde::Serialize;

use crate::assertion::Assertion;
use crate::config::Config;

/// An HTTP `POST`, ready to be sent.
pub struct TokenRequest<'a> {
    /// The token endpoint.
    pub url: String,
    /// Name and value. There is deliberately no `anthropic-version` and no credential among them.
    pub headers: [(&'static str, &'a str); 3],
    /// To be sent as JSON.
    pub body: Body<'a>,
}

/// The members of the request's body. An empty string never goes on the wire, and neither does `scope`: the
/// server derives it from the federation rule.
#[derive(Serialize)]
pub struct Body<'a> {
    grant_type: &'static str,
    assertion: &'a str,
    federation_rule_id: &'a str,
    organization_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_account_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace_id: Option<&'a str>,
}

impl<'a> TokenRequest<'a> {
    /// The request that exchanges `assertion`.
    pub fn new(config: &'a Config, assertion: &'a Assertion) -> Self {
        Self {
            url: config.base_url.token_endpoint(),
            headers: [
                ("content-type", "application/json"),
                ("anthropic-beta", "oauth-2025-04-20,oidc-federation-2026-04-01"),
                ("user-agent", &config.user_agent),
            ],
            body: Body {
                grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
                assertion: assertion.expose(),
                federation_rule_id: &config.federation_rule_id,
                organization_id: &config.organization_id,
                service_account_id: config.service_account_id.as_deref(),
                workspace_id: config.workspace_id.as_deref(),
            },
        }
    }
}
