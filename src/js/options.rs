//! Reads `WorkloadIdentityOptions`.

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};

use crate::config::{BaseUrl, Config, Url};
use crate::error::Error;
use crate::value::Value;

pub struct Options {
    pub config: Config,
    pub identity_token_provider: Function,
    pub fetch: Option<Function>,
}

pub fn read(options: &JsValue) -> Result<Options, Error> {
    let provider = function(options, "identityTokenProvider")?;
    let base_url =
        options.member("baseURL").filter(|given| !given.is_null() && given.text().is_none_or(|url| !url.is_empty()));
    Ok(Options {
        identity_token_provider: provider.ok_or(Error::MissingOption { option: "identityTokenProvider" })?,
        fetch: function(options, "fetch")?,
        config: Config::new(options, self::base_url(&base_url.unwrap_or_else(|| BaseUrl::DEFAULT.into()))?)?,
    })
}

/// From a string, or from a `URL` of any realm.
pub fn base_url(given: &JsValue) -> Result<BaseUrl, Error> {
    let text = given.text().or_else(|| given.text_of("href"));
    let url = text.and_then(|text| web_sys::Url::new(&text).ok());
    let url = url.ok_or(Error::InvalidOption { option: "baseURL", must: "be an absolute URL" })?;
    BaseUrl::new(&Url {
        href: url.href(),
        protocol: url.protocol(),
        hostname: url.hostname(),
        username: url.username(),
        password: url.password(),
    })
}

fn function(options: &JsValue, option: &'static str) -> Result<Option<Function>, Error> {
    let Some(given) = options.member(option).filter(|given| !given.is_null()) else { return Ok(None) };
    given.dyn_into().map(Some).map_err(|_| Error::InvalidOption { option, must: "be a function" })
}
