//! Reads `WorkloadIdentityOptions`.

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};

use crate::config::{BaseUrl, Config, given};
use crate::error::{Error, Result};
use crate::value::Value;

pub struct Options {
    pub config: Config,
    pub base_url: BaseUrl,
    pub identity_token_provider: Function,
    pub fetch: Option<Function>,
}

pub fn read(options: &JsValue) -> Result<Options> {
    let provider = function(options, "identityTokenProvider")?;
    let base_url = given(options, "baseURL").filter(|url| *url != "");
    Ok(Options {
        identity_token_provider: provider.ok_or_else(|| Box::new(Error::MissingOption("identityTokenProvider")))?,
        fetch: function(options, "fetch")?,
        config: Config::new(options)?,
        base_url: self::base_url(&base_url.unwrap_or_else(|| BaseUrl::DEFAULT.into()))?,
    })
}

/// From a string, or from a `URL` of any realm.
pub fn base_url(given: &JsValue) -> Result<BaseUrl> {
    let text = given.text().unwrap_or_else(|| given.text_of("href"));
    let url = web_sys::Url::new(&text).map_err(|_| Error::option("baseURL", "be an absolute URL"))?;
    BaseUrl::new::<JsValue>(&url)
}

fn function(options: &JsValue, option: &'static str) -> Result<Option<Function>> {
    let Some(given) = given(options, option) else { return Ok(None) };
    given.dyn_into().map(Some).map_err(|_| Error::option(option, "be a function"))
}
