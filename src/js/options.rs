//! Reads `WorkloadIdentityOptions`.

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};

use crate::config::{BaseUrl, given};
use crate::error::{Error, Result};
use crate::value::Value;

/// A URL in a string, or in a `URL` of any realm.
pub fn base_url(given: &JsValue) -> Result<BaseUrl> {
    let text = given.text().unwrap_or_else(|| given.text_of("href"));
    let url = web_sys::Url::new(&text).map_err(|_| Error::option("baseURL", "be an absolute URL"))?;
    BaseUrl::new::<JsValue>(&url)
}

/// The option `baseURL`. `""` counts as absent.
pub fn given_base_url(options: &JsValue) -> Result<Option<BaseUrl>> {
    given(options, "baseURL").filter(|url| *url != "").map(|url| base_url(&url)).transpose()
}

/// An option that is a function.
pub fn function(options: &JsValue, option: &'static str) -> Result<Option<Function>> {
    let Some(given) = given(options, option) else { return Ok(None) };
    given.dyn_into().map(Some).map_err(|_| Error::option(option, "be a function"))
}
